"""What the front page shows: the headlines, the verdicts, the cover, the numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

from aelatent.catalogue import Answer, answer_to
from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.report.agreement import agreement
from aelatent.report.arrangement import Arrangement, Claim
from aelatent.report.claim_view import Row
from aelatent.report.dot_plot import DotPlot, Scale
from aelatent.report.merging import earlier_runs
from aelatent.report.model_groups import model_groups
from aelatent.report.notation import as_expected
from aelatent.report.project import TURNED, Headline, Project
from aelatent.report.rendering import inside
from aelatent.report.sources import sources
from aelatent.report.topics import ANALYTIC, OWN, Topic, columns, columns_of

MOST = 150  # claims on the front page; the matrix has them all
IMAGES = (".webp", ".png")


@dataclass(frozen=True)
class Gauge:
    """One number of a headline: a claim on the model that represents all, with an axis."""

    topic: Topic
    row: Row
    scale: Scale


@dataclass(frozen=True)
class Card:
    """A headline with the number that answers it, and other claims about the same."""

    headline: Headline
    gauge: Gauge
    others: tuple[Topic, ...] = ()


@dataclass(frozen=True)
class Group:
    """Claims that came to the same; `more` are not shown."""

    answer: Answer
    topics: tuple[Topic, ...]
    more: int = 0


@dataclass(frozen=True)
class Segment:
    """A stretch of a stacked bar: so many claims came to the same.

    Attributes
    ----------
    answer : Answer
    count : int
    left, width : float
        In per cent of the bar.
    """

    answer: Answer
    count: int
    left: float
    width: float


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
    documents = sources(published, project)
    return {
        **overview(arrangement.claims, arrangement.lone_controls),
        "answers": answers(found, project),
        "cover": cover(found, project, folder),
        "explorers": [
            (title, path) for title, path in explorers if (folder / inside(path)).is_file()
        ],
        "model_groups": model_groups(found, project),
        "groups": _first(groups, MOST),
        "bar": segments(published, project),
        "sources": [(source, ours, segments(ours, project)) for source, ours in documents],
        "source_index": {t.id: n for n, (_, ours) in enumerate(documents) for t in ours},
        "agreement": agreement(found),
        "asked": [topic for topic in found if topic.document == OWN][:MOST],
        "published": published,
        "turned": [t for t in published if {*project.letters(t.id)} & {*TURNED}],
        "models": [
            m for m in columns(found) if m != ANALYTIC and any(map(_judged, found, repeat(m)))
        ],
        "topics": found,
        "answer_of": lambda topic: answer_of(topic, project),
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


def answers(found: Sequence[Topic], project: Project) -> list[Card]:
    """Return the headlines that claims of this run answer, each with one number.

    Parameters
    ----------
    found : sequence of Topic
        All topics of the run.
    project : Project

    Returns
    -------
    list of Card
    """
    known = {topic.id: topic for topic in found}
    answered = []
    for headline in project.headlines:
        chosen = [known[name] for name in headline.identifiers if name in known]
        gauges = [gauge for topic in chosen if (gauge := _gauge(topic))]
        if gauges:
            others = tuple(gauge.topic for gauge in gauges[1:])
            answered.append(Card(headline, gauges[0], others))
    return answered


def cover(
    found: Sequence[Topic], project: Project, folder: Path
) -> tuple[Topic, list[tuple[str, str]]] | None:
    """Find the claim whose pictures stand on the front page.

    Parameters
    ----------
    found : sequence of Topic
        All topics of the run.
    project : Project
    folder : Path
        The report's.

    Returns
    -------
    tuple of (Topic, list of (path, words)), or None
        None where the claim was not run or its pictures are missing.
    """
    for topic in found:
        pictures = topic.headline.record.pictures if topic.id == project.cover else []
        there = [
            (path, words)
            for path, words in pictures
            if path.endswith(IMAGES) and (folder / inside(path)).is_file()
        ]
        if there:
            return topic, there
    return None


def segments(found: Sequence[Topic], project: Project) -> list[Segment]:
    """Return the stacked bar of some claims by what they came to.

    Parameters
    ----------
    found : sequence of Topic
    project : Project

    Returns
    -------
    list of Segment
        Without empty ones.
    """
    made, left = [], 0.0
    for group in grouped(found, project):
        width = 100 * len(group.topics) / len(found)
        sizes = (len(group.topics), round(left, 2), round(width, 2))
        made.append(Segment(group.answer, *sizes))
        left += width
    return made


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
    parts: dict[Answer, list[Topic]] = {answer: [] for answer in Answer}
    for topic in found:
        parts[answer_of(topic, project)].append(topic)
    return [Group(answer, tuple(group)) for answer, group in parts.items() if group]


def answer_of(topic: Topic, project: Project) -> Answer:
    """Return what a claim came to over all models, as the catalogue computes it.

    Parameters
    ----------
    topic : Topic
    project : Project
        Its catalogue names the checks that are about another sentence and do not count.

    Returns
    -------
    Answer
    """
    entry = project.catalogue.entry(topic.id)
    counted = [
        claim.record.outcome
        for claim in topic.claims
        if claim.record.name.partition("[")[0] not in entry.beside
    ]
    return answer_to(counted, entry.status or project.statuses.get(topic.id, ""))


def _judged(topic: Topic, model: str) -> bool:
    """Whether a claim came to a verdict on a model."""
    return any(claim.record.parts for claim in topic.on(model))


def _first(groups: Sequence[Group], most: int) -> list[Group]:
    """Keep so many claims of all groups together, and count the others."""
    shown = []
    for group in groups:
        kept = group.topics[: max(most, 0)]
        most -= len(kept)
        shown.append(Group(group.answer, kept, len(group.topics) - len(kept)))
    return shown


def _gauge(topic: Topic) -> Gauge | None:
    """Return the number of a claim on the model that stands for all; None without one."""
    record = topic.headline.record
    if not record.parts:
        return None
    part = leading(record)
    dot_plot = DotPlot.of(part, record.source_value)
    row = Row(record, part, dot_plot, topic.headline.anchor)
    return Gauge(topic, row, Scale.of(dot_plot.numbers))


def leading(record: Record) -> dict[str, Any]:
    """Return the part of a claim that stands at the top of its record."""
    return next((p for p in record.parts if p["effect"] == record.effect), record.parts[0])
