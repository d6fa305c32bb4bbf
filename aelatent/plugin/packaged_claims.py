"""Packaged claims in tests of the user's: `parametrize_with_claims`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aelatent.plugin.state import CONTROL, measured
from aelatent.plugin.user_models import require

if TYPE_CHECKING:
    from aelatent.audit.description import ModelDescription

Expected = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, eq=False)
class PackagedClaim:
    """A packaged claim on one subject, as a parameter of a user's test.

    Attributes
    ----------
    subject : Path
        The subject's description.
    function : callable
        The claim's function.
    id : str
        The claim's identifier.
    needs : frozenset of str
        The capabilities that it needs.
    arguments : mapping of str to object
        Values of the claim's own parameters.
    variant : str
        Their pytest identifier; empty without any.
    source_value : float or None
    """

    subject: Path
    function: Callable[..., None]
    id: str
    needs: frozenset[str]
    arguments: Mapping[str, Any]
    variant: str
    source_value: float | None

    @property
    def name(self) -> str:
        """The claim's function, and its variant in brackets."""
        return self.function.__name__ + (f"[{self.variant}]" if self.variant else "")

    @property
    def file(self) -> Path:
        """Where the claim is written."""
        return Path(inspect.getfile(self.function))

    @property
    def line(self) -> int:
        """The line of its file in which it begins."""
        return self.function.__code__.co_firstlineno


def parametrize_with_claims(
    subjects: Sequence[str | Path | ModelDescription],
    claims: Sequence[str] = (),
    expected: Expected | str | Path | None = None,
) -> pytest.MarkDecorator:
    """Run packaged claims on models of your own, as tests of your own.

    Parameters
    ----------
    subjects : sequence of path or ModelDescription
        Descriptions of models, as `aelatent audit` takes them; a path may be relative to the
        folder of the file that calls this.
    claims : sequence of str
        Identifiers, such as "A-18"; by default all claims about a single model.
    expected : mapping of str to (str, str), or path
        The verdict that is expected instead of "supported", and why: by identifier, or by the name
        of a claim's function, with its variant in brackets where one variant is meant. Or the path
        of the file that `aelatent audit --write-expected` wrote, relative as above; it may list
        more claims than are run.

    Returns
    -------
    MarkDecorator
        For a test that has one argument, `claim`, and calls it.

    Raises
    ------
    UsageError
        If no claim has one of the identifiers, or `expected` names none of the claims.

    Examples
    --------
    In a test file of yours::

        from aelatent.plugin import parametrize_with_claims


        @parametrize_with_claims(
            ["mine.yaml"], claims=["A-18", "B-08"], expected="expected.yaml"
        )
        def test_claims(claim):
            claim()

    A verdict that is not the expected one fails; a claim that the model lacks something for is
    skipped with the reason. Verdicts and figures are in the report and the table like any other.
    """
    here = _calling_folder()
    known = list(_packaged())
    if unknown := set(claims) - {identity for _, identity, _ in known}:
        raise pytest.UsageError(
            f"parametrize_with_claims: expected identifiers of claims, {_listed(unknown)} is none"
        )
    cases = [
        case
        for subject in subjects
        for function, identity, marker in known
        if not claims or identity in claims
        for case in _cases(_file(subject, here), function, identity, marker)
    ]
    listed = isinstance(expected, (str, Path))
    wanted = _wanted(expected, here)
    names = {name for case in cases for name in _names(case)}
    if unknown := set(wanted) - names if not listed else set():
        raise pytest.UsageError(
            f"parametrize_with_claims: expected verdicts on these claims, {_listed(unknown)} is "
            "none of them"
        )
    parameters = [_parameter(case, wanted) for case in cases]
    return pytest.mark.parametrize("claim", parameters, indirect=True)


