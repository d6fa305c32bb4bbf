"""The page of an audit: what to draw from, what breaks, and what the claims say of the model."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aelatent.inference.percentage import percent
from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.report.arrangement import arrange
from aelatent.report.rendering import render
from aelatent.report.results import read_results
from aelatent.report.site import explorer_pages
from aelatent.report.summary import escaped
from aelatent.report.topics import filename
from aelatent.runtime.files import read, write

AUDIT, VERDICTS, PICTURE = "audit.json", "verdicts", "figures/draws.png"


def write_audit(
    content: Mapping[str, Any],
    picture: str | None,
    records: Sequence[Record],
    environment: Mapping[str, Any],
    folder: Path,
) -> Path:
    """Write index.html of an audit.

    Parameters
    ----------
    content : mapping
        What `aelatent.audit.running.summary` returns.
    picture : str or None
        The picture of the first draws of each sampler, from `folder`.
    records : sequence of Record
        The verdicts, whose own pages lie in the folder "verdicts".
    environment : mapping
        What the results depend on.
    folder : Path

    Returns
    -------
    Path
    """
    claims = arrange(records).claims
    lacking: dict[str, list[Record]] = defaultdict(list)
    for claim in claims:
        if claim.record.outcome == Outcome.NOT_APPLICABLE:
            lacking[claim.record.message].append(claim.record)
    page = {
        **{key: value for key, value in content.items() if key != "environment"},
        "title": f"Audit of {content['name']}",
        "answer": _answer(content),
        "rows": _rows(content, folder),
        "picture": picture,
        "judged": [c for c in claims if c.record.outcome != Outcome.NOT_APPLICABLE],
        "lacking": sorted(lacking.items(), key=lambda item: -len(item[1])),
        "explorers": explorer_pages(folder),
        "page_of": lambda claim: f"{VERDICTS}/claims/{filename(claim.record.id)}#{claim.anchor}",
    }
    return render(folder, "index.html", "audit.html", page, environment)


def _answer(content: Mapping[str, Any]) -> str:
    """Return the answer in a line."""
    if content["refusals"]:
        return "This latent space cannot be sampled yet"
    if not content["samplers"]:
        return "There is no decoder: nothing can be decoded"
    if not content["recommended"]:
        return "No sampler that was tried works"
    best = next(r for r in content["samplers"] if r["short"] == content["recommended"][0])
    return f"It can be sampled: {best['name']}"


def _rows(content: Mapping[str, Any], folder: Path) -> list[dict[str, Any]]:
    """Return the rows of decoded draws that stand beside the answer, the recommended first."""
    order = [*content["recommended"][:1], "codes", "standard-normal"]
    known = {row["short"]: row for row in content["samplers"]}
    pictures = {short: f"figures/answer/{short}.png" for short in order if short in known}
    return [
        {**known[short], "picture": path, "shown": f"Decoded draws: {known[short]['name']}."}
        for short, path in pictures.items()
        if (folder / path).is_file()
    ]


def write_audit_again(folder: Path) -> Path | None:
    """Write index.html of an audit anew from what its folder holds, with links to new explorers.

    Returns
    -------
    Path or None
        None where the folder holds no audit.
    """
    file, results = folder / AUDIT, folder / VERDICTS / "results.json"
    if not file.is_file():
        return None
    content = json.loads(read(file))
    records = read_results(results).records if content["verdicts"] else ()
    picture = PICTURE if (folder / PICTURE).is_file() else None
    return write_audit(content, picture, records, content["environment"], folder)


def write_audit_summary(content: Mapping[str, Any], path: Path) -> None:
    """Write the advice and the table of samplers as Markdown, for the page of a CI job.

    Parameters
    ----------
    content : mapping
        What `aelatent.audit.running.summary` returns.
    path : Path
        Of the file.
    """
    lines = [f"## Audit of {escaped(content['name'])}", ""]
    for each in content["reconstruction"]:
        answer = "reconstructs" if each["sufficient"] else "**does not reconstruct**"
        lines.append(
            f"- It {answer}: mean squared error {each['error']['value']:.3g}, linear code "
            f"{each['linear']:.3g}, mean image {each['mean_image']:.3g}"
        )
    lines += [f"- {escaped(line)}" for line in content["advice"]]
    if content["samplers"]:
        lines += ["", "| sampler | clean | recall | coverage |", "|---|---|---|---|"]
    for row in content["samplers"]:
        numbers = (row[name] for name in ("hits", "recall", "coverage"))
        cells = [percent(number["value"], number["interval"]) for number in numbers]
        lines.append(f"| {escaped(row['short'])} | {' | '.join(cells)} |")
    write(path, ("\n".join(lines) + "\n").encode())
