"""Progress of an audit."""

import io
import threading

import pytest

from aelatent.audit import progress
from aelatent.audit.progress import ProgressBars, no_progress, reporter


def test_progress_on_a_pipe_is_a_line_for_each_stage(capsys):
    bars = ProgressBars()
    for what in ("encoding", "decoding", "decoding"):
        for done in range(3):
            bars(what, done, 2)
    assert capsys.readouterr().err == "encoding\ndecoding\n"


def test_a_bar_ends_with_the_work_that_fails(monkeypatch):
    """Otherwise a thread draws it anew for as long as the process lives."""
    monkeypatch.setattr(progress, "_terminal", io.StringIO)
    monkeypatch.setattr(progress, "TICK", 0.01)
    before, threads = set(threading.enumerate()), []

    def encode():
        with reporter(True) as report:
            report("encoding", 34, 100)
            threads.extend(set(threading.enumerate()) - before)
            raise RuntimeError("no memory")

    with pytest.raises(RuntimeError, match="no memory"):
        encode()

    (ticking,) = threads
    ticking.join(10)
    assert not ticking.is_alive()


def test_a_callable_of_the_user_is_taken_as_it_is():
    with reporter(print) as report:
        assert report is print
    with reporter(False) as report:
        assert report is no_progress
