"""The table of docs/parity.md: `python -m tests.parity.table` rewrites it."""

from pathlib import Path

# Imported for what they register.
from . import (  # noqa: F401
    distributions,
    files,
    inferences,
    judgements,
    linear,
    neighbours,
    two_samples,
)
from .register import CASES

DOCUMENT = Path(__file__).parents[2] / "docs" / "parity.md"
BEGIN = "<!-- tests/parity/table.py -->\n"

# Statistics without a reference, and why; tests/properties tests their known answers.
WITHOUT = {
    "axes.diagonal_law": "returns a cloud without correlations, not a number",
    "truncation.core_moments": "our own; a test recovers known moments from contaminated codes",
    "description.describe": "returns sentences, not a number",
    "description.measure": "gathers numbers of other statistics",
    "modes.mode_count": "our own; a test counts known clusters",
    "embedding.zoomed_void_share": "our own; a mean of `void_share`",
    "point_patterns.central_window": "chooses a window, returns no number",
}


def table():
    """Return the table: a row for each statistic, sorted by name."""
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
    module = case.compare.__module__.rpartition(".")[2]
    return f"| `{case.name}` | {case.reference} | {precision} | `{module}.py` |"


def document():
    """Return the document with an up-to-date table."""
    return DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[0] + BEGIN + "\n" + table()


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
