"""What the front page shows: the headlines, the verdicts, the cover, the numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

from markupsafe import Markup

from aelatent.inference.rules import Outcome, Record
from aelatent.report.agreement import agreement
from aelatent.report.arrangement import Arrangement, Claim
from aelatent.report.claim_view import Row
from aelatent.report.dot_plot import DotPlot, Scale
from aelatent.report.markup import inline
from aelatent.report.merging import earlier_runs
from aelatent.report.model_groups import model_groups
from aelatent.report.notation import as_expected, effect, limits
from aelatent.report.project import TURNED, Headline, Project
from aelatent.report.rendering import inside
from aelatent.report.sources import sources
from aelatent.report.topics import ANALYTIC, OWN, Topic, columns, columns_of

_NUMBER = re.compile(r"\{(?P<id>[^{}:]+)(?P<percent>:%)?\}")
MOST = 150  # claims on the front page; the matrix has them all
IMAGES = (".webp", ".png")
HELD, PARTLY, FELL = "Held", "Held in part", "Did not hold"
OPEN, GIVEN, LACKING = "Open", "True by construction", "Not tested"
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
    row: Row
    scale: Scale


@dataclass(frozen=True)
class Answer:
    """A headline with the number that answers it, and other claims about the same."""

    headline: Headline
    gauge: Gauge
    others: tuple[Topic, ...] = ()


@dataclass(frozen=True)
class Group:
    """Claims that came to the same; `more` are not shown."""

    name: str
    note: str
    topics: tuple[Topic, ...]
    more: int = 0

    @property
    def slug(self) -> str:
        """The name as a word of a page's address."""
        return slug(self.name)


@dataclass(frozen=True)
class Segment:
    """A stretch of a stacked bar: so many claims came to the same.

    Attributes
    ----------
    name, slug : str
    count : int
    left, width : float
        In per cent of the bar.
    """

    name: str
    slug: str
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
        "upshot": upshot(found, project),
        "sources": [(source, segments(source.topics, project)) for source in documents],
        "source_index": {topic.id: n for n, s in enumerate(documents) for topic in s.topics},
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


def answers(found: Sequence[Topic], project: Project) -> list[Answer]:
    """Return the headlines that claims of this run answer, each with one number.

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
        gauges = [gauge for topic in chosen if (gauge := _gauge(topic))]
        if gauges:
            others = tuple(gauge.topic for gauge in gauges[1:])
            answered.append(Answer(headline, gauges[0], others))
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


def upshot(found: Sequence[Topic], project: Project) -> Markup:
    """Return the project's upshot with the numbers of this run; nothing where one is missing.

    Parameters
    ----------
    found : sequence of Topic
        All topics of the run.
    project : Project

    Returns
    -------
    Markup
        Each number links to the page of its claim.
    """
    known = {topic.id: topic for topic in found if topic.headline.record.parts}
    pieces, end = [], 0
    for match in _NUMBER.finditer(project.upshot):
        if match["id"] not in known:
            return Markup("")
        topic = known[match["id"]]
        number = _percent(topic.headline.record) if match["percent"] else _plain(topic)
        link = Markup('<a href="{}">{}</a>').format(topic.page, number)
        pieces += [inline(project.upshot[end : match.start()]), link]
        end = match.end()
    return Markup("").join([*pieces, inline(project.upshot[end:])])


def _plain(topic: Topic) -> str:
    record = topic.headline.record
    return f"{effect(record.effect, record.interval)} {limits(record.interval)}".strip()


def _percent(record: Record) -> str:
    """Write an effect and its interval in whole per cent, or finer where they are below one."""
    low, high = record.interval or (0.0, 0.0)
    texts = [f"{100 * value:.{0 if high >= 0.02 else 2}f}" for value in (low, high)]
    middle = f"{100 * (record.effect or 0):.{0 if high >= 0.02 else 1}f}"
    return f"{middle}\N{NO-BREAK SPACE}% [{texts[0]}, {texts[1]}]"


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
        made.append(Segment(group.name, group.slug, *sizes))
        left += width
    return made


def slug(name: str) -> str:
    """Return a name as a word of addresses and style sheets.

    Examples
    --------
    >>> slug("Held in part")
    'held-in-part'
    """
    return name.lower().replace(" ", "-")


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
    parts: dict[str, list[Topic]] = {n: [] for n in (HELD, PARTLY, FELL, OPEN, GIVEN, LACKING)}
    for topic in found:
        parts[_group_name(topic, project)].append(topic)
    return [Group(name, NOTES[name], tuple(group)) for name, group in parts.items() if group]


def answer_of(topic: Topic, project: Project) -> Group:
    """Return what a claim came to over all models.

    Parameters
    ----------
    topic : Topic
    project : Project

    Returns
    -------
    Group
        Of this claim alone.
    """
    (group,) = grouped([topic], project)
    return group


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
