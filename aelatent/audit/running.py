"""Run an audit: measure the model, recommend a sampler, run the claims, and write the report."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aelatent.audit.answer import answer_strips
from aelatent.audit.claims_subprocess import MEASURED, run_claims
from aelatent.audit.code_summary import CodeSummary, code_summary
from aelatent.audit.description import ModelDescription
from aelatent.audit.forms import read_as
from aelatent.audit.gates import Demands, shortcomings
from aelatent.audit.judging import card_summary
from aelatent.audit.measured import MeasuredModel
from aelatent.audit.measuring import measure
from aelatent.audit.progress import Progress, no_progress
from aelatent.audit.recommendation import Recommendation, recommend
from aelatent.audit.sampler_table import SamplerTable
from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.runtime import environment, files
from aelatent.runtime.owned_folder import PARTIAL, owned, replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SCHEMA = 2  # 1: no reconstruction, and no short names of samplers
KIND = "an audit"  # in the list of files of the report's folder
RESULTS, SUMMARY = "audit.json", "summary.md"
SAMPLER, SAMPLER_WITHOUT_CODES = "sampler.npz", "sampler_smooth.npz"
PICTURE, ANSWER = "figures/draws.png", "figures/answer"
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
    found : str
        How the images and networks were read, in one line.
    """

    folder: Path
    measured: MeasuredModel
    recommendation: Recommendation | None
    records: Sequence[Record]
    found: str = ""

    def __str__(self) -> str:
        table = SamplerTable(self.recommendation, self.measured.autoencoders[0])
        return f"{self.answer}\n{table!r}" if len(table) else self.answer

    @property
    def answer(self) -> str:
        """The answer in a few lines, as terminals and notebooks show it; `str` adds the table."""
        told = "can be sampled" if self.ok else "cannot be sampled"
        if self.ok and self.recommendation is None:
            told = "has no decoder"
        lines = [f"aelatent audit: {self.measured.description.name} {told}"]
        lines += [*self.reconstructs, *self.advice, self.codes.sentence]
        lines += [f"Read as: {self.found}."] if self.found else []
        return "\n  ".join(lines)

    @property
    def reconstructs(self) -> list[str]:
        """That each training reconstructs its images, in words; empty where one does not."""
        if self.measured.refusals:
            return []
        return [each.sentence for each in self.measured.reconstructions]

    @property
    def advice(self) -> list[str]:
        """What to draw codes from, in words; or the reasons why no sampler can be recommended."""
        notes = self.measured.autoencoders[0].reading.notes
        if self.measured.refusals:
            return [*self.measured.refusals, "No sampler is recommended.", *notes]
        if self.recommendation is None:
            return list(notes)
        return [*self.recommendation.advice, self.measured.standard, *notes]

    @property
    def ok(self) -> bool:
        """Whether the model reconstructs its images and a sampler works on it."""
        if self.measured.refusals:
            return False
        return self.recommendation is None or bool(self.recommendation.recommended)

    @cached_property
    def codes(self) -> CodeSummary:
        """What the codes are like against N(0, I)."""
        training = self.measured.trainings[0]
        return code_summary(training.codes, training.log_variances)

    @property
    def tally(self) -> list[tuple[str, int]]:
        """The number of claims by outcome."""
        counts = Counter(str(record.outcome) for record in self.records)
        return [(o.value, counts[o.value]) for o in Outcome if counts[o.value]]

    def shortcomings(self, demands: Demands) -> list[str]:
        """Return where the model falls short of a caller's demands, a line each."""
        return shortcomings(self, demands)


