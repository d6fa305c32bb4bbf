"""What the modules of the plugin share: exceptions, stash keys and settings of the project."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.runtime.owned_folder import own_partial

if TYPE_CHECKING:
    from aelatent.audit.adapter import AuditedModel
    from aelatent.catalogue import Catalogue
    from aelatent.plugin.expected_verdicts import ExpectedVerdicts
    from aelatent.plugin.packaged_claims import PackagedClaim
    from aelatent.zoo import Collection

RECORD = pytest.StashKey[Record]()
HELD = pytest.StashKey[list[Callable[[], None]]]()  # figures of a control, until it has failed
REUSED = pytest.StashKey[bool]()  # the record is that of an earlier run or another machine
CAPABILITIES = pytest.StashKey[dict[str, frozenset[str]]]()
UNICODE = pytest.StashKey[bool]()  # whether the terminal shows more than ASCII
REFUSED = pytest.StashKey[str]()  # why the report has no place
PROPERTY = "aelatent"
PARTIAL = "aelatent_partial"
KIND = "a report of claims"  # in the list of files of its folder
CONTROL = "test_control_"
OWN = pytest.StashKey[dict[str, Path]]()
MEASURED = pytest.StashKey["dict[Path, AuditedModel]"]()
CATALOGUE = pytest.StashKey["Catalogue"]()
EXPECTED = pytest.StashKey["ExpectedVerdicts"]()
UNDEFINED_REPORTED = pytest.StashKey[bool]()  # entries without a claim: once a session


class Refuted(AssertionError):
    """The evidence speaks against the claim."""


class Inconclusive(AssertionError):
    """The evidence does not decide the claim."""


UNSETTLED = "unsettled"  # expected where a rule changed, and no verdict was reviewed since
VERDICTS: dict[str, type[AssertionError]] = {
    Outcome.REFUTED: Refuted,
    Outcome.INCONCLUSIVE: Inconclusive,
}


def packaged_claim(item: pytest.Item) -> PackagedClaim | None:
    """Return the packaged claim that an item runs; None for any other test."""
    marker = item.get_closest_marker("claim")
    return marker.kwargs.get("packaged") if marker else None


def collection_of(config: pytest.Config) -> Collection:
    """Return the fixture models of the run."""
    from aelatent.zoo import Collection

    return Collection(folder_of(config, "fixtures"))


def expected_of(config: pytest.Config) -> ExpectedVerdicts | None:
    """Return the expected verdicts of the project; None if it has no file of them, or audits.

    Raises
    ------
    ExpectedVerdictsError
        If the file is not as it should be.
    """
    name = config.getini("aelatent_expected")
    if not name or config.getoption("--aelatent-subject"):
        return None
    if EXPECTED not in config.stash:
        from aelatent.plugin.expected_verdicts import ExpectedVerdicts

        config.stash[EXPECTED] = ExpectedVerdicts.read(config.rootpath / name)
    return config.stash[EXPECTED]


def subject_of(config: pytest.Config) -> AuditedModel:
    """Return the user's model that an audit is about, measured once."""
    from aelatent.audit.adapter import AuditedModel

    known = config.getoption("--aelatent-measured")
    if isinstance(known, AuditedModel):  # of an audit in this process
        return known
    return measured(
        config, Path(config.getoption("--aelatent-subject")), Path(known) if known else None
    )


def own_subjects(config: pytest.Config) -> dict[str, Path]:
    """Return the descriptions that the ini setting `aelatent_subjects` lists, by their names."""
    files = config.getini("aelatent_subjects")
    if not files:
        return {}
    if OWN not in config.stash:
        from aelatent.audit.description import read

        with _plain_errors():
            config.stash[OWN] = {read(file).name: file for file in files}
    return config.stash[OWN]


def measured(config: pytest.Config, file: Path, known: Path | None = None) -> AuditedModel:
    """Return a user's model, measured once a session.

    Parameters
    ----------
    config : Config
    file : Path
        Its description.
    known : Path or None
        File of what was measured before, if anything was.

    Returns
    -------
    AuditedModel
    """
    from aelatent.audit.adapter import AuditedModel
    from aelatent.audit.description import read
    from aelatent.audit.measured import MeasuredModel
    from aelatent.audit.measuring import measure

    found = config.stash.setdefault(MEASURED, {})
    if file not in found:
        with _plain_errors():
            described = read(file)
            whole = MeasuredModel.unpack(described, known) if known else measure(described)
        found[file] = AuditedModel(whole)
    return found[file]


@contextlib.contextmanager
def _plain_errors() -> Iterator[None]:
    """Report what is wrong with a user's files without a traceback."""
    from aelatent.audit.untrusted_files import UntrustedFileError
    from aelatent.data import DataError
    from aelatent.runtime.files import StorageError
    from aelatent.zoo.specification import SpecificationError

    try:
        yield
    except (DataError, UntrustedFileError, SpecificationError, StorageError) as error:
        pytest.fail(str(error), pytrace=False)


def folder_of(config: pytest.Config, name: str) -> Path:
    """Return a folder of the project: that of the option, else that of the ini setting.

    Parameters
    ----------
    config : Config
    name : {"fixtures", "report"}

    Returns
    -------
    Path
    """
    option = config.getoption(f"--aelatent-{name}")
    return Path(option) if option else config.rootpath / config.getini(f"aelatent_{name}")


def catalogue_of(config: pytest.Config) -> Catalogue:
    """Return the catalogue of the project, with its sources and stored results; empty without."""
    if CATALOGUE not in config.stash:
        from aelatent.catalogue import Catalogue, read_sources

        name, sources = (config.getini(f"aelatent_{key}") for key in ("catalogue", "sources"))
        known = config.rootpath / sources if sources else None
        config.stash[CATALOGUE] = (
            Catalogue.read(config.rootpath / name, known)
            if name
            else Catalogue(sources=read_sources(known) if known else {})
        )
    return config.stash[CATALOGUE]


def partial_of(config: pytest.Config) -> Path:
    """Return the folder of the figures of this run, which the report takes at its end.

    Workers of pytest-xdist share that of the process that started them.
    """
    given = getattr(config, "workerinput", {}).get(PARTIAL)
    return Path(given) if given else own_partial(folder_of(config, "report"))


def citations_of(config: pytest.Config) -> dict[str, str]:
    """Return the full citations of the sources, where the project has a file of them."""
    return {name: source.citation for name, source in catalogue_of(config).sources.items()}
