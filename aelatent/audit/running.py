"""Run an audit: measure, recommend, put the claims to the subject, and write it all down."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from matplotlib.figure import Figure
from tqdm import tqdm

from aelatent import figures
from aelatent.audit.coder import Progress
from aelatent.audit.measuring import Measured, card_of, measure
from aelatent.audit.recommendation import Recommendation, recommend, table
from aelatent.audit.subject import Subject, SubjectError
from aelatent.inference.rules import Outcome, Record
from aelatent.report import read_results
from aelatent.runtime import environment, files, resources

SCHEMA = 1
MEASURED, SAMPLER, RESULTS, VERDICTS = "measured.npz", "sampler.npz", "audit.json", "verdicts"
SMOOTH = "sampler_smooth.npz"
PICTURE = "figures/draws.png"
SETTINGS = Path(__file__).parent / "pytest.ini"
NONE = 5  # what pytest says when it found no claim
RAN = {0, 1, NONE}  # ... when all claims came to a verdict, or some broke
VERDICT = {Outcome.SUPPORTED, Outcome.REFUTED, Outcome.INCONCLUSIVE}
# How far pytest is, at the beginning of a line of its workers and at the end of others.
SHARE = re.compile(r"^\[gw\d+\] \[ *(\d+)%\]|\[ *(\d+)%\]$")
WORKERS = 4  # processes for the claims at most: each takes a gigabyte
CODES_A_WORKER = 5000  # fewer are done before another process has started


@dataclass(frozen=True)
class Audit:
    """What an audit found.

    Attributes
    ----------
    folder : Path
        The report's folder.
    measured : Measured
    recommendation : Recommendation or None
        None without a decoder.
    records : sequence of Record
        The verdicts on this model.
    """

    folder: Path
    measured: Measured
    recommendation: Recommendation | None
    records: Sequence[Record]

    @property
    def advice(self) -> list[str]:
        """What to draw codes from, in words."""
        return [] if self.recommendation is None else self.recommendation.advice

    @property
    def tally(self) -> list[tuple[str, int]]:
        """How often each outcome came out."""
        counts = Counter(str(record.outcome) for record in self.records)
        return [(o.value, counts[o.value]) for o in Outcome if counts[o.value]]

    def shortcomings(self, refused: Sequence[tuple[str, str]], least: float | None) -> list[str]:
        """Say where the subject falls short of what a caller demands.

        Parameters
        ----------
        refused : sequence of (outcome, claim)
            Verdicts that must not come out, such as ("refuted", "A-18"). A check that broke, or a
            claim that does not apply, falls short as well: it would hide them.
        least : float or None
            The hit rate that the recommended law has to reach.
        """
        lines = []
        for outcome, claim in refused:
            found = [r for r in self.records if r.id == claim]
            if not any(r.outcome in VERDICT for r in found):
                came = " and ".join(sorted({str(r.outcome) for r in found})) or "no claim"
                lines.append(f"{claim}: expected a verdict, it is {came} on this model")
            lines += [
                f"{claim}: {r.title} {r.finding() if r.outcome in VERDICT else r.outcome}"
                for r in found
                if r.outcome in (outcome, Outcome.ERROR)
            ]
        if least is not None:
            best = None if self.recommendation is None else self.recommendation.best
            if best is None or best.hits[0] < least:
                came = "no decoder" if best is None else f"{best.hits[0]:.3f} of {best.name}"
                lines.append(f"expected a hit rate of {least:g} or more, received {came}")
        return lines


def audit(
    subject: Subject, folder: Path, claims: Sequence[str] = (), progress: Progress | None = None
) -> Audit:
    """Audit a subject and write the report.

    Parameters
    ----------
    subject : Subject
    folder : Path
        Of the report; made if it is missing.
    claims : sequence of str
        Identifiers, such as "A-18"; all that apply by default.
    progress : callable, optional
        Told what is done, how far, and of how much; by default a bar on a terminal.

    Raises
    ------
    SubjectError, ForeignFileError, DataError
        If the subject is not what its description says.
    """
    from aelatent.report.audited import write_audit

    progress = progress or Bars()
    measured = measure(subject, progress)
    files.write(folder / MEASURED, measured.pack())
    rng = np.random.default_rng(0)
    found = None if measured.image_judge is None else recommend(measured, rng, progress)
    if found is not None:
        _keep(found, folder)
    workers = min(environment.threads(), WORKERS, -(-measured.n // CODES_A_WORKER))
    records = put(subject, folder, claims, workers, progress)
    result = Audit(folder, measured, found, records)
    described = environment.description(subject.folder)
    content = summary(result, described)
    files.write(folder / RESULTS, (json.dumps(content, indent=1) + "\n").encode())
    if found is not None:
        figures.write(_wall(found), folder / PICTURE)
    write_audit(content, PICTURE if found else None, records, described, folder)
    return result


def _keep(found: Recommendation, folder: Path) -> None:
    """Write the best law, and beside it the best that keeps no codes if it is another."""
    for row, file in ((found.best, SAMPLER), (found.smooth, SMOOTH)):
        (folder / file).unlink(missing_ok=True)
        if row is not None and row.sampler is not None:
            row.sampler.save(folder / file)


def summary(found: Audit, described: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything that an audit found in plain types."""
    measured, advice = found.measured, found.recommendation
    subject = measured.subject
    return {
        "schema": SCHEMA,
        "name": subject.name,
        "subject": json.loads(subject.model_dump_json(exclude_none=True)),
        "codes": {
            "n": measured.n,
            "d": measured.d,
            "shape": list(measured.coders[0].code_shape),
            "replicates": len(measured.trainings),
            "kind": "vae" if measured.trainings[0].log_variances is not None else "autoencoder",
        },
        "judge": card_of(measured),
        "advice": found.advice,
        "smooth": SMOOTH if advice is not None and advice.smooth else None,
        "samplers": [] if advice is None else [dict(row) for row in table(advice)],
        "verdicts": dict(found.tally),
        "environment": dict(described),
    }