@pytest.fixture
def claim(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Return the packaged claim of `parametrize_with_claims`, ready to be called."""
    packaged = getattr(request, "param", None)
    if not isinstance(packaged, PackagedClaim):
        pytest.fail("`claim` is an argument of tests under @parametrize_with_claims", pytrace=False)
    subject = measured(request.config, packaged.subject)
    require(subject, packaged.needs)
    given = {"model": subject.whole, "image_judge": lambda _: subject.image_judge()}

    def run() -> None:
        __tracebackhide__ = True
        wanted = inspect.signature(packaged.function).parameters
        arguments = {
            name: packaged.arguments[name]
            if name in packaged.arguments
            else given[name]
            if name in given
            else request.getfixturevalue(name)
            for name in wanted
        }
        packaged.function(**arguments)

    return run


def _packaged() -> Iterator[tuple[Callable[..., None], str, pytest.Mark]]:
    """Yield the packaged claims about a single model, each with its identifier and its mark."""
    from aelatent.runtime import resources
    from aelatent.simulation import claim_files
    from aelatent.simulation.scenarios import load_claims

    for file in claim_files(resources.folder("claims")):
        for name, function in vars(load_claims(file)).items():
            marks = [m for m in getattr(function, "pytestmark", []) if m.name == "claim"]
            about = marks and "model" in inspect.signature(function).parameters
            if about and name.startswith("test_") and not name.startswith(CONTROL):
                yield function, str(marks[0].args[0]), marks[0]


def _cases(
    subject: Path, function: Callable[..., None], identity: str, marker: pytest.Mark
) -> Iterator[PackagedClaim]:
    """Yield a claim once for every set of its own parameters."""
    axes = [
        _axis(mark) for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"
    ]
    needs = frozenset(marker.kwargs.get("needs", "").split())
    for chosen in product(*axes):
        arguments = {name: value for _, values in chosen for name, value in values.items()}
        variant = "-".join(label for label, _ in chosen)
        yield PackagedClaim(
            subject,
            function,
            identity,
            needs,
            arguments,
            variant,
            marker.kwargs.get("source_value"),
        )


def _axis(mark: pytest.Mark) -> list[tuple[str, dict[str, Any]]]:
    """Return the label and the arguments of each choice of one parametrization."""
    names, choices = mark.args[:2]
    names = [name.strip() for name in names.split(",")] if isinstance(names, str) else names
    ids = mark.kwargs.get("ids")
    axis = []
    for place, choice in enumerate(choices):
        marked = hasattr(choice, "marks")
        values = choice.values if marked else choice if len(names) > 1 else (choice,)
        given = ids(*values) if callable(ids) else ids[place] if ids else None
        label = getattr(choice, "id", None) or given or "-".join(map(str, values))
        axis.append((str(label), dict(zip(names, values, strict=True))))
    return axis


def _parameter(case: PackagedClaim, expected: Expected) -> Any:
    """Return a claim as pytest takes a parameter, with its marks."""
    marks = [pytest.mark.claim(case.id, packaged=case, source_value=case.source_value)]
    for name in _names(case):
        if name in expected:
            outcome, because = expected[name]
            marks.append(pytest.mark.expect(outcome, because=because))
            break
    return pytest.param(case, marks=marks, id=f"{case.subject.stem}-{case.id}-{case.name}")


def _names(case: PackagedClaim) -> list[str]:
    """Return the names of a claim in `expected`, the most exact first."""
    return [case.name, case.function.__name__, case.id]


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))


def _wanted(expected: Expected | str | Path | None, here: Path) -> Expected:
    if isinstance(expected, (str, Path)):
        from aelatent.audit.expected_verdicts import read_expected

        return read_expected(here / expected)
    return dict(expected or {})


def _file(subject: str | Path | ModelDescription, here: Path) -> Path:
    return (here / (subject if isinstance(subject, (str, Path)) else subject.file)).resolve()


def _calling_folder() -> Path:
    """Return the folder of the file that called the public function."""
    frame = inspect.stack()[2]
    file = Path(frame.filename)
    return file.parent if file.is_file() else Path()
