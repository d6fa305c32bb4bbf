"""The wheel holds all that an audit needs: it is built, unpacked elsewhere, and does one there."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent.parent


@pytest.fixture
def site(tmp_path):
    """The content of the wheel, in a folder of its own."""
    built = tmp_path / "built"
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    return tmp_path / "site"


@pytest.mark.slow
def test_what_the_wheel_holds_audits_a_model(site, describe, home):
    """The checkout is beside it in no way: claims and judges come from the wheel."""
    spec = describe()
    environment = {**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{home}"}
    ask = "from aelatent.runtime import resources; print(resources.folder('claims'))"

    def run(*command):
        ran = subprocess.run(
            [sys.executable, *command],
            cwd=home,
            env=environment,
            text=True,
            check=False,
            capture_output=True,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    assert Path(run("-c", ask).strip()) == site / "aelatent" / "_claims"
    told = run("-m", "aelatent", "audit", str(spec), "--report", "out", "--claims", "A-18", "B-08")
    assert "written: out/index.html" in told
    records = json.loads((home / "out" / "verdicts" / "results.json").read_text())["claims"]
    assert {r["id"] for r in records} == {"A-18", "B-08"}
    assert all("_claims" in r["file"] for r in records)
    assert "_claims" in run("-m", "aelatent", "doctor")
