"""Text of users in the report: it is shown, and never run."""

import pytest

from aelatent.report import write_report
from aelatent.report.rendering import SCRIPTS
from tests.browser.chromium import LACKING, REASON, chromium
from tests.report.samples import control, crashed, record

EVIL = (
    "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
    "</title></style><svg onload=document.title='run'>"
    "\"'><a href=\"javascript:document.title='run'\">x</a>"
)
FIELDS = (
    "title",
    "source",
    "model",
    "because",
    "unit",
    "rule",
    "message",
    "command",
    "recorded",
    "file",
)


@pytest.fixture
def report(tmp_path):
    """A report of records whose every text is hostile."""
    texts = {field: f"{field} {EVIL}" for field in FIELDS}
    sections = dict.fromkeys(("Source", "Statement", "Statistic", "Null", "Decision"), EVIL)
    records = [
        record(**texts, sections=sections, id=f"Z-01 {EVIL}", name=f"test_x[{EVIL}]"),
        control(title=EVIL, because=EVIL),
        crashed(**texts),
    ]
    write_report(records, {"commit": EVIL, EVIL: EVIL}, tmp_path / "report", {EVIL: EVIL})
    return tmp_path / "report"


def test_no_page_holds_a_tag_of_the_user(report):
    pages = sorted(report.rglob("*.html"))
    assert len(pages) >= 4
    for page in pages:
        text = page.read_text("utf-8")
        for script in SCRIPTS.values():
            text = text.replace(f"<script>{script}</script>", "")
        assert "<script" not in text
        assert "<svg onload" not in text
        assert "<img src=x" not in text
        assert 'href="javascript:' not in text


@pytest.mark.slow
@pytest.mark.skipif(bool(LACKING), reason=REASON)
def test_a_browser_runs_nothing_of_it(report, tmp_path):
    """A page in which it does run is told apart: the same browser, without escaping."""
    naked = tmp_path / "naked.html"
    naked.write_text(f"<title>x</title>{EVIL}")
    with chromium(tmp_path / "profile") as browser:
        browser.open(naked)
        assert browser.ask("document.title") == "run"

        for page in sorted(report.rglob("*.html")):
            browser.complaints()
            browser.open(page)
            assert browser.ask("document.title") != "run", page.name
            assert browser.complaints() == [], page.name