def audit(
    description: ModelDescription,
    folder: Path,
    claims: Sequence[str] | None = (),
    progress: Progress = no_progress,
    told: Callable[[Audit], None] | None = None,
) -> Audit:
    """Audit a user's model and write the report: its page before the claims run, and again after.

    Parameters
    ----------
    description : ModelDescription
    folder : Path
        Of the report; made if it is missing. It keeps an earlier report until the advice is known.
    claims : sequence of str or None
        Identifiers, such as "A-18"; all that apply by default. None runs none.
    progress : callable
        See `aelatent.audit.progress`; by default nothing is reported.
    told : callable, optional
        Is given the audit as soon as the advice is known and the page written, before the claims.

    Returns
    -------
    Audit

    Raises
    ------
    DescriptionError, UntrustedFileError, DataError
        If the model does not agree with its description.
    StorageError
        If the folder holds files that no audit wrote, or another audit writes to it.
    """
    folder = folder.absolute()  # code may change directory
    with owned(folder, KIND):
        measured = measure(description, progress)
        rng = np.random.default_rng(0)
        advised = None if measured.image_judge is None else recommend(measured, rng, progress)
        result = Audit(folder, measured, advised, (), _read_as(measured))
        with replacing(folder, KIND, RESULTS) as new:
            files.write(new / MEASURED, measured.pack())
            save_samplers(advised, new)
            write_report(result, new)
        if told is not None:
            told(result)
        if claims is None:
            return result
        with replacing(folder, KIND, RESULTS, some=True) as new:
            shutil.copyfile(folder / MEASURED, new / MEASURED)
            workers = min(environment.threads(), WORKERS, -(-measured.n // CODES_A_WORKER))
            records = run_claims(description, new, claims, workers, progress)
            result = replace(result, records=records)
            write_report(result, new)
    return result


def _read_as(measured: MeasuredModel) -> str:
    first = measured.autoencoders[0]
    height, width, channels = first.image_shape or (0, 0, 0)
    shown = f"images of {height} x {width} x {channels}" if measured.description.images else "codes"
    return read_as(f"{measured.n:,} {shown}", first, len(measured.trainings))


def write_report(result: Audit, folder: Path) -> None:
    """Write page, numbers and summary of an audit.

    Parameters
    ----------
    result : Audit
    folder : Path
        Of the report; made if it is missing.

    Raises
    ------
    StorageError
        If the folder holds files that no audit wrote; they stay.
    """
    if not folder.name.startswith(PARTIAL):  # one that `replacing` moves into its place
        with replacing(folder, KIND, RESULTS, some=True) as new:
            write_report(result, new)
        return
    from aelatent import figures
    from aelatent.report.audited import write_audit, write_audit_summary

    advised = result.recommendation
    software = environment.description(result.measured.description.folder)
    content = summary(result, software)
    files.write(folder / RESULTS, (json.dumps(content, indent=1) + "\n").encode())
    write_audit_summary(content, folder / SUMMARY)
    if advised is not None:
        figures.write(draws_figure(advised), folder / PICTURE)
        for name, picture in answer_strips(result).items():
            files.write(folder / ANSWER / f"{name}.png", picture)
    write_audit(content, PICTURE if advised else None, result.records, software, folder)


def save_samplers(advised: Recommendation | None, folder: Path) -> None:
    """Save the best sampler, and the best that keeps no codes if it is another.

    Parameters
    ----------
    advised : Recommendation or None
    folder : Path
    """
    recommended = [] if advised is None else advised.recommended
    for result, file in zip(recommended, (SAMPLER, SAMPLER_WITHOUT_CODES), strict=False):
        assert result.sampler is not None  # noqa: S101 -- for mypy: codes are no sampler
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
    recommended = [] if advised is None else advised.recommended
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
        "reconstruction": [each.plain() for each in measured.reconstructions],
        "refusals": list(measured.refusals),
        "judge": card_summary(measured),
        "advice": result.advice,
        "recommended": [result.short for result in recommended],
        "sampler": SAMPLER if recommended else None,
        "smooth": SAMPLER_WITHOUT_CODES if len(recommended) > 1 else None,
        "samplers": [] if advised is None else [dict(row) for row in advised.plain()],
        "code_summary": {**result.codes.to_dict(), "sentence": result.codes.sentence},
        "ok": result.ok,
        "found": result.found,
        "verdicts": dict(result.tally),
        "environment": dict(software),
    }


def draws_figure(advised: Recommendation) -> Figure:
    """Show the first draws of each sampler with the judge's marks, and at the end decoded codes."""
    from aelatent import figures  # matplotlib takes half a second

    results = (*advised.results, advised.reference)
    return figures.image_grid(
        {result.name: result.pixels for result in results},
        marks={result.name: result.accepted for result in results},
    )
