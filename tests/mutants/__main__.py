"""Plant every defect in every claim, and write down which were caught.

`python -m tests.mutants` works all of them out, an hour on two cores; `python -m tests.mutants
"yes to all"` some of them anew, and `--claims FILE...` only for some claims, such as
those that were changed. The table goes to docs/mutants.md.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutants.catch import FOUND, write_document
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
    """Run those defects, or all and the claims as they are; keep what was found of other files."""
    found = json.loads(FOUND.read_text(encoding="utf-8")) if FOUND.exists() else {}
    for name in names or [NONE, *DEFECTS]:
        kept = {
            claim: result
            for claim, result in found.get(name, {}).items()
            if claims and not claim.startswith(tuple(claims))
        }
        found[name] = kept | run(name, *claims)
        FOUND.write_text(json.dumps(found, indent=0) + "\n", encoding="utf-8")
        sys.stderr.write(f"{name}: {len(found[name])} claims and controls\n")
    write_document(found)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="DEFECT")
    parser.add_argument("--claims", nargs="*", default=[], metavar="FILE")
    options = parser.parse_args()
    main(options.names, options.claims)
