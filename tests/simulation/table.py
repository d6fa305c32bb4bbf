"""How many checks miss their aims, and what multiplicity does, as text for docs/calibration.md.

`python -m tests.simulation.table` writes the table from `claims/calibration.json`, and with the
path of a run's results.json the paragraph on all verdicts read together and the table of what would
decide the claims that are open.
"""

import json
import sys
from pathlib import Path

from aelatent.inference.rules import Outcome
from aelatent.report import read_results
from aelatent.report.cell_power import claim_need
from aelatent.report.reliability import AIM, POWER
from aelatent.simulation.results import FILE, Calibrations

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "calibration.md"
TABLE, TOGETHER, OPEN = (
    "<!-- python -m tests.simulation.table -->",
    "<!-- the same, with results.json -->",
    "<!-- the same, with results.json: open claims -->",
)
END = "<!-- end -->"
KINDS = {
    "false_support": ("false support", f"at most {100 * AIM:g} %"),
    "false_refutation": ("false refutation", f"at most {100 * AIM:g} %"),
    "power": ("power", f"{100 * POWER:g} % or more"),
}


def table(records):
    """Return the table: how many scenarios miss each aim, how many of them surely, and whose."""
    simulated = [record for record in records if record["simulations"]]
    claims = {record["id"] for record in simulated}
    lines = [
        f"Of {len(simulated)} scenarios of {len(claims)} claims:",
        "",
        "| rate | aim | scenarios that miss it | surely | claims whose rate surely misses it |",
        "|---|---|---|---|---|",
    ]
    for kind, (name, aim) in KINDS.items():
        missed = [record for record in simulated if misses(kind, record[kind]["rate"])]
        # The end of the exact 95 % interval that lies nearer the aim misses it as well.
        end = 1 if kind == "power" else 0
        surely = [record for record in missed if misses(kind, record[kind]["interval"][end])]
        named = ", ".join(sorted({record["id"] for record in surely})) or "none"
        lines.append(f"| {name} | {aim} | {len(missed)} | {len(surely)} | {named} |")
    return "\n".join(lines)


def misses(kind, rate):
    """Tell whether a rate misses its aim."""
    return rate < POWER if kind == "power" else rate > AIM


def together(results):
    """Return the sentence on all verdicts of a run read together."""
    found, run = results["multiplicity"], results["environment"]
    return (
        f"In the run of {run['date']} (commit {run['commit']}) {found['tested']} claims on a model "
        f"were tested with an interval, and {found['decided']} were supported or refuted. "
        f"{found['standing']} of these would stand, and {len(found['fallen'])} would become "
        "inconclusive."
    )


DECIDES = (
    "a judge with fewer errors: its readings differ",
    "up to 5 trainings",
    "6 to 10 trainings",
    "11 to 30 trainings",
    "31 trainings or more",
    "more images, or labelled images of the judge",
    "nothing: the effect lies too close to the margin",
)


def open_claims(results):
    """Return the table of what would decide each claim on a model that is inconclusive."""
    found, run = {row: [] for row in DECIDES}, results.environment
    for record in results.records:
        if record.outcome == Outcome.INCONCLUSIVE and not record.control:
            found[decided_by(record)].append(f"{record.id} {record.model}")
    lines = [
        f"In the run of {run['date']} (commit {run['commit']}) {sum(map(len, found.values()))} "
        "claims on a model are inconclusive.",
        "",
        "| what would decide it in 80 % of cases | claims on a model | which |",
        "|---|---|---|",
    ]
    for row, named in found.items():
        lines.append(f"| {row} | {len(named)} | {', '.join(sorted(named)) or 'none'} |")
    return "\n".join(lines)


def decided_by(record):
    """Return the row of an inconclusive claim."""
    judge, five, ten, thirty, many, images, nothing = DECIDES
    need = claim_need(record)
    if record.depends_on:
        return judge
    if need.outcome == Outcome.INCONCLUSIVE:
        return nothing
    if need.images > 1 or need.kinds:
        return images
    return next(
        (row for most, row in ((5, five), (10, ten), (30, thirty)) if need.trainings <= most), many
    )


def written(text, mark, content):
    """Return a text with the content between a mark and the next end replaced."""
    before, found, rest = text.partition(mark)
    if not found:
        raise ValueError(f"expected {mark} in {DOCUMENT.name}")
    return f"{before}{mark}\n\n{content}\n\n{END}{rest.partition(END)[2]}"


def stored():
    """Return the records of the calibrations."""
    return list(Calibrations.read(ROOT / "claims" / FILE).records.values())


def main(arguments):
    """Rewrite the document."""
    text = written(DOCUMENT.read_text(encoding="utf-8"), TABLE, table(stored()))
    for path in arguments:
        results = json.loads(Path(path).read_text(encoding="utf-8"))
        text = written(text, TOGETHER, together(results))
        text = written(text, OPEN, open_claims(read_results(Path(path))))
    DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
