"""One claim's page as one file: whole without the report's folder, and small."""

import base64
import hashlib
import re
from html import unescape

import pytest

from aelatent import cli
from aelatent.report import write_site
from aelatent.report.single import LIMIT, ROOM, single
from aelatent.runtime.files import StorageError

from .samples import control, record

FIGURES = {
    "figures": ["figures/peak.svg", "figures/draws.webp"],
    "alternatives": ["A peak.", "Draws."],
}


@pytest.fixture
def report(folder):
    """The folder of a report whose claim and control have two figures each."""
    write_site([record(**FIGURES), control(**FIGURES)], {}, folder)
    return folder


def test_the_file_holds_its_figures_and_leads_nowhere_in_the_folder(report):
    page = single(report, "B-08")

    assert page.count('src="data:image/svg+xml,%3Csvg') == 2
    assert page.count('src="data:image/webp;base64,') == 2
    assert "../" not in re.sub("<script>.*?</script>", "", page, flags=re.DOTALL)
    assert "Content-Security-Policy" in page
    assert len(page) < LIMIT


def test_the_file_holds_its_style_and_allows_no_other(report):
    page = single(report, "B-08")

    style = re.search("<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = unescape(re.search('Content-Security-Policy" content="([^"]*)"', page)[1])
    assert f"style-src 'sha256-{digest}';" in policy
    assert "stylesheet" not in page


def test_figures_that_are_shown_at_once_come_first_where_room_is_short(report):
    whole = single(report, "B-08")
    short = single(report, "B-08", limit=len(whole.encode()) + ROOM)

    assert "This figure is left out" in short
    shown, _, folded = short.partition('<h3 id="rule-1"')
    assert shown.count('src="data:') == 2
    assert folded.count('src="data:') < 2


def test_a_missing_page_says_what_to_do(folder):
    with pytest.raises(StorageError, match="run `pytest claims` first"):
        single(folder, "Z-99")


def test_the_command_writes_the_file(report, tmp_path, capsys):
    output = tmp_path / "claim.html"

    code = cli.main(
        ["report", "--single", "B-08", "--report", str(report), "--output", str(output)]
    )

    assert code == 0
    assert "B-08" in output.read_text("utf-8")
    assert f"written: {output}" in capsys.readouterr().out