def catalogue() -> set[str]:
    """Return the identifiers of all packaged claims."""
    content = yaml.safe_load((resources.folder("claims") / "catalogue.yaml").read_text("utf-8"))
    return set(map(str, content))


def put(
    subject: Subject, folder: Path, claims: Sequence[str], workers: int, progress: Progress
) -> list[Record]:
    """Put the packaged claims to a measured subject, in processes of their own.

    Raises
    ------
    SubjectError
        If pytest could not run them; with the end of what it said.
    """
    verdicts = (folder / VERDICTS).resolve()
    (verdicts / "results.json").unlink(missing_ok=True)
    home = resources.folder("claims")
    command = [
        sys.executable,
        "-m",
        "pytest",
        str(home),
        "-v",
        "-p",
        "no:cacheprovider",
        "-c",
        str(SETTINGS),
        f"--rootdir={home.parent}",
        "-o",
        f"aelatent_sources={home / 'sources.yaml'}",
        f"--aelatent-report={verdicts}",
        f"--aelatent-subject={subject.file}",
        f"--aelatent-measured={(folder / MEASURED).resolve()}",
        *(f"--aelatent-claim={claim}" for claim in claims),
        *(["-n", str(workers), "--dist", "worksteal"] if workers > 1 else []),
    ]
    progress("claims", 0, 100)
    said: list[str] = []
    with subprocess.Popen(  # noqa: S603 -- this interpreter and our own arguments
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={"OMP_NUM_THREADS": "1", **os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    ) as running:
        for line in running.stdout or ():
            said.append(line)
            if share := SHARE.search(line):
                progress("claims", int(share[1] or share[2]), 100)
    results = verdicts / "results.json"
    if running.returncode not in RAN or (running.returncode != NONE and not results.exists()):
        raise SubjectError(
            f"{subject.name}: the claims could not be run; pytest ended with "
            f"{running.returncode}:\n{''.join(said)[-3000:]}"
        )
    return read_results(results).records if results.exists() else []


def _wall(found: Recommendation) -> Figure:
    """Show the first draws of each law and what the judge said, and at the end decoded codes."""
    rows = (*found.rows, found.reference)
    return figures.image_grid(
        {row.name: row.pixels for row in rows}, marks={row.name: row.accepted for row in rows}
    )


class Bars:
    """Shows what is being done: bars on a terminal, elsewhere a line for each kind of work."""

    def __init__(self) -> None:
        self.bar: Any = None
        self.said = ""

    def __call__(self, what: str, done: int, of: int) -> None:
        """Move the bar."""
        if self.bar is None or self.bar.desc != what:
            self.close()
            self.bar = tqdm(desc=what, total=of, disable=None, leave=False)
            self.bar.desc = what
            if self.bar.disable and what != self.said:
                sys.stderr.write(f"{what}\n")
                self.said = what
        self.bar.total = of
        self.bar.update(done - self.bar.n)
        if done >= of:
            self.close()

    def close(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None
