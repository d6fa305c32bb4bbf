"""Records as a results file, a static page, a table for the terminal and one for Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from aelatent.inference.record import Record
from aelatent.report.merging import merged
from aelatent.report.project import Headline, Model, Project
from aelatent.report.results import Results, read_results, write_results
from aelatent.report.site import write_site
from aelatent.report.summary import write_summary
from aelatent.report.terminal import verdict_table

__all__ = [
    "Headline",
    "Model",
    "Project",
    "Results",
    "merged",
    "read_results",
    "verdict_table",
    "write_report",
    "write_results",
    "write_site",
    "write_summary",
]


def write_report(
    records: Iterable[Record],
    environment: Mapping[str, Any],
    folder: str | Path,
    sources: Mapping[str, str] | None = None,
    project: Project | None = None,
    explorers: Sequence[tuple[str, str]] | None = None,
) -> list[Path]:
    """Write index.html, results.json and summary.md.

    A run of some claims adds the records of earlier runs with `merged` first.

    Parameters
    ----------
    records : iterable of Record
        In any order.
    environment : mapping
        What the results depend on.
    folder : path
        Made if it is missing.
    sources, project, explorers : optional
        As in `write_site`.

    Returns
    -------
    list of Path
        index.html, results.json and summary.md.

    Raises
    ------
    ValueError
        If a figure's path leads out of the folder, or a value cannot be written as JSON.
    """
    records, folder = list(records), Path(folder)
    results, summary = folder / "results.json", folder / "summary.md"
    write_results(records, environment, results)
    write_summary(records, environment, summary, project.catalogue if project else None)
    return [write_site(records, environment, folder, sources, project, explorers), results, summary]
