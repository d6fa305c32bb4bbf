"""What a test item says about its claim: marks and docstring, as a record."""

from __future__ import annotations

import re

import pytest

from aelatent.docstring import HEADINGS, sections
from aelatent.plugin.state import CONTROL, VERDICTS, citations_of
from aelatent.verdicts import Outcome, Record


def open_record(item: pytest.Item) -> Record:
    """Begin the record of a claim with what its marks and its docstring say."""
    marker = item.get_closest_marker("claim")
    assert marker is not None  # noqa: S101 -- callers have looked; this tells mypy
    text = sections(getattr(item, "function").__doc__ or "")  # noqa: B009 -- pytest.Item lacks it
    outcome, because = expectation(item)
    (identity,) = marker.args
    return Record(
        id=identity,
        name=item.name,
        title=text.pop("title") + _variant(item),
        source=_source(item),
        file=item.nodeid.partition("::")[0],
        line=(item.location[1] or 0) + 1,
        model=model_name(item),
        models=models(item),
        outcome=Outcome.ERROR,
        expected=outcome,
        because=because,
        source_value=marker.kwargs.get("source_value"),
        control=item.name.startswith(CONTROL),
        sections=text,
        command=f"pytest '{item.nodeid}'",
    )


def expectation(item: pytest.Item) -> tuple[str, str]:
    """Return the expected outcome of an item and the reason, which anything but support needs."""
    for marker in item.iter_markers("expect"):
        wanted = marker.kwargs.get("model")
        if wanted is None or set(models(item)) & set(wanted.split()):
            (outcome,) = marker.args
            because = marker.kwargs["because"]
            if outcome not in VERDICTS:
                raise pytest.UsageError(
                    f"{item.nodeid}: expected one of {[*map(str, VERDICTS)]} in `expect`, "
                    f"received {outcome!r}"
                )
            return outcome, because
    return Outcome.SUPPORTED, ""


def models(item: pytest.Item) -> list[str]:
    """Return the names of the fixture models that an item is about."""
    callspec = getattr(item, "callspec", None)
    marker = item.get_closest_marker("claim")
    compared = marker.kwargs.get("compares", "").split() if marker else []
    single = [callspec.params["model"]] if callspec and "model" in callspec.params else []
    return [*single, *compared]


def model_name(item: pytest.Item) -> str:
    """Name what an item is about in a word or two; "analytic" if it needs no trained model."""
    names = models(item)
    if len(names) > 2:
        return f"{names[0]} and {len(names) - 1} more"
    return " and ".join(names) or "analytic"


def _variant(item: pytest.Item) -> str:
    """Return which of a claim's parameter sets this is, beyond the model: " [b=1.5]" or nothing."""
    callspec = getattr(item, "callspec", None)
    if callspec is None:
        return ""
    words = callspec.id.replace(callspec.params.get("model", ""), "").strip("-")
    return f" [{words}]" if words else ""


def _source(item: pytest.Item) -> str:
    """Return the document that a claim comes from: the known source that its Source begins with.

    Where the project has no file of sources it is the text up to the first comma. A control has no
    source of its own; it takes that of the claims in its file.
    """
    functions = [getattr(item, "function", None), *vars(getattr(item, "module", item)).values()]
    for function in functions:
        if getattr(function, "__name__", "").startswith("test_"):
            source = sections(function.__doc__ or "").get("Source")
            if source:
                known = [name for name in citations_of(item.config) if source.startswith(name)]
                return max(known, key=len, default=source.partition(",")[0].rstrip("."))
    return ""


def insist(item: pytest.Item, record: Record, sentences: list[str]) -> None:
    """Check that the docstring has every heading and states every rule word for word."""
    missing = [heading for heading in HEADINGS if not record.sections.get(heading)]
    if missing:
        pytest.fail(f"{item.nodeid}: expected the headings {HEADINGS}, missing {missing}")
    for sentence in sentences:
        if sentence not in record.sections["Decision"]:
            pytest.fail(f"{item.nodeid}: expected under Decision, word for word: {sentence}")


def slug(item: pytest.Item) -> str:
    """Return the name of a test as it may stand in the name of a file."""
    return re.sub(r"[^a-z0-9]+", "-", item.name.removeprefix("test_").lower()).strip("-")
