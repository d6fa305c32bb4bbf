"""A file of the verdicts that published claims came to on a user's model, for its tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from aelatent.audit.description import DescriptionError
from aelatent.inference.case import without_model
from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.report.notation import effect, limits
from aelatent.runtime.own_file import check_own, is_as_marked, marked, write_own
from aelatent.zoo.specification import SpecificationError, plain_yaml

HEAD = """\
# What published claims came to on this model. One that is not listed should be supported.
# It is for `parametrize_with_claims`. Add reasons.
"""
WHAT = "a file of expected verdicts"
VERDICTS = {Outcome.REFUTED, Outcome.INCONCLUSIVE}
Expected = dict[str, tuple[str, str]]


def check_name(record: Record) -> str:
    """Return the name of a claim's function, and its variant in brackets if it has any."""
    function, _, case = record.name.partition("[")
    variant = without_model(case.removesuffix("]"), record.model)
    return f"{function}[{variant}]" if variant else function


def write_expected(records: Iterable[Record], path: Path) -> int:
    """Write the verdicts other than "supported" as the expected ones.

    Parameters
    ----------
    records : iterable of Record
        What claims came to on the model.
    path : Path
        Of the YAML file.

    Returns
    -------
    int
        How many there are.

    Raises
    ------
    StorageError
        If there is a file already that this did not write, or that was edited since; it stays.
    """
    found = {check_name(r): _entry(r) for r in records if r.outcome in VERDICTS}
    text = (
        yaml.safe_dump(found, sort_keys=True, allow_unicode=True, width=1000) if found else "{}\n"
    )
    write_own(path, marked(HEAD + text, "audit --write-expected"), WHAT, is_as_marked)
    return len(found)


def check_free(path: Path) -> None:
    """Refuse a path that `write_expected` would refuse: claims take minutes to run.

    Raises
    ------
    StorageError
    """
    check_own(path, WHAT, is_as_marked)


def _entry(record: Record) -> dict[str, str]:
    measured = f"{effect(record.effect, record.interval)} {limits(record.interval)}".strip()
    return {"verdict": str(record.outcome), "because": f"{measured} on {date.today().isoformat()}"}


def read_expected(path: Path) -> Expected:
    """Read what `write_expected` wrote, edited by hand or not.

    Raises
    ------
    DescriptionError
        If there is no such file, or an entry lacks its verdict or its reason.
    """
    try:
        content: Mapping[str, Any] = plain_yaml(path)
    except SpecificationError as error:
        raise DescriptionError(str(error)) from error
    faults = [name for name, entry in content.items() if not _whole(entry)]
    if faults:
        raise DescriptionError(
            f"{path}: expected `verdict` (supported, refuted or inconclusive) and `because` for "
            f"each claim, received something else for {', '.join(faults)}"
        )
    return {name: (entry["verdict"], entry["because"]) for name, entry in content.items()}


def _whole(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and set(entry) == {"verdict", "because"}
        and entry["verdict"] in {*VERDICTS, Outcome.SUPPORTED}
        and isinstance(entry["because"], str)
    )
