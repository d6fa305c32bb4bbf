"""The report as a site: a front page, the matrix, how often the checks err, and a page a claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from aelatent.inference.record import Record
from aelatent.report.arrangement import Arrangement, Claim, arrange, document
from aelatent.report.claim_view import Reading, plots_of, readings, strips
from aelatent.report.front import answer_of, front, grouped, overview
from aelatent.report.markup import inline, paragraphs
from aelatent.report.matrix import signs
from aelatent.report.measurements import measurements
from aelatent.report.model_groups import model_groups
from aelatent.report.multiplicity import multiplicity
from aelatent.report.project import Project
from aelatent.report.reliability import ALWAYS, open_claims, powers, reliability, worst_first
from aelatent.report.rendering import (
    decision,
    inside,
    render,
    stamp_of,
    stamped,
    variant,
    write_sheet,
)
from aelatent.report.source_code import source_code
from aelatent.report.sources import source_of
from aelatent.report.topics import Topic, filename, topics
from aelatent.runtime.files import write

__all__ = [
    "decision",
    "inline",
    "paragraphs",
    "variant",
    "write_page",
    "write_site",
]

HEADING = "Claims about latent spaces, tested"
EXPLORERS = "explore"  # the folder in which pages lie that `aelatent explore` writes
INDEX, SAMPLES = "index.html", "-samples.html"
LONGEST = 120  # claims on a page of the matrix
MOST_OPEN = 200  # open claims on the page of errors


def write_site(
    records: Iterable[Record],
    environment: Mapping[str, Any],
    folder: str | Path,
    sources: Mapping[str, str] | None = None,
    project: Project | None = None,
    explorers: Sequence[tuple[str, str]] | None = None,
) -> Path:
    """Write a front page, a matrix of claims by models, one of errors, and a page a claim.

    The page of a claim is written only where it shows something else than the file that is there.

    Parameters
    ----------
    records : iterable of Record
        In any order. What a record's `source` says before its first comma names the document.
    environment : mapping
        What the results depend on; "date" and "commit" also stand below the title. Values may be
        mappings and lists.
    folder : path
        Made if it is missing. Where a figure's file is missing, the page names it.
    sources : mapping of str to str, optional
        The full citation of a document, by the words that its name begins with.
    project : Project, optional
        What else the project says of its claims and models.
    explorers : sequence of (title, path), optional
        Pages within `folder` that others made, to be linked; by default those in "explore".

    Returns
    -------
    Path
        The front page, index.html.

    Raises
    ------
    ValueError
        If a figure's path leads out of `folder`.
    """
    folder, arrangement = Path(folder), arrange(records)
    project = _with(project, sources)
    found = topics(arrangement, project.favoured)
    shown = explorer_pages(folder) if explorers is None else list(explorers)
    write_sheet(folder)
    _write_claims(found, arrangement, folder, project, shown)
    _write_matrix(found, folder, environment, project)
    together = multiplicity(claim.record for claim in arrangement.claims)
    errors = _errors(found) | {
        "multiplicity": together,
        "fallen": [c for c in arrangement.claims if c.record.name in together.fallen],
        "place": place,
        "open_claims": open_claims(arrangement.claims),
        "most_open": MOST_OPEN,
    }
    render(folder, "errors.html", "errors.html", errors, environment, project, linked=True)
    content = front(arrangement, found, project, folder, shown)
    content |= {
        "title": HEADING,
        "place": place,
        "lone_controls": _lone(arrangement, found),
        "multiplicity": together,
    }
    return render(folder, "index.html", "index.html", content, environment, project, linked=True)


def write_page(
    records: Iterable[Record],
    environment: Mapping[str, Any],
    folder: str | Path,
    sources: Mapping[str, str] | None = None,
    name: str = "page.html",
    heading: str = HEADING,
) -> Path:
    """Write one page with everything that some records say.

    Parameters
    ----------
    records : iterable of Record
        In any order.
    environment, folder, sources
        As in `write_site`.
    name : str
        Place of the page in the folder.
    heading : str

    Returns
    -------
    Path
    """
    arrangement, project = arrange(records), _with(None, sources)
    content = _page(arrangement.claims, arrangement.lone_controls, project, Path(folder), [])
    content |= {"heading": heading, "title": heading}
    return render(Path(folder), name, "page.html", content, environment, project)


def explorer_pages(folder: Path) -> list[tuple[str, str]]:
    """Return name and path of every explorer in the report's folder; of no list and no wall."""
    return [
        (page.stem, f"{EXPLORERS}/{page.name}")
        for page in sorted((folder / EXPLORERS).glob("*.html"))
        if page.name != INDEX and not page.name.endswith(SAMPLES)
    ]


def place(claim: Claim) -> str:
    """Return where a claim's place is, from the report's folder."""
    return f"claims/{filename(claim.record.id)}#{claim.anchor}"


def _with(project: Project | None, sources: Mapping[str, str] | None) -> Project:
    project = project or Project()
    return project if sources is None else replace(project, sources=sources)


