"""The table of docs/parity.md: `python -m tests.parity.table` writes it anew."""

from pathlib import Path

# Imported for what they register.
from . import (  # noqa: F401
    files,
    inferences,
    judgements,
    laws,
    linear,
    neighbours,
    two_samples,
)
from .register import CASES

DOCUMENT = Path(__file__).parents[2] / "docs" / "parity.md"
BEGIN = "<!-- tests/parity/table.py -->\n"

# What has no reference, and why: properties and known answers hold it, see tests/properties.
WITHOUT = {
    "axes.diagonal_law": "a cloud with its correlations struck out, no number",
    "truncation.core_moments": "of our own making; recovers known moments under contamination",
    "description.describe": "sentences about codes, no number",
    "modes.mode_count": "of our own making; counts known clusters",
    "embedding.zoomed_void_share": "of our own making; a mean of `void_share`",
    "point_patterns.central_window": "a choice of a window, no number",
}


def table():
    """Return the rows, a statistic each, in the order of their names."""
    rows = [row(case) for case in sorted(CASES.values(), key=lambda case: case.name)]
    reasons = [f"| `{name}` | {reason} |" for name, reason in sorted(WITHOUT.items())]
    return "\n".join(
        [
            "| statistic | reference | precision | in tests/parity |",
            "|---|---|---|---|",
            *rows,
            "",
            "## Without a reference",
            "",
            "| statistic | why |",
            "|---|---|",
            *reasons,
            "",
        ]
    )


def row(case):
    """Return the row of a case."""
    precision = f"{case.precision:.0e}" if case.precision else "exact"
    room = case.compare.__module__.rpartition(".")[2]
    return f"| `{case.name}` | {case.reference} | {precision} | `{room}.py` |"


def document():
    """Return the document with the table as it should be."""
    return DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[0] + BEGIN + "\n" + table()


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
