"""The marks and the docstring of a test item, as a record."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from aelatent.inference.case import without_model
from aelatent.inference.headings import HEADINGS, sections
from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.plugin.marker import claim_marker
from aelatent.plugin.state import CONTROL, citations_of, packaged_claim


def open_record(item: pytest.Item, expected: str, because: str) -> Record:
    """Begin the record of a claim with what its marks and its docstring say.

    Parameters
    ----------
    item : Item
        A test with the mark `claim`.
    expected, because : str
        The expected outcome and the reason; empty where nothing is expected.

    Returns
    -------
    Record
        With the outcome "error", until the claim has run.
    """
    marker = claim_marker(item)
    assert marker is not None  # noqa: S101 -- callers have looked; this tells mypy
    foreign = packaged_claim(item)
    function = foreign.function if foreign else getattr(item, "function")  # noqa: B009 -- pytest.Item lacks it
    text = sections(function.__doc__ or "")
    (identity,) = marker.args
    return Record(
        id=identity,
        name=item.name,
        title=text.pop("title") + _variant(item),
        source=_source(item, function),
        file=str(foreign.file) if foreign else item.nodeid.partition("::")[0],
        line=foreign.line if foreign else (item.location[1] or 0) + 1,
        model=model_name(item),
        models=models(item),
        outcome=Outcome.ERROR,
        expected=expected,
        because=because,
        source_value=marker.kwargs.get("source_value"),
        amended=marker.kwargs.get("amended", ""),
        control=item.name.startswith(CONTROL),
        sections=text,
        command=_command(item, identity),
    )


def models(item: pytest.Item) -> list[str]:
    """Return the names of the fixture models that an item is about."""
    callspec = getattr(item, "callspec", None)
    foreign = packaged_claim(item)
    if foreign:
        return [foreign.subject.stem]
    marker = claim_marker(item)
    compared = marker.kwargs.get("compares", "").split() if marker else []
    single = [callspec.params["model"]] if callspec and "model" in callspec.params else []
    return [*single, *compared]


def model_name(item: pytest.Item) -> str:
    """Return a short name of the models of an item; "analytic" if it needs no trained model."""
    names = models(item)
    if len(names) > 2:
        return f"{names[0]} and {len(names) - 1} more"
    return " and ".join(names) or "analytic"


def _command(item: pytest.Item, identity: str) -> str:
    """Return the command that runs an item again."""
    subject = item.config.getoption("--aelatent-subject")
    if not subject:
        return f"pytest '{item.nodeid}'"
    # Loads the judges with scikit-learn, which a claim about numbers does not wait for.
    from aelatent.audit.description import OBJECTS

    if subject == str(OBJECTS):
        return f'r.claims(["{identity}"])'
    return f"aelatent audit {Path(subject).name} --claims {identity}"


def _variant(item: pytest.Item) -> str:
    """Return which of a claim's parameter sets this is, beyond the model: " [b=1.5]" or nothing."""
    foreign = packaged_claim(item)
    if foreign:
        return f" [{foreign.variant}]" if foreign.variant else ""
    case = case_of(item)
    return f" [{case}]" if case else ""


def case_of(item: pytest.Item) -> str:
    """Return which of a claim's parameter sets this is, beyond the model; empty without any."""
    callspec = getattr(item, "callspec", None)
    if callspec is None:
        return ""
    case: str = callspec.id
    return without_model(case, callspec.params["model"]) if "model" in callspec.params else case


def _source(item: pytest.Item, own: Any) -> str:
    """Return the document that a claim comes from: the known source that its Source begins with.

    Where the project has no file of sources it is the text up to the first comma. A control has no
    source of its own; it takes that of the claims in its file.
    """
    functions = [own, *vars(getattr(item, "module", item)).values()]
    for function in functions:
        if getattr(function, "__name__", "").startswith("test_"):
            source = sections(function.__doc__ or "").get("Source")
            if source:
                known = [name for name in citations_of(item.config) if source.startswith(name)]
                return max(known, key=len, default=source.partition(",")[0].rstrip("."))
    return ""


def check_docstring(item: pytest.Item, record: Record, sentences: list[str]) -> None:
    """Fail unless the docstring has every heading and states every rule word for word.

    Parameters
    ----------
    item : Item
    record : Record
        Of the item, with the sections of its docstring.
    sentences : list of str
        The rules in words.

    Raises
    ------
    pytest.fail.Exception
        If a heading or a sentence is missing.
    """
    missing = [heading for heading in HEADINGS if not record.sections.get(heading)]
    if missing:
        pytest.fail(f"{item.nodeid}: expected the headings {HEADINGS}, missing {missing}")
    for sentence in sentences:
        if sentence not in record.sections["Decision"]:
            pytest.fail(f"{item.nodeid}: expected under Decision, word for word: {sentence}")


def slug(item: pytest.Item) -> str:
    """Return the name of a test in characters that file names may have."""
    return re.sub(r"[^a-z0-9]+", "-", item.name.removeprefix("test_").lower()).strip("-")
