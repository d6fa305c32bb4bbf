"""`aelatent.compare`: what became better and worse from one audit to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aelatent.report.audit_comparison import (
    AuditComparison,
    Kind,
    audit_lines,
    compare_audits,
    load_audit,
)
from aelatent.runtime.files import StorageError

if TYPE_CHECKING:
    from aelatent.audit.result import AuditResult


@dataclass(frozen=True, eq=False, repr=False)
class AuditPair:
    """Two audits, and what changed from the first to the second.

    Attributes
    ----------
    found : AuditComparison
    """

    found: AuditComparison

    @property
    def regressions(self) -> list[str]:
        """What became worse beyond noise, in words; empty where nothing did."""
        return self.found.regressions

    def rows(self) -> list[dict[str, Any]]:
        """Return a row a number: its name, both values, and how it changed; the worst first."""
        return [
            {
                "number": change.name,
                "before": None if change.before is None else change.before.value,
                "after": None if change.after is None else change.after.value,
                "change": str(change.kind),
            }
            for change in self.found.ordered
        ]

    def to_frame(self) -> Any:
        """Return `rows()` as a pandas.DataFrame.

        Raises
        ------
        ImportError
            If pandas is not installed; `rows` needs none.
        """
        import pandas as pd  # never required

        return pd.DataFrame(self.rows())

    def check(self) -> None:
        """Raise where the second model became worse, for a test.

        Raises
        ------
        AssertionError
            With a line for each regression.
        """
        if self.regressions:
            raise AssertionError("\n".join(f"FAILED {line}" for line in self.regressions))

    def __repr__(self) -> str:
        return "\n".join(audit_lines(self.found)).rstrip()

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(str(change.kind))}</td><td>{escape(str(change))}</td></tr>"
            for change in self.found.ordered
            if change.kind is not Kind.NOISE
        )
        same = len(self.found.of(Kind.NOISE))
        return f"<table><tbody>{rows}</tbody></table><p>{same} numbers {Kind.NOISE}</p>"


def compare(before: AuditResult | str | Path, after: AuditResult | str | Path) -> AuditPair:
    """Compare two audits, for example of two versions of a model.

    Parameters
    ----------
    before, after : AuditResult or path
        What `aelatent.audit` returned; or the file of `r.save()`, or the folder of a report.

    Returns
    -------
    AuditPair
        Prints what became worse, better, and how many numbers changed within noise.

    Raises
    ------
    StorageError
        If a path holds no audit.

    Examples
    --------
    ::

        aelatent.compare(r_old, r_new)
        aelatent.compare("accepted/", r_new).check()
    """
    return AuditPair(compare_audits(_content(before), _content(after)))


def _content(audit: AuditResult | str | Path) -> Mapping[str, Any]:
    if not isinstance(audit, (str, Path)):
        return audit.to_dict()
    if Path(audit).suffix == ".npz":
        from aelatent.audit.audit_file import load_audit as load_result

        return load_result(audit).to_dict()
    found = load_audit(audit)
    if found is None:
        raise StorageError(
            f"{audit}: expected the folder of an audit's report, or a file of r.save(), found none"
        )
    return found
