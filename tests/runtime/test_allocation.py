"""Freed memory is kept for the next array."""

import platform
import subprocess
import sys
from unittest.mock import Mock

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


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's own")
def test_freed_memory_serves_the_next_array(monkeypatch):
    for variable in allocation.VARIABLES:
        monkeypatch.delenv(variable, raising=False)

    assert faults("keep_freed_memory()") < faults("") / 10


@pytest.fixture
def library(monkeypatch):
    """A stand-in for what opens the C library, where the caller has set nothing."""
    for variable in allocation.VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    opened = Mock()
    monkeypatch.setattr(allocation.ctypes, "CDLL", opened)
    return opened


@pytest.mark.parametrize("variable", allocation.VARIABLES)
def test_what_the_caller_set_for_memory_stays(variable, library, monkeypatch):
    monkeypatch.setenv(variable, "131072")

    allocation.keep_freed_memory()

    assert not library.called


@pytest.mark.parametrize("error", [OSError, TypeError, AttributeError])
def test_a_system_without_glibc_is_left_as_it_is(error, library):
    library.side_effect = error

    allocation.keep_freed_memory()

    assert library.called
