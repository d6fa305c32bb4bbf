"""Two audits side by side: what matters of a model, better, worse, or within noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from scipy.stats import norm

from aelatent.report.comparison import Shift, indented
from aelatent.report.schema import check_audit
from aelatent.runtime.files import MOST_JSON, parsed, read

AUDIT = "audit.json"
REFERENCE = "codes"
POOR = 0.5  # clean rate over that of codes of images, below which a sampler does not work
MEASURES = {"hits": "clean rate", "recall": "recall", "coverage": "coverage"}
ERROR = "reconstruction error"
DASH = "\N{EN DASH}"


class Kind(StrEnum):
    """How a number of an audit changed, the most important kind first."""

    WORSE = "worse"
    GONE = "not measured any more"
    BETTER = "better"
    NEW = "newly measured"
    NOISE = "within noise"


class Quantity(NamedTuple):
    """A number of an audit.

    `better` is 1 where larger is better and -1 where smaller is; `counts` tells whether a change
    for the worse is a regression, which it is not for a sampler that did not work before.
    """

    value: float
    interval: tuple[float, float]
    better: int
    counts: bool

    def __str__(self) -> str:
        low, high = self.interval
        if self.better < 0:
            return f"{self.value:.3g} [{low:.3g}, {high:.3g}]"
        return f"{100 * self.value:.0f} % [{100 * low:.0f}, {100 * high:.0f}]"


@dataclass(frozen=True)
class Change:
    """A number in two audits; one of them may lack it.

    Attributes
    ----------
    name : str
    before, after : Quantity or None
    widening : float
        By how much more than a 95 % interval of one number alone a change must exceed noise.
    """

    name: str
    before: Quantity | None
    after: Quantity | None
    widening: float = 1.0

    @cached_property
    def kind(self) -> Kind:
        """How the number changed."""
        if self.before is None or self.after is None:
            return Kind.NEW if self.before is None else Kind.GONE
        ends = [{"effect": q.value, "interval": q.interval} for q in (self.before, self.after)]
        shift = Shift(*ends)
        if abs(shift.change) <= self.widening * shift.noise:
            return Kind.NOISE
        return Kind.BETTER if shift.change * self.after.better > 0 else Kind.WORSE

    @property
    def alarming(self) -> bool:
        """Whether the number became worse or was lost."""
        return self.kind in (Kind.WORSE, Kind.GONE)

    def __str__(self) -> str:
        ends = [DASH if end is None else str(end) for end in (self.before, self.after)]
        return f"{self.name}: {ends[0]} \N{RIGHTWARDS ARROW} {ends[1]}"


@dataclass(frozen=True)
class AuditComparison:
    """Two audits.

    Attributes
    ----------
    before, after : mapping
        What audit.json holds.
    changes : tuple of Change
    """

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    changes: tuple[Change, ...]

    def of(self, kind: Kind) -> list[Change]:
        """Return the changes of a kind."""
        return [change for change in self.changes if change.kind == kind]

    @property
    def ordered(self) -> list[Change]:
        """All changes, the most important kind first."""
        return [change for kind in Kind for change in self.of(kind)]

    @property
    def refusals(self) -> tuple[list[str], list[str]]:
        """Why either audit recommended nothing; empty where it did."""
        before, after = (list(content.get("refusals", [])) for content in (self.before, self.after))
        return before, after

    @property
    def new_advice(self) -> bool:
        """Whether what is recommended changed, not only its numbers."""
        return _recommended(self.before) != _recommended(self.after)

    @property
    def regressions(self) -> list[str]:
        """What became worse beyond noise, in words."""
        before, after = self.refusals
        poor = [] if before else after
        worse = [
            str(change)
            for change in self.of(Kind.WORSE) + ([] if poor else self.of(Kind.GONE))
            if change.before is not None and change.before.counts
        ]
        return poor + worse


def load_audit(path: str | Path) -> dict[str, Any] | None:
    """Read audit.json of an audit, given its folder or a file in it; None if there is none.

    Raises
    ------
    StorageError
        If it is no whole JSON file, or a field that is compared is of another kind.
    """
    path = Path(path)
    folders = (path,) if path.is_dir() else (path.parent, path.parent.parent)
    file = next((folder / AUDIT for folder in folders if (folder / AUDIT).is_file()), None)
    if file is None:
        return None
    content: dict[str, Any] = parsed(read(file, MOST_JSON), file)
    check_audit(content, file)
    return content


def load_both(before: str | Path, after: str | Path) -> AuditComparison | None:
    """Read two audits and compare them.

    Parameters
    ----------
    before, after : path
        The folders of the older and of the newer audit, or files in them.

    Returns
    -------
    AuditComparison or None
        None where one of them is no audit.

    Raises
    ------
    StorageError
        If one of them cannot be read.
    """
    first, second = load_audit(before), load_audit(after)
    return None if first is None or second is None else compare_audits(first, second)


def compare_audits(before: Mapping[str, Any], after: Mapping[str, Any]) -> AuditComparison:
    """Pair the numbers of two audits.

    Of so many numbers one in twenty would seem to change by chance. The limits of noise are
    widened after Bonferroni, so that one audit in twenty shows any such change.

    Parameters
    ----------
    before, after : mapping
        What audit.json of the older and of the newer audit holds.

    Returns
    -------
    AuditComparison
    """
    first, second = quantities(before), quantities(after)
    names = dict.fromkeys([*first, *second])
    widening = float(norm.isf(0.025 / max(len(names), 1)) / norm.isf(0.025))
    changes = (Change(name, first.get(name), second.get(name), widening) for name in names)
    return AuditComparison(before, after, tuple(changes))


def quantities(content: Mapping[str, Any]) -> dict[str, Quantity]:
    """Return the numbers of an audit that matter most, by name, the most important first."""
    errors = content.get("reconstruction", [])
    found = {
        ERROR + (f", training {place}" if len(errors) > 1 else ""): Quantity(
            each["error"]["value"], tuple(each["error"]["interval"]), -1, True
        )
        for place, each in enumerate(errors, 1)
    }
    rows = sorted(content["samplers"], key=lambda row: str(row.get("short", row["name"])))
    reference = max((r["hits"]["value"] for r in rows if r.get("short") == REFERENCE), default=0)
    for measure, words in MEASURES.items():
        for row in rows:
            works = row["hits"]["value"] >= POOR * reference
            number = row[measure]
            found[f"{words}, {row.get('short', row['name'])}"] = Quantity(
                number["value"], tuple(number["interval"]), 1, works
            )
    return found


def audit_lines(found: AuditComparison, *, unicode: bool = True) -> list[str]:
    """Write a comparison of audits as lines for a terminal, what became worse first.

    Parameters
    ----------
    found : AuditComparison
    unicode : bool
        Whether the terminal shows characters beyond ASCII.

    Returns
    -------
    list of str
        Lines without line breaks; the last is empty.
    """
    lines = []
    for which, told in zip(("first", "second"), found.refusals, strict=True):
        lines += [f"NOTHING IS RECOMMENDED FOR THE {which.upper()}: {each}" for each in told]
    for kind in Kind:
        changes = found.of(kind)
        if kind is Kind.NOISE or (kind is Kind.GONE and found.refusals[1]):
            lines += [f"{len(changes)} numbers {kind}"] if changes else []
        elif changes:
            heading = kind.upper() if changes[0].alarming else kind
            lines += [f"{heading}:", *(f"  {change}" for change in changes)]
    return [indented(line, unicode) for line in (*lines, *_advice_lines(found), "")]


def _advice_lines(found: AuditComparison) -> list[str]:
    if not found.new_advice:
        return []
    ends = [_recommended(content) for content in (found.before, found.after)]
    told = [" and ".join(end) or "nothing" for end in ends]
    return [f"another recommendation: {told[0]} \N{RIGHTWARDS ARROW} {told[1]}"]


def _recommended(content: Mapping[str, Any]) -> Sequence[str]:
    """Return the names of the samplers that an audit recommends."""
    return list(content.get("recommended", []))
