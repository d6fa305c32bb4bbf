"""An empty project with a few claims about numbers, run in processes of its own or in this one."""

import json
import os
import subprocess
import sys
import textwrap

import pytest

HEAD = """
import pytest
from aelatent import Above, estimate

def test_numbers_exceed_one(decide):
    '''Numbers exceed one.

    Source
        Nobody.
    Statement
        They do.
    Statistic
        The number.
    Null
        None.
    Decision
        Supported when the 95 % interval over replicates lies above 1; refuted when it lies below;
        inconclusive otherwise.
    '''
    decide(estimate(float, [3.0, 3.1, 3.2]), Above(1.0))

test_numbers_exceed_one = pytest.mark.claim("Z-01")(test_numbers_exceed_one)
"""
BROKEN = """
@pytest.mark.claim("Z-02")
def test_something_goes_wrong(decide):
    '''Something goes wrong.'''
    {body}
"""


class Project:
    """A folder with claims, in which pytest can be run."""

    def __init__(self, folder):
        self.folder = folder

    def write(self, *bodies, ini=""):
        """Write a sound claim, and one for each body that goes wrong."""
        (self.folder / "pytest.ini").write_text(f"[pytest]\n{ini}\n")
        broken = [BROKEN.format(body=body) for body in bodies]
        (self.folder / "test_z.py").write_text("\n".join([textwrap.dedent(HEAD), *broken]))

    def start(self, *arguments, **variables):
        """Start pytest and return its process."""
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
            cwd=self.folder,
            env={**os.environ, **variables},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, *arguments, **variables):
        """Run pytest to its end; return its exit status and what it printed."""
        with self.start(*arguments, **variables) as process:
            printed, _ = process.communicate(timeout=120)
        return process.returncode, printed

    @property
    def results(self):
        """The bytes of the results file."""
        return (self.folder / "reports" / "results.json").read_bytes()

    @property
    def records(self):
        """The records of the last run, by identifier."""
        return {record["id"]: record for record in json.loads(self.results)["claims"]}


@pytest.fixture
def project(tmp_path):
    """A project of sound claims."""
    folder = tmp_path / "project"
    folder.mkdir()
    made = Project(folder)
    made.write()
    return made


@pytest.fixture
def run_here(pytester, project, monkeypatch):
    """A function that runs the project in this process, which takes a tenth of the time."""

    def run(*arguments):
        monkeypatch.chdir(project.folder)
        return pytester.runpytest("-p", "no:cacheprovider", *arguments)

    return run
