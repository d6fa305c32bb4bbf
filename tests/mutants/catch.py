"""Which defects changed a claim's effect or its verdict, and the table of docs/mutants.md."""

import json
from collections import defaultdict
from pathlib import Path

from tests.mutants.defects import DEFECTS

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
DOCUMENT = HERE.parents[1] / "docs" / "mutants.md"
BEGIN = "<!-- python -m tests.mutants -->\n"
NONE = "none"
NOT_APPLICABLE = "not applicable"


def catches(results):
    """Return, by claim, the defects that changed its verdict or a control's, or only its effect.

    Parameters
    ----------
    results : dict
        By defect, and by claim or control in it, its outcome and effects.

    Returns
    -------
    dict of str to tuple
        By claim: what changed, by defect; and the list of defects that changed only its effect.
    """
    sound = results[NONE]
    caught = {}
    for claim, before in sound.items():
        if before["control"] or before["outcome"] == NOT_APPLICABLE:
            continue
        changed, moved = {}, []
        for name in (name for name in DEFECTS if name in results):
            after = results[name].get(claim)
            if after is None:
                continue
            controls = failed_controls(results[name], sound, claim, before["id"])
            if after["outcome"] != before["outcome"]:
                changed[name] = after["outcome"]
            elif controls:
                changed[name] = "control"
            elif after["effects"] != before["effects"]:
                moved.append(name)
        caught[claim] = (changed, moved)
    return caught


def failed_controls(after, sound, claim, identifier):
    """Return the controls of a claim whose outcome a defect changed."""
    file = claim.partition("::")[0]
    return [
        name
        for name, control in sound.items()
        if control["control"]
        and control["id"] == identifier
        and name.startswith(file)
        and name in after
        and after[name]["outcome"] != control["outcome"]
    ]


def write_document(results):
    """Replace the table of docs/mutants.md."""
    text = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[0]
    DOCUMENT.write_text(text + BEGIN + "\n" + table(results), encoding="utf-8")


def table(results):
    """Return counts by defect, the claims that caught none, and the defects that each caught."""
    caught = catches(results)
    injected = [name for name in DEFECTS if name in results]
    missing = [name for name in DEFECTS if name not in results]
    kills = {name: [claim for claim, (by, _) in caught.items() if name in by] for name in injected}
    moved = {
        name: [claim for claim, (_, only) in caught.items() if name in only] for name in DEFECTS
    }
    survivors = [claim for claim, (by, _) in caught.items() if not by]
    alive = len(caught) - len(survivors)
    return "\n".join(
        [
            f"{alive} of {len(caught)} claims ({alive / len(caught):.0%}) catch a defect.",
            "",
            "| defect | what it does | caught by | changes only the effect of |",
            "|---|---|---|---|",
            *(
                f"| {name} | {DEFECTS[name].description} "
                f"| {len(kills[name])} | {len(moved[name])} |"
                for name in injected
            ),
            *([f"\nNot injected yet: {', '.join(missing)}."] if missing else []),
            "",
            "## Claims that catch none",
            "",
            *([] if survivors else ["None."]),
            *(survivor(results, claim, caught[claim][1]) for claim in survivors),
            "",
            "## The defects that each claim catches",
            "",
            "| claim | verdict without a defect | verdict, and the defects that lead to it |",
            "|---|---|---|",
            *(row(results, claim, by) for claim, (by, _) in sorted_by_id(results, caught)),
            "",
        ]
    )


def sorted_by_id(results, caught):
    """Return the claims in the order of their identifiers."""
    return sorted(caught.items(), key=lambda pair: (results[NONE][pair[0]]["id"], pair[0]))


def row(results, claim, by):
    """Return a claim's row: its defects grouped by outcome."""
    grouped = defaultdict(list)
    for name, outcome in by.items():
        grouped[outcome].append(name)
    cells = "; ".join(f"{outcome}: {', '.join(names)}" for outcome, names in grouped.items())
    before = results[NONE][claim]
    return f"| {before['id']} `{short(claim)}` | {before['outcome']} | {cells or 'none'} |"


def survivor(results, claim, moved):
    """Return the line of a claim that caught no defect: which of them changed its effect."""
    effect = f"its effect changes by {', '.join(moved)}" if moved else "its effect never changes"
    before = results[NONE][claim]
    return f"- {before['id']} `{short(claim)}`, {before['outcome']}: {effect}"


def short(claim):
    """Return the name of a claim's function and its model."""
    return claim.partition("::")[2].removeprefix("test_")


def stored():
    """Return the stored results of the last run."""
    return json.loads(RESULTS.read_text(encoding="utf-8"))
