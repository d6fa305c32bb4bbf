"""Freed memory is kept for the next array."""

import subprocess
import sys

import pytest

from aelatent.runtime import allocation

SCRIPT = """
import resource
import numpy as np
from aelatent.runtime.allocation import keep_freed_memory

{call}
def fill():
    for _ in range(50):
        parts = [np.ones(2**17) for _ in range(4)]

fill()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
fill()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(call):
    """Return how often pages were fetched while arrays of a megabyte came and went."""
    script = [sys.executable, "-c", SCRIPT.format(call=call)]
    return int(subprocess.run(script, check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's own")
def test_freed_memory_serves_the_next_array(monkeypatch):
    for variable in allocation.VARIABLES:
        monkeypatch.delenv(variable, raising=False)

    assert faults("keep_freed_memory()") < faults("") / 10


@pytest.mark.parametrize("variable", allocation.VARIABLES)
def test_what_the_caller_set_for_memory_stays(variable, monkeypatch):
    monkeypatch.setenv(variable, "131072")
    monkeypatch.setattr(allocation.ctypes, "CDLL", None)

    allocation.keep_freed_memory()
