"""What the front page shows: the headlines, the verdicts, the cover, the numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

from aelatent.inference.rules import Outcome, Record
from aelatent.report.arrangement import Arrangement, Claim
from aelatent.report.claim_view import Row, readings
from aelatent.report.dot_plot import DotPlot, Scale
from aelatent.report.merging import earlier_runs
from aelatent.report.model_groups import model_groups
from aelatent.report.notation import as_expected
from aelatent.report.project import TURNED, Headline, Project
from aelatent.report.rendering import inside
from aelatent.report.topics import ANALYTIC, OWN, Topic, columns, columns_of

MOST = 150  # claims on the front page; the matrix has them all
IMAGES = (".webp", ".png")
HELD, PARTLY, FELL = "Held", "Held in part", "Did not hold"
OPEN, GIVEN, LACKING = "Not decided", "True by construction", "Not tested"
NOTES = {
    FELL: "The interval lies where the claim says it should not, wherever these trainings decide.",
    PARTLY: "Supported on some models, or in one reading, and refuted on others.",
    HELD: "Supported wherever these trainings decide, and refuted nowhere.",
    OPEN: "The interval reaches across the margin, or the judge decides, on every model.",
    GIVEN: "Sentences that follow from a definition. They were checked all the same.",
    LACKING: "No model has what these claims need, or their check broke.",
}


@dataclass(frozen=True)
class Gauge:
    """One number of a headline: a claim on the model that represents all, with an axis."""

    topic: Topic
    sentence: str
    row: Row
    scale: Scale


@dataclass(frozen=True)
class Answer:
    """A headline with the numbers that answer it."""

    headline: Headline
    gauges: tuple[Gauge, ...]


@dataclass(frozen=True)
class Group:
    """Claims that came to the same; `more` are not shown."""

    name: str
    note: str
    topics: tuple[Topic, ...]
    more: int = 0


def front(
    arrangement: Arrangement,
    found: Sequence[Topic],
    project: Project,
    folder: Path,
    explorers: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    """Return everything that the template of the front page asks for.

    Parameters
    ----------
    arrangement : Arrangement
    found : sequence of Topic
        All topics of the run.
    project : Project
    folder : Path
        The report's; figures and pages that are not there are left out.
    explorers : sequence of (title, path)
        Pages to link.

    Returns
    -------
    dict
        Names in the template and their values.
    """
    published = [topic for topic in found if topic.document != OWN]
    groups = grouped(published, project)
    return {
        **overview(arrangement.claims, arrangement.lone_controls),
        "answers": answers(found, project),
        "cover": cover(found, project, folder),
        "explorers": [
            (title, path) for title, path in explorers if (folder / inside(path)).is_file()
        ],
        "model_groups": model_groups(found, project),
        "groups": _first(groups, MOST),
        "counts": [(group.name, len(group.topics)) for group in groups],
        "asked": [topic for topic in found if topic.document == OWN][:MOST],
        "published": published,
        "documents": list(dict.fromkeys(topic.document for topic in published)),
        "turned": [t for t in published if {*project.letters(t.id)} & {*TURNED}],
        "numbered": [
            t
            for t in found
            if t.headline.record.source_value is not None and t.headline.record.parts
        ],
        "models": [
            m for m in columns(found) if m != ANALYTIC and any(map(_judged, found, repeat(m)))
        ],
        "topics": found,
        "earlier": earlier_runs(_all_records(arrangement)),
        "older": [topic for topic in found if any(claim.record.date for claim in topic.claims)],
    }


def _all_records(arrangement: Arrangement) -> list[Record]:
    return [*(claim.record for claim in arrangement.claims), *arrangement.controls]


def overview(claims: Sequence[Claim], lone_controls: Sequence[Record]) -> dict[str, Any]:
    """Count runs and controls, and list what came out other than expected.

    Parameters
    ----------
    claims : sequence of Claim
    lone_controls : sequence of Record
        Controls that stand beside none of the claims.

    Returns
    -------
    dict
        Names in the templates and their values.
    """
    beside = {id(control): control for claim in claims for control in claim.controls}
    controls = [*beside.values(), *lone_controls]
    counted = Counter(claim.record.outcome for claim in claims)
    trained = [c.record for c in claims if c.record.per_replicate and c.record.model != ANALYTIC]
    return {
        "claims": list(claims),
        "tally": [(outcome, counted[outcome]) for outcome in Outcome if counted[outcome]],
        "models": sorted({m for c in claims for m in columns_of(c.record)} - {ANALYTIC}),
        "replicates": sorted({len(record.per_replicate) for record in trained}),
        "controls": controls,
        "unexpected": [c for c in claims if as_expected(c.record) is False],
        "failed_controls": [c for c in controls if as_expected(c) is False],
    }


def answers(found: Sequence[Topic], project: Project) -> list[Answer]:
    """Return the headlines that claims of this run answer, each reading with its number.

    Parameters
    ----------
    found : sequence of Topic
        All topics of the run.
    project : Project

    Returns
    -------
    list of Answer
    """
    known = {topic.id: topic for topic in found}
    answered = []
    for headline in project.headlines:
        chosen = [known[name] for name in headline.identifiers if name in known]
        gauges = tuple(gauge for topic in chosen for gauge in _gauges(topic))
        if gauges:
            answered.append(Answer(headline, gauges))
    return answered


def cover(found: Sequence[Topic], project: Project, folder: Path) -> tuple[Topic, str, str] | None:
    """Find the claim whose picture stands on the front page.

    Parameters
    ----------
    found : sequence of Topic
        All topics of the run.
    project : Project
    folder : Path
        The report's.

    Returns
    -------
    tuple of (Topic, path, words), or None
        None where the claim was not run or its picture is missing.
    """
    for topic in found:
        for path, words in topic.headline.record.pictures if topic.id == project.cover else []:
            if path.endswith(IMAGES) and (folder / inside(path)).is_file():
                return topic, path, words
    return None


def grouped(found: Sequence[Topic], project: Project) -> list[Group]:
    """Group the claims by what they came to.

    Parameters
    ----------
    found : sequence of Topic
        All topics of the run.
    project : Project

    Returns
    -------
    list of Group
        Without empty ones.
    """
    parts: dict[str, list[Topic]] = {n: [] for n in (FELL, PARTLY, HELD, OPEN, GIVEN, LACKING)}
    for topic in found:
        parts[_group_name(topic, project)].append(topic)
    return [Group(name, NOTES[name], tuple(group)) for name, group in parts.items() if group]


def _judged(topic: Topic, model: str) -> bool:
    """Whether a claim came to a verdict on a model."""
    return any(claim.record.parts for claim in topic.on(model))


def _group_name(topic: Topic, project: Project) -> str:
    outcomes = {outcome for outcome, _ in topic.tally}
    if "T" in project.letters(topic.id) and Outcome.REFUTED not in outcomes:
        return GIVEN
    if {Outcome.REFUTED, Outcome.SUPPORTED} <= outcomes:
        return PARTLY
    for outcome, name in (
        (Outcome.REFUTED, FELL),
        (Outcome.SUPPORTED, HELD),
        (Outcome.INCONCLUSIVE, OPEN),
    ):
        if outcome in outcomes:
            return name
    return LACKING


def _first(groups: Sequence[Group], most: int) -> list[Group]:
    """Keep so many claims of all groups together, and count the others."""
    shown = []
    for group in groups:
        kept = group.topics[: max(most, 0)]
        most -= len(kept)
        shown.append(Group(group.name, group.note, kept, len(group.topics) - len(kept)))
    return shown


def _gauges(topic: Topic) -> list[Gauge]:
    found = []
    for reading in readings(topic.claims):
        record = reading.headline.record
        if record.parts:
            part = leading(record)
            dot_plot = DotPlot.of(part, record.source_value)
            row = Row(record, part, dot_plot, reading.headline.anchor)
            found.append(Gauge(topic, reading.sentence, row, Scale.of(dot_plot.numbers)))
    return found


def leading(record: Record) -> dict[str, Any]:
    """Return the part of a claim that stands at the top of its record."""
    return next((p for p in record.parts if p["effect"] == record.effect), record.parts[0])
