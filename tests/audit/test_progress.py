"""Progress of an audit."""

from aelatent.audit.progress import ProgressBars


def test_progress_without_a_terminal_is_a_line_for_each_kind_of_work(capsys):
    bars = ProgressBars()
    for what in ("encoding", "decoding", "decoding"):
        for done in range(3):
            bars(what, done, 2)
    assert capsys.readouterr().err == "encoding\ndecoding\n"
