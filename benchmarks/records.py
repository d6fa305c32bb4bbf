"""Results of benchmarks, as a file and as a page."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml
from filelock import FileLock

from aelatent.runtime import environment, files

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results.json"
CAUSES = ROOT / "benchmarks" / "causes.yaml"
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN = "<!-- python -m benchmarks --page -->\n"
PEERS = ("prdc", "hyppo", "openTSNE", "torch", "faiss-cpu", "scikit-learn")


@dataclass(frozen=True)
class Record:
    """One figure: a ratio to a peer, or to a limit.

    Attributes
    ----------
    name, against : str
    ratio : float
        How many times better than the peer or the limit; for orders of growth, how far off.
    aim : float
    better : str
        Whether "more" or "less" of the ratio is better.
    detail : str
        Absolute numbers, and how busy the machine was.
    """

    name: str
    against: str
    ratio: float
    aim: float
    better: str = "more"
    detail: str = ""

    @property
    def met(self) -> bool:
        """Whether the aim was met."""
        return self.ratio >= self.aim if self.better == "more" else self.ratio <= self.aim

    def plain(self) -> dict[str, Any]:
        """Return the record in plain types."""
        return {**asdict(self), "met": self.met}


def busy() -> str:
    """Say how many processes wanted a core in the last minute."""
    return f"load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"


def results(path: Path | None = None) -> dict[str, Any]:
    """Read the results; none where nothing was measured yet."""
    path = path or RESULTS
    if not path.exists():
        return {"benchmarks": []}
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def keep(record: Record, path: Path | None = None) -> None:
    """Write a record to the results: in the place of that of its name, or after the others."""
    with FileLock(ROOT / "benchmarks" / ".results.lock"):
        before = results(path)
        known = {found["name"]: found for found in before["benchmarks"]}
        commit = environment.commit(ROOT)
        content = {
            "recorded": datetime.now(UTC).isoformat(timespec="seconds"),
            "commit": commit,
            "hardware": environment.hardware(),
            # Rows of peers that are not installed now still stand.
            "versions": before.get("versions", {})
            | environment.versions()
            | {p: v for p in PEERS if (v := version(p))},
            "benchmarks": [*(known | {record.name: {**record.plain(), "commit": commit}}).values()],
        }
        files.write(path or RESULTS, (json.dumps(content, indent=1) + "\n").encode())


def version(package: str) -> str | None:
    """Return the version of a package; None where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def causes() -> dict[str, str]:
    """Return why aims are missed and what to try next, by the names of the figures."""
    content: dict[str, str] = yaml.safe_load(CAUSES.read_text(encoding="utf-8")) or {}
    return {name: " ".join(text.split()) for name, text in content.items()}


def page() -> str:
    """Return the page as it should be, with what stands above its table."""
    above = PAGE.read_text(encoding="utf-8").partition(BEGIN)[0] if PAGE.exists() else ""
    found = results()
    growth = [record for record in found["benchmarks"] if record["against"].startswith("order ")]
    figures = [record for record in found["benchmarks"] if record not in growth]
    missed = [record["name"] for record in found["benchmarks"] if not record["met"]]
    known = causes()
    hardware = found.get("hardware", {})
    lines = [
        f"{hardware.get('processor')}, {hardware.get('cores')} cores, "
        f"{hardware.get('accelerator') or 'no GPU'}; last written {found.get('recorded')}.",
        "",
        *table(figures),
        "",
        "## Missed aims",
        "",
        *(f"- **{name}.** {known.get(name, 'No cause is known yet.')}" for name in missed),
        *([] if missed else ["None."]),
        "",
        "## How costs grow",
        "",
        *table(sorted(growth, key=lambda record: str(record["name"]))),
    ]
    return above + BEGIN + "\n" + "\n".join(lines) + "\n"


def table(records: list[dict[str, Any]]) -> list[str]:
    """Return the lines of a table of records."""
    head = ["| what | against | ratio | aim | | detail |", "|---|---|---|---|---|---|"]
    return head + [row(record) for record in records]


def row(record: dict[str, Any]) -> str:
    """Return the row of a record."""
    sign = "≥" if record["better"] == "more" else "≤"
    met = "met" if record["met"] else "**missed**"
    cells = (record["name"], record["against"], f"{record['ratio']:g}", f"{sign} {record['aim']:g}")
    return f"| {' | '.join(cells)} | {met} | {record['detail']} |"


def write_page() -> None:
    """Rewrite the page."""
    files.write(PAGE, page().encode())
