"""The page of an audit: what to draw from, what breaks, and what the claims say of the model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aelatent.inference.rules import Outcome, Record
from aelatent.report.arrangement import arrange
from aelatent.report.rendering import render
from aelatent.report.topics import filename

VERDICTS = "verdicts"


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
        "picture": picture,
        "judged": [c for c in claims if c.record.outcome != Outcome.NOT_APPLICABLE],
        "lacking": sorted(lacking.items(), key=lambda item: -len(item[1])),
        "page_of": lambda claim: f"{VERDICTS}/claims/{filename(claim.record.id)}#{claim.anchor}",
    }
    return render(folder, "index.html", "audit.html", page, environment)
