"""Run every claim with every defect, and write the table of those that were caught.

`python -m tests.mutants` runs all defects, which takes an hour on two cores; `python -m
tests.mutants "yes to all"` runs one of them, and `--claims FILE...` only some claims, such as those
that were changed. The table is part of docs/mutants.md.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutants.catch import RESULTS, write_document
from tests.mutants.defects import DEFECTS
from tests.mutants.plugin import NONE

ROOT = Path(__file__).parents[2]


def run(name, *claims):
    """Run claims with a defect; return the outcome and the effects of each, by its name."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "pytest",
            *(claims or ["claims"]),
            "-q",
            "-p",
            "tests.mutants.plugin",
            "-p",
            "no:cacheprovider",
            "--aelatent-fresh",
            "--aelatent-report",
            folder,
            "--defect",
            name,
        ]
        subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
        path = Path(folder) / "results.json"
        if not path.exists():  # the defect reaches none of these claims
            return {}
        results = json.loads(path.read_text(encoding="utf-8"))
    return {
        f"{claim['file']}::{claim['name']}": {
            "id": claim["id"],
            "control": claim["control"],
            "outcome": claim["outcome"],
            "effects": [claim["effect"], *(part["effect"] for part in claim["parts"])],
        }
        for claim in results["claims"]
    }


def main(names, claims=()):
    """Run some defects, or all and none; keep the stored results of claims that do not run."""
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for name in names or [NONE, *DEFECTS]:
        kept = {
            claim: result
            for claim, result in results.get(name, {}).items()
            if claims and not claim.startswith(tuple(claims))
        }
        results[name] = kept | run(name, *claims)
        RESULTS.write_text(json.dumps(results, indent=0) + "\n", encoding="utf-8")
        sys.stderr.write(f"{name}: {len(results[name])} claims and controls\n")
    write_document(results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="DEFECT")
    parser.add_argument("--claims", nargs="*", default=[], metavar="FILE")
    options = parser.parse_args()
    main(options.names, options.claims)
