"""What commands print fits the terminal, and is left alone elsewhere."""

import pytest

from aelatent.cli.output import wrapped

LONG = "  " + "word " * 40 + "end"


@pytest.mark.parametrize("terminal", [True, False])
def test_lines_are_broken_on_a_terminal_alone(monkeypatch, terminal):
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    monkeypatch.setenv("COLUMNS", "60")
    found = wrapped(f"short\n{LONG}").splitlines()
    assert found[0] == "short"
    assert (len(found) > 2) is terminal
    assert found[1].startswith("  word")
    assert not terminal or max(map(len, found)) < 60
