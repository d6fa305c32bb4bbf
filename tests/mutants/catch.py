"""Which defects a claim felt and which it caught, and the table of docs/mutants.md."""

import json
from collections import defaultdict
from pathlib import Path

from tests.mutants.defects import DEFECTS

HERE = Path(__file__).parent
FOUND = HERE / "found.json"
DOCUMENT = HERE.parents[1] / "docs" / "mutants.md"
BEGIN = "<!-- python -m tests.mutants -->\n"
NONE = "none"
NOT_HERE = "not applicable"


def catches(found):
    """Return, by claim, the defects that changed its verdict or a control's, and those felt.

    Parameters
    ----------
    found : dict
        By defect, and by claim or control in it, its outcome and effects.

    Returns
    -------
    dict of str to tuple of two dicts
        By claim: what changed, by defect, and what became of the effects where nothing else did.
    """
    sound = found[NONE]
    caught = {}
    for claim, before in sound.items():
        if before["control"] or before["outcome"] == NOT_HERE:
            continue
        changed, felt = {}, []
        for name in (name for name in DEFECTS if name in found):
            after = found[name].get(claim)
            if after is None:
                continue
            controls = failed(found[name], sound, claim, before["id"])
            if after["outcome"] != before["outcome"]:
                changed[name] = after["outcome"]
            elif controls:
                changed[name] = "control"
            elif after["effects"] != before["effects"]:
                felt.append(name)
        caught[claim] = (changed, felt)
    return caught


def failed(after, sound, claim, identity):
    """Return the controls of a claim that no longer say what they must."""
    file = claim.partition("::")[0]
    return [
        name
        for name, control in sound.items()
        if control["control"]
        and control["id"] == identity
        and name.startswith(file)
        and name in after
        and after[name]["outcome"] != control["outcome"]
    ]


def write_document(found):
    """Write the table of what was caught anew."""
    text = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[0]
    DOCUMENT.write_text(text + BEGIN + "\n" + table(found), encoding="utf-8")


def table(found):
    """Return counts by defect, the claims that caught none, and what each claim caught."""
    caught = catches(found)
    planted = [name for name in DEFECTS if name in found]
    waiting = [name for name in DEFECTS if name not in found]
    kills = {name: [claim for claim, (by, _) in caught.items() if name in by] for name in planted}
    felt = {
        name: [claim for claim, (_, only) in caught.items() if name in only] for name in DEFECTS
    }
    survivors = [claim for claim, (by, _) in caught.items() if not by]
    alive = len(caught) - len(survivors)
    return "\n".join(
        [
            f"{alive} of {len(caught)} claims ({alive / len(caught):.0%}) catch a defect.",
            "",
            "| defect | what is planted | caught by | moved the effect, not the verdict |",
            "|---|---|---|---|",
            *(
                f"| {name} | {DEFECTS[name].says} | {len(kills[name])} | {len(felt[name])} |"
                for name in planted
            ),
            *([f"\nNot planted yet: {', '.join(waiting)}."] if waiting else []),
            "",
            "## Claims that caught none",
            "",
            *([] if survivors else ["None."]),
            *(survivor(found, claim, caught[claim][1]) for claim in survivors),
            "",
            "## What each claim caught",
            "",
            "| claim | as it is | defects, and the verdict on each |",
            "|---|---|---|",
            *(row(found, claim, by) for claim, (by, _) in sorted_by_id(found, caught)),
            "",
        ]
    )


def sorted_by_id(found, caught):
    """Return the claims in the order of their identifiers."""
    return sorted(caught.items(), key=lambda pair: (found[NONE][pair[0]]["id"], pair[0]))


def row(found, claim, by):
    """Return a claim's row: defects grouped by what came of them."""
    grouped = defaultdict(list)
    for name, outcome in by.items():
        grouped[outcome].append(name)
    cells = "; ".join(f"{outcome}: {', '.join(names)}" for outcome, names in grouped.items())
    before = found[NONE][claim]
    return f"| {before['id']} `{short(claim)}` | {before['outcome']} | {cells or 'none'} |"


def survivor(found, claim, felt):
    """Say of a claim that caught no defect which it felt at all."""
    effect = f"felt {', '.join(felt)}" if felt else "felt none"
    before = found[NONE][claim]
    return f"- {before['id']} `{short(claim)}`, {before['outcome']}: {effect}"


def short(claim):
    """Return the name of a claim's function and its model."""
    return claim.partition("::")[2].removeprefix("test_")


def stored():
    """Return what was found when the defects were last planted."""
    return json.loads(FOUND.read_text(encoding="utf-8"))
