"""Run an audit: measure the model, recommend a sampler, run the claims, and write the report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from aelatent import figures
from aelatent.audit.claims_subprocess import MEASURED, run_claims
from aelatent.audit.description import ModelDescription
from aelatent.audit.judging import card_summary
from aelatent.audit.measured import MeasuredModel
from aelatent.audit.measuring import measure
from aelatent.audit.progress import Progress, ProgressBars
from aelatent.audit.recommendation import Recommendation, recommend
from aelatent.inference.rules import Outcome, Record
from aelatent.runtime import environment, files

SCHEMA = 1
RESULTS = "audit.json"
SAMPLER, SAMPLER_WITHOUT_CODES = "sampler.npz", "sampler_smooth.npz"
PICTURE = "figures/draws.png"
VERDICTS = {Outcome.SUPPORTED, Outcome.REFUTED, Outcome.INCONCLUSIVE}
WORKERS = 4  # processes for the claims at most: each takes a gigabyte
CODES_A_WORKER = 5000  # fewer take less time than another process takes to start


@dataclass(frozen=True)
class Audit:
    """The results of an audit.

    Attributes
    ----------
    folder : Path
        The report's folder.
    measured : MeasuredModel
    recommendation : Recommendation or None
        None without a decoder.
    records : sequence of Record
        The verdicts on this model.
    """

    folder: Path
    measured: MeasuredModel
    recommendation: Recommendation | None
    records: Sequence[Record]

    @property
    def advice(self) -> list[str]:
        """What to draw codes from, in words."""
        return [] if self.recommendation is None else self.recommendation.advice

    @property
    def tally(self) -> list[tuple[str, int]]:
        """The number of claims by outcome."""
        counts = Counter(str(record.outcome) for record in self.records)
        return [(o.value, counts[o.value]) for o in Outcome if counts[o.value]]

    def shortcomings(self, refused: Sequence[tuple[str, str]], least: float | None) -> list[str]:
        """Return where the model falls short of a caller's demands, a line each.

        Parameters
        ----------
        refused : sequence of (outcome, claim)
            Verdicts that the model must not get, such as ("refuted", "A-18"). A check that broke,
            or a claim that does not apply, falls short as well: it would hide them.
        least : float or None
            The hit rate that the recommended sampler has to reach.

        Returns
        -------
        list of str
            Empty where the model meets every demand.
        """
        lines = [line for outcome, claim in refused for line in self._refused(outcome, claim)]
        if least is not None:
            best = None if self.recommendation is None else self.recommendation.best
            if best is None or best.hits[0] < least:
                rate = "no decoder" if best is None else f"{best.hits[0]:.3f} of {best.name}"
                lines.append(f"expected a hit rate of {least:g} or more, received {rate}")
        return lines

    def _refused(self, outcome: str, claim: str) -> list[str]:
        """Return the records of a claim that have a refused outcome, or no verdict."""
        records = [r for r in self.records if r.id == claim]
        lines = []
        if not any(r.outcome in VERDICTS for r in records):
            outcomes = " and ".join(sorted({str(r.outcome) for r in records})) or "no claim"
            lines.append(f"{claim}: expected a verdict, it is {outcomes} on this model")
        return lines + [
            f"{claim}: {r.title} {r.finding() if r.outcome in VERDICTS else r.outcome}"
            for r in records
            if r.outcome in (outcome, Outcome.ERROR)
        ]


def audit(
    description: ModelDescription,
    folder: Path,
    claims: Sequence[str] = (),
    progress: Progress | None = None,
) -> Audit:
    """Audit a user's model and write the report.

    Parameters
    ----------
    description : ModelDescription
    folder : Path
        Of the report; made if it is missing.
    claims : sequence of str
        Identifiers, such as "A-18"; all that apply by default.
    progress : callable, optional
        See `aelatent.audit.progress`; by default a bar on a terminal.

    Returns
    -------
    Audit

    Raises
    ------
    DescriptionError, UntrustedFileError, DataError
        If the model does not agree with its description.
    """
    from aelatent.report.audited import write_audit

    progress = progress or ProgressBars()
    measured = measure(description, progress)
    files.write(folder / MEASURED, measured.pack())
    rng = np.random.default_rng(0)
    advised = None if measured.image_judge is None else recommend(measured, rng, progress)
    if advised is not None:
        _save_samplers(advised, folder)
    workers = min(environment.threads(), WORKERS, -(-measured.n // CODES_A_WORKER))
    records = run_claims(description, folder, claims, workers, progress)
    result = Audit(folder, measured, advised, records)
    software = environment.description(description.folder)
    content = summary(result, software)
    files.write(folder / RESULTS, (json.dumps(content, indent=1) + "\n").encode())
    if advised is not None:
        figures.write(_draws_figure(advised), folder / PICTURE)
    write_audit(content, PICTURE if advised else None, records, software, folder)
    return result


def _save_samplers(advised: Recommendation, folder: Path) -> None:
    """Save the best sampler, and the best that keeps no codes if it is another."""
    chosen = (advised.best, SAMPLER), (advised.best_without_codes, SAMPLER_WITHOUT_CODES)
    for result, file in chosen:
        (folder / file).unlink(missing_ok=True)
        if result is not None and result.sampler is not None:
            result.sampler.save(folder / file)


def summary(result: Audit, software: Mapping[str, Any]) -> dict[str, Any]:
    """Return the results of an audit in plain types.

    Parameters
    ----------
    result : Audit
    software : mapping
        The environment that the results depend on.

    Returns
    -------
    dict
        The content of audit.json.
    """
    measured, advised = result.measured, result.recommendation
    description = measured.description
    others = advised is not None and advised.best_without_codes is not None
    return {
        "schema": SCHEMA,
        "name": description.name,
        "subject": json.loads(description.model_dump_json(exclude_none=True)),
        "codes": {
            "n": measured.n,
            "d": measured.d,
            "shape": list(measured.autoencoders[0].code_shape),
            "replicates": len(measured.trainings),
            "kind": "vae" if measured.trainings[0].log_variances is not None else "autoencoder",
        },
        "judge": card_summary(measured),
        "advice": result.advice,
        "smooth": SAMPLER_WITHOUT_CODES if others else None,
        "samplers": [] if advised is None else [dict(row) for row in advised.plain()],
        "verdicts": dict(result.tally),
        "environment": dict(software),
    }


def _draws_figure(advised: Recommendation) -> Figure:
    """Show the first draws of each sampler with the judge's marks, and at the end decoded codes."""
    results = (*advised.results, advised.reference)
    return figures.image_grid(
        {result.name: result.pixels for result in results},
        marks={result.name: result.accepted for result in results},
    )