def _write_claims(
    found: Sequence[Topic],
    arrangement: Arrangement,
    folder: Path,
    project: Project,
    explorers: Sequence[tuple[str, str]],
) -> None:
    for before, topic, after in zip([None, *found], found, [*found[1:], None], strict=False):
        content = _page(topic.claims, [], project, folder, explorers)
        content |= {
            "title": f"{topic.id}: {topic.sentence}",
            "heading": topic.sentence,
            "topic": topic,
            "near": [None if near is None else (near.id, near.page) for near in (before, after)],
            **_answer(topic, project),
        }
        stamp = _stamp(content, project, folder)
        data = folder / topic.data
        if stamped(folder / topic.page) != stamp or not data.exists():
            controls = [c for reading in content["readings"] for c in reading.controls]
            write(data, measurements([*content["records"], *controls]).encode())
        render(folder, topic.page, "page.html", content, None, project, stamp, linked=True)
    if lone_controls := _lone(arrangement, found):
        content = _page([], lone_controls, project, folder, []) | {
            "heading": "Controls",
            "title": "Controls",
        }
        render(folder, "claims/controls.html", "page.html", content, None, project, linked=True)


def _answer(topic: Topic, project: Project) -> dict[str, Any]:
    """Return what the top and the end of a claim's page say of it as a whole."""
    answer, sentence = answer_of(topic, project), project.sentence(topic.id)
    source = source_of(topic.document, project)
    record = topic.headline.record
    came = "" if record.effect is None else f": {record.finding()} {record.unit}".rstrip()
    taken = source.citation if project.catalogue.source(topic.document) else source.name
    return {
        "answer": answer,
        "sentence": sentence,
        "source": source,
        "data": topic.data,
        "citation": f"aelatent, claim {topic.id}: \N{LEFT DOUBLE QUOTATION MARK}{topic.sentence}"
        f"\N{RIGHT DOUBLE QUOTATION MARK} {answer.capitalize()}. {sentence} "
        f"On {record.model or 'analytic'}{came}. The claim is taken from: {taken}",
    }


def _lone(arrangement: Arrangement, found: Sequence[Topic]) -> list[Record]:
    """Return the controls that no page of a claim shows."""
    known = {topic.id for topic in found}
    return [record for record in arrangement.lone_controls if record.id not in known]


def _page(
    claims: Sequence[Claim],
    lone_controls: Sequence[Record],
    project: Project,
    folder: Path,
    explorers: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    """Return what a page on some claims shows, whatever they are."""
    found = readings(claims, project.favoured)
    return {
        **overview(claims, lone_controls),
        "lone_controls": lone_controls,
        "topic": None,
        "answer": None,
        "data": "",
        "near": [None, None],
        "plots_of": plots_of,
        "strips": strips,
        "records": [claim.record for claim in claims],
        "readings": found,
        "documents": {id(reading): document(reading.headline.record) for reading in found},
        "codes": {id(reading): _code(reading, project) for reading in found},
        "explorers": {Path(p).stem: p for _, p in explorers if (folder / inside(p)).is_file()},
    }


def _code(reading: Reading, project: Project) -> str:
    record = reading.headline.record
    if project.root is None or not record.file:
        return ""
    return source_code(project.root / record.file, record.name.partition("[")[0])


def _stamp(content: Mapping[str, Any], project: Project, folder: Path) -> str:
    """Return the stamp of a claim's page: of all that it shows."""
    records = [*content["records"]]
    records += [c for reading in content["readings"] for c in reading.controls]
    figures = {path: (folder / inside(path)).is_file() for r in records for path in r.figures}
    models = {name: project.models.get(name) for r in records for name in r.models}
    topic = content["topic"]
    return stamp_of(
        [vars(record) for record in records],
        figures,
        models,
        project.remarks(topic.id),
        project.citation(topic.document),
        list(content["codes"].values()),
        [content[name] for name in ("answer", "sentence", "citation")],
        content["explorers"],
        content["near"],
    )


def _write_matrix(
    found: Sequence[Topic], folder: Path, environment: Mapping[str, Any], project: Project
) -> None:
    """Write the matrix, on as many pages as it needs."""
    starts = range(0, max(len(found), 1), LONGEST)
    sheets = [found[start : start + LONGEST] for start in starts]
    names = ["matrix.html", *(f"matrix-{n}.html" for n in range(2, len(sheets) + 1))]
    for name, sheet in zip(names, sheets, strict=True):
        content = {
            "title": "All claims by all models",
            "model_groups": model_groups(found, project),
            "chapters": [(d, list(group)) for d, group in groupby(sheet, lambda t: t.document)],
            "total": len(found),
            "sheets": list(zip(names, sheets, strict=True)),
            "name": name,
            "signs": lambda topic, column: signs(topic, column, place),
            "answer_of": lambda topic: answer_of(topic, project),
            "found_answers": [group.answer for group in grouped(found, project)],
        }
        render(folder, name, "matrix.html", content, environment, project, linked=True)


def _errors(found: Sequence[Topic]) -> dict[str, Any]:
    """Return what the page on the errors of checks shows."""
    rows = worst_first(reliability(found))
    checks = {(row.record.file, row.record.name.partition("[")[0]): row for row in rows}
    simulated = [row for row in checks.values() if row.rates]
    return {
        "rows": rows,
        "powers": powers(rows),
        "always": sum(bool(row.rates) and row.rates[2]["rate"] >= ALWAYS for row in rows),
        "functions": len(checks),
        "simulated": len(simulated),
        "exempt": sum(row.known is not None for row in checks.values()) - len(simulated),
        "title": "How often the checks err",
    }
