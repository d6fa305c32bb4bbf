"""The command `diff`: compare two runs."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aelatent.cli.output import UsageError, check_page, plain_record, shows_unicode
from aelatent.cli.parser import add_command

if TYPE_CHECKING:
    from aelatent.report.audit_comparison import AuditComparison
    from aelatent.report.comparison import Comparison


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "diff",
        "compare two audits or runs: what became worse, verdicts that flipped, noise",
        "aelatent diff audit-main audit --fail-on-regression",
        "aelatent diff before/results.json after/results.json --html diff.html",
    )
    command.add_argument("before", type=Path, help="results.json, or the folder of a report")
    command.add_argument("after", type=Path, help="the same of the later run")
    command.add_argument(
        "--fail-on-regression",
        action="store_true",
        help="exit with status 1 if a model became worse from one audit to the other",
    )
    command.add_argument("--html", type=Path, metavar="FILE", help="also write a page")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what changed from one run to another; status 1 for a regression, if asked for."""
    from aelatent.report import audit_comparison, comparison

    if options.html:
        check_page(options.html)
    runs = comparison.load(options.before), comparison.load(options.after)
    audits = audit_comparison.load_both(options.before, options.after)
    if options.fail_on_regression and audits is None:
        raise UsageError("expected two audits with --fail-on-regression, received other runs")
    found = comparison.compare(runs[0].records, runs[1].records)
    if options.json:
        print(json.dumps(_plain(found, audits), ensure_ascii=False, indent=1))
        return int(bool(audits and options.fail_on_regression and audits.regressions))
    if audits is not None:
        print("\n".join(audit_comparison.audit_lines(audits, unicode=shows_unicode())))
    print("\n".join(comparison.difference_lines(found, unicode=shows_unicode())))
    if options.html:
        names = str(options.before), str(options.after)
        print(f"written: {comparison.write_comparison(found, names, runs, options.html, audits)}")
    regressions = audits.regressions if audits and options.fail_on_regression else []
    for line in regressions:
        print(f"FAILED {line}")
    return int(bool(regressions))


def _plain(found: Comparison, audits: AuditComparison | None) -> dict[str, Any]:
    """Return what changed, in plain types."""
    claims = [
        {
            "claim": change.record.id,
            "name": change.record.name,
            "model": change.record.model,
            "kind": str(change.kind),
            "before": change.before and plain_record(change.before),
            "after": change.after and plain_record(change.after),
        }
        for change in found.changes
    ]
    return {"claims": claims, "regressions": audits.regressions if audits else []}
