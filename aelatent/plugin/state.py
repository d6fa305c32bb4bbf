"""What the parts of the plugin share: outcomes as exceptions, and what a test item carries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aelatent.replay import Archive
from aelatent.verdicts import Outcome, Record

if TYPE_CHECKING:
    from aelatent.audit.subjects import Subjects
    from aelatent.fixtures import Collection

RECORD = pytest.StashKey[Record]()
KEY = pytest.StashKey[str]()
REPEATED = pytest.StashKey[bool]()
ARCHIVE = pytest.StashKey[Archive]()
CAPABILITIES = pytest.StashKey[dict[str, frozenset[str]]]()
PROPERTY = "aelatent"
REPEAT = "aelatent-repeated"
CONTROL = "test_control_"
SUBJECT = pytest.StashKey["Subjects"]()
MEASURED = pytest.StashKey["dict[Path, Subjects]"]()


class Refuted(AssertionError):
    """The evidence speaks against the claim."""


class Inconclusive(AssertionError):
    """The evidence does not decide the claim."""


VERDICTS: dict[str, type[AssertionError]] = {
    Outcome.REFUTED: Refuted,
    Outcome.INCONCLUSIVE: Inconclusive,
}


def collection_of(config: pytest.Config) -> Collection:
    """Return the fixture models of the run."""
    from aelatent.fixtures import Collection

    return Collection(folder_of(config, "fixtures"))


def subject_of(config: pytest.Config) -> Subjects:
    """Return the user's model that claims are put to, measured once."""
    if SUBJECT not in config.stash:
        from aelatent.audit.measuring import Measured, measure
        from aelatent.audit.subject import read
        from aelatent.audit.subjects import Subjects

        described = read(config.getoption("--aelatent-subject"))
        known = config.getoption("--aelatent-measured")
        measured = Measured.unpack(described, Path(known)) if known else measure(described)
        config.stash[SUBJECT] = Subjects(measured)
    return config.stash[SUBJECT]


def folder_of(config: pytest.Config, name: str) -> Path:
    """Return the folder of "fixtures" or of the "report": the option, else the ini setting."""
    option = config.getoption(f"--aelatent-{name}")
    return Path(option) if option else config.rootpath / config.getini(f"aelatent_{name}")


def citations_of(config: pytest.Config) -> dict[str, str]:
    """Return the full citations of the sources, where the project has a file of them."""
    import yaml

    name = config.getini("aelatent_sources")
    if not name:
        return {}
    content = yaml.safe_load((config.rootpath / name).read_text(encoding="utf-8"))
    return {str(source): str(citation) for source, citation in content.items()}
