"""The report as a site: a front page, the matrix, how often the checks err, and a page a claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from aelatent.inference.rules import Record
from aelatent.report.arrangement import Arrangement, Claim, arrange, document
from aelatent.report.excerpt import excerpt
from aelatent.report.families import families
from aelatent.report.front import front, overview
from aelatent.report.guide import Guide
from aelatent.report.multiplicity import adjusted
from aelatent.report.prose import inline, prose
from aelatent.report.readings import Reading, plots_of, readings
from aelatent.report.reliability import reliability
from aelatent.report.rendering import decision, inside, render, stamp_of, variant, write_template
from aelatent.report.topics import Topic, filename, topics

__all__ = [
    "decision",
    "inline",
    "prose",
    "variant",
    "write_page",
    "write_site",
    "write_template",
]

HEADING = "Claims about latent spaces, tested"
EXPLORERS = "explore"  # the folder in which pages lie that `aelatent explore` writes
INDEX, SAMPLES = "index.html", "-samples.html"
LONGEST = 120  # claims on a page of the matrix


def write_site(
    records: Iterable[Record],
    environment: Mapping[str, Any],
    folder: str | Path,
    sources: Mapping[str, str] | None = None,
    guide: Guide | None = None,
    exhibits: Sequence[tuple[str, str]] | None = None,
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
        Made if it is missing. A figure that is not there is named on the page in its stead.
    sources : mapping of str to str, optional
        The full citation of a document, by the words that its name begins with.
    guide : Guide, optional
        What else the project says of its claims and models.
    exhibits : sequence of (title, path), optional
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
    guide = _with(guide, sources)
    found = topics(arrangement)
    shown = explorers(folder) if exhibits is None else list(exhibits)
    _write_claims(found, arrangement, folder, guide, shown)
    _write_matrix(found, folder, environment, guide)
    render(folder, "errors.html", "errors.html", _errors(found), environment, guide)
    content = front(arrangement, found, guide, folder, shown)
    content |= {"title": HEADING, "place": place, "strays": _alone(arrangement, found)}
    return render(folder, "index.html", "index.html", content, environment, guide)


def write_page(
    records: Iterable[Record],
    environment: Mapping[str, Any],
    folder: str | Path,
    sources: Mapping[str, str] | None = None,
    name: str = "page.html",
    heading: str = HEADING,
) -> Path:
    """Write one page with everything that some records say; return it.

    `name` is its place in the folder. Otherwise as `write_site`.
    """
    arrangement, guide = arrange(records), _with(None, sources)
    content = _page(arrangement.claims, arrangement.strays, guide, Path(folder), [])
    content |= {"heading": heading, "title": heading}
    return render(Path(folder), name, "page.html", content, environment, guide)


def explorers(folder: Path) -> list[tuple[str, str]]:
    """Return name and path of every explorer in the report's folder; of no list and no wall."""
    return [
        (page.stem, f"{EXPLORERS}/{page.name}")
        for page in sorted((folder / EXPLORERS).glob("*.html"))
        if page.name != INDEX and not page.name.endswith(SAMPLES)
    ]


def place(claim: Claim) -> str:
    """Return where a claim's place is, from the report's folder."""
    return f"claims/{filename(claim.record.id)}#{claim.anchor}"


def _with(guide: Guide | None, sources: Mapping[str, str] | None) -> Guide:
    guide = guide or Guide()
    return guide if sources is None else replace(guide, sources=sources)


def _write_claims(
    found: Sequence[Topic],
    arrangement: Arrangement,
    folder: Path,
    guide: Guide,
    exhibits: Sequence[tuple[str, str]],
) -> None:
    claims = arrangement.claims
    family = adjusted(claim.record for claim in claims)
    for before, topic, after in zip([None, *found], found, [*found[1:], None], strict=False):
        content = _page(topic.claims, [], guide, folder, exhibits)
        content |= {
            "title": f"{topic.id}: {topic.sentence}",
            "heading": topic.sentence,
            "topic": topic,
            "near": [None if near is None else (near.id, near.page) for near in (before, after)],
            "holm": {r.name: family[r.name] for r in content["records"] if r.name in family},
            "tested": len(family),
        }
        stamp = _stamp(content, guide, folder)
        render(folder, topic.page, "page.html", content, guide=guide, stamp=stamp)
    if strays := _alone(arrangement, found):
        content = _page([], strays, guide, folder, []) | {
            "heading": "Controls",
            "title": "Controls",
        }
        render(folder, "claims/controls.html", "page.html", content, guide=guide)


def _alone(arrangement: Arrangement, found: Sequence[Topic]) -> list[Record]:
    """Return the controls that no page of a claim shows."""
    known = {topic.id for topic in found}
    return [record for record in arrangement.strays if record.id not in known]


def _page(
    claims: Sequence[Claim],
    strays: Sequence[Record],
    guide: Guide,
    folder: Path,
    exhibits: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    """Return what a page on some claims shows, whatever they are."""
    found = readings(claims)
    return {
        **overview(claims, strays),
        "strays": strays,
        "topic": None,
        "near": [None, None],
        "plots_of": plots_of,
        "records": [claim.record for claim in claims],
        "readings": found,
        "documents": {id(reading): document(reading.headline.record) for reading in found},
        "codes": {id(reading): _code(reading, guide) for reading in found},
        "exhibits": {Path(p).stem: p for _, p in exhibits if (folder / inside(p)).is_file()},
        "tested": 0,
    }


def _code(reading: Reading, guide: Guide) -> str:
    record = reading.headline.record
    if guide.root is None or not record.file:
        return ""
    return excerpt(guide.root / record.file, record.name.partition("[")[0])


def _stamp(content: Mapping[str, Any], guide: Guide, folder: Path) -> str:
    """Return the stamp of a claim's page: of all that it shows."""
    records = [*content["records"]]
    records += [c for reading in content["readings"] for c in reading.controls]
    figures = {path: (folder / inside(path)).is_file() for r in records for path in r.figures}
    models = {name: guide.models.get(name) for r in records for name in r.models}
    topic = content["topic"]
    return stamp_of(
        [asdict(record) for record in records],
        figures,
        models,
        guide.remarks(topic.id),
        guide.citation(topic.document),
        list(content["codes"].values()),
        content["exhibits"],
        content["near"],
        content["holm"],
        content["tested"],
    )


def _write_matrix(
    found: Sequence[Topic], folder: Path, environment: Mapping[str, Any], guide: Guide
) -> None:
    """Write the matrix, on as many pages as it needs."""
    starts = range(0, max(len(found), 1), LONGEST)
    sheets = [found[start : start + LONGEST] for start in starts]
    names = ["matrix.html", *(f"matrix-{n}.html" for n in range(2, len(sheets) + 1))]
    for name, sheet in zip(names, sheets, strict=True):
        content = {
            "title": "All claims by all models",
            "families": families(found, guide),
            "chapters": [(d, list(group)) for d, group in groupby(sheet, lambda t: t.document)],
            "total": len(found),
            "sheets": list(zip(names, sheets, strict=True)),
            "name": name,
            "place": place,
        }
        render(folder, name, "matrix.html", content, environment, guide)


def _errors(found: Sequence[Topic]) -> dict[str, Any]:
    """Return what the page on the errors of checks shows."""
    rows = reliability(found)
    checks = {(row.record.file, row.record.name.partition("[")[0]): row for row in rows}
    played = [row for row in checks.values() if row.rates]
    return {
        "rows": rows,
        "functions": len(checks),
        "played": len(played),
        "exempt": sum(row.known is not None for row in checks.values()) - len(played),
        "title": "How often the checks err",
    }
