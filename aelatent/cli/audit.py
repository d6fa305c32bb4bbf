"""The command `audit`: examine a user's model."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aelatent.cli.arguments import demand, positive, threshold
from aelatent.cli.output import UsageError, wrapped
from aelatent.cli.parser import add_command, near
from aelatent.runtime import quiet_keras
from aelatent.runtime.owned_folder import refuse_others

if TYPE_CHECKING:
    from aelatent.audit import running
    from aelatent.audit.progress import ProgressBars


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "audit",
        "audit your own autoencoder: can it be sampled, how, and what breaks",
        "aelatent audit mine.yaml",
        "aelatent audit mine.yaml --min-hit-rate gaussian:0.9 --fail-on refuted:A-18",
    )
    command.add_argument(
        "description", type=Path, metavar="MODEL.yaml", help="description of the model"
    )
    command.add_argument(
        "--report", type=Path, default=Path("audit"), metavar="DIR", help="folder of the report"
    )
    command.add_argument(
        "--claims", nargs="*", default=[], metavar="ID", help="run only these claims, such as A-18"
    )
    command.add_argument(
        "--no-claims", action="store_true", help="stop when the advice is known: run no claims"
    )
    command.add_argument(
        "--write-expected",
        type=Path,
        metavar="FILE.yaml",
        help="write what the claims came to as the verdicts that parametrize_with_claims expects",
    )
    command.add_argument(
        "--fail-on",
        action="append",
        default=[],
        type=demand,
        metavar="OUTCOME:CLAIM",
        help="exit with status 1 on this verdict, such as refuted:A-18; may be repeated",
    )
    command.add_argument(
        "--min-hit-rate",
        action="append",
        default=[],
        type=threshold,
        metavar="[SAMPLER:]X",
        help="exit with status 1 if a sampler's rate of clean images is lower, such as "
        "gaussian:0.9; a number alone is about the best sampler that keeps no codes; repeatable",
    )
    command.add_argument(
        "--min-recall",
        action="append",
        default=[],
        type=threshold,
        metavar="[SAMPLER:]X",
        help="the same for the share of reconstructions that a sampler's images surround",
    )
    command.add_argument(
        "--max-error",
        type=positive,
        metavar="X",
        help="exit with status 1 if images are reconstructed with a larger mean squared "
        "error, on the scale [0, 1]",
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Audit a user's model; status 1 if a demand is missed."""
    from aelatent.audit.progress import ProgressBars

    with contextlib.closing(ProgressBars()) as progress:
        progress("loading", 0, 1)  # before what takes seconds to import
        return _audit(options, progress)


def _audit(options: argparse.Namespace, progress: ProgressBars) -> int:
    from aelatent.audit import description, gates, loading, running
    from aelatent.audit.expected_verdicts import check_free

    described = description.read(options.description)
    _check(options)
    folder = options.report.absolute()  # before code that may change directory
    refuse_others(folder, running.KIND)
    if options.write_expected:
        check_free(options.write_expected)
    loading.import_callables(described)
    if described.needs_keras:
        quiet_keras.load_keras()

    def told(result: running.Audit) -> None:
        progress.close()
        print(wrapped(str(result)))
        print(f"written: {options.report / 'index.html'}", flush=True)

    claims = None if options.no_claims else options.claims
    result = running.audit(described, folder, claims, progress, told)
    progress.close()
    if claims is not None:
        tally = ", ".join(f"{n} {outcome}" for outcome, n in result.tally)
        print(f"claims: {tally or 'none'}")
    if options.write_expected:
        print(f"written: {options.write_expected}, {_expected(result, options.write_expected)}")
    demands = gates.Demands(
        options.fail_on, options.min_hit_rate, options.min_recall, options.max_error
    )
    shortcomings = result.shortcomings(demands)
    for line in shortcomings:
        print(f"FAILED {line}")
    return int(bool(shortcomings))


def _expected(result: running.Audit, path: Path) -> str:
    from aelatent.audit.expected_verdicts import write_expected

    return f"{write_expected(result.records, path)} verdicts other than supported"


def _check(options: argparse.Namespace) -> None:
    """Refuse claims that nobody knows, or that are asked for where none are to run."""
    from aelatent.audit import claims_subprocess

    asked = [*options.claims, *(claim for _, claim in options.fail_on)]
    if options.no_claims and (asked or options.write_expected):
        raise UsageError(
            "expected --no-claims, or --claims, --fail-on and --write-expected; received both"
        )
    known = claims_subprocess.claim_identifiers()
    if unknown := sorted(set(asked) - known):
        guess = near(unknown[0], known)
        raise UsageError(f"expected identifiers of claims, received {', '.join(unknown)}{guess}")
