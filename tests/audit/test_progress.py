"""Progress of an audit."""

from aelatent.audit.progress import ProgressBars


def test_progress_on_a_pipe_is_a_line_for_each_stage(capsys):
    bars = ProgressBars()
    for what in ("encoding", "decoding", "decoding"):
        for done in range(3):
            bars(what, done, 2)
    assert capsys.readouterr().err == "encoding\ndecoding\n"
