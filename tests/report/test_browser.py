"""The page in a real browser: it fits a phone and a desk, and nothing in it is refused."""

import json
import re
import shutil
import subprocess

import pytest

from aelatent.report import write_report
from aelatent.report.site import write_page

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH")

# A frame has exactly the width it is given, which a window has not, and can be measured.
FRAME = """<!DOCTYPE html><title>measuring</title><body>
<iframe src="page.html" style="border:0;width:{width}px;height:900px"></iframe>
<pre id="found"></pre>
<script>
window.onload = () => {{
  const page = document.querySelector("iframe").contentDocument;
  const shown = [...page.images].filter(i => i.getClientRects().length);
  document.getElementById("found").textContent = JSON.stringify({{
    width: page.documentElement.scrollWidth,
    padding: page.defaultView.getComputedStyle(page.body).paddingLeft,
    pictures: shown.length,
    broken: shown.filter(i => !(i.complete && i.naturalWidth > 0)).length,
    stacked: page.defaultView.getComputedStyle(page.querySelector("table")).display === "block",
  }});
}};
</script>"""


def measure(folder, width, profile):
    (folder / "frame.html").write_text(FRAME.format(width=width))
    return json.loads(re.search(r'<pre id="found">(.+?)</pre>', browse(
        profile, "--allow-file-access-from-files", "--dump-dom", (folder / "frame.html").as_uri()
    ).stdout)[1])  # fmt: skip


def browse(profile, *arguments):
    return subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
         "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--hide-scrollbars", "--enable-logging=stderr",
         f"--user-data-dir={profile}", *arguments],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip


@pytest.fixture
def report(records, environment, folder):
    records[0].model = "a_model_with_quite_a_long_name_of_its_own"
    records[0].sections["Statement"] = "x" * 200
    write_report(records, environment, folder)
    write_page(records, environment, folder)
    return folder


@pytest.mark.parametrize(("width", "stacked"), [(360, True), (1280, False)])
def test_page_fits_its_width_with_style_and_pictures(report, tmp_path, width, stacked):
    found = measure(report, width, tmp_path / "profile")
    assert found["width"] == width
    assert found["padding"] != "8px", "the style sheet was refused"
    assert found["stacked"] is stacked
    assert found["pictures"] >= 1
    assert found["broken"] == 0


@pytest.mark.parametrize("name", ["index.html", "matrix.html", "errors.html", "page.html"])
def test_page_opens_from_the_disk_without_a_complaint(report, tmp_path, name):
    """The console is where a browser says what the content security policy refused."""
    page = browse(tmp_path / "profile", "--dump-dom", (report / name).as_uri())
    assert "What these results depend on" in page.stdout
    assert "CONSOLE" not in page.stderr
