"""The documents' pictures of a report: `python -m tests.browser.pictures [REPORT]`."""

import base64
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image

from aelatent.runtime import files

from .chromium import chromium

ROOT = Path(__file__).parents[2]
WIDTH, DENSITY, ROOM = 1100, 1.5, 28
# The page, the element at whose lower end its picture ends, the picture. Plots only: no samples,
# and no photographs.
VIEWS = (
    ("index.html", ".answers", "report.webp"),
    ("claims/B-08.html", ".reading .keys", "claim.webp"),
)


def picture(browser, page, last):
    """Return a page down to the lower end of an element as an image."""
    browser.open(page, WIDTH)
    bottom = f"document.querySelector('{last}').getBoundingClientRect().bottom"
    clip = {"x": 0, "y": 0, "width": WIDTH, "height": browser.ask(bottom) + ROOM, "scale": DENSITY}
    shot = browser.driver.execute_cdp_cmd(
        "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip}
    )
    return Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")


def main(report=ROOT / "reports"):
    """Write all pictures of a report into docs/pictures."""
    with tempfile.TemporaryDirectory() as profile, chromium(profile) as browser:
        for page, last, name in VIEWS:
            buffer = io.BytesIO()
            picture(browser, Path(report) / page, last).save(buffer, "webp", quality=80, method=6)
            files.write(ROOT / "docs" / "pictures" / name, buffer.getvalue())


if __name__ == "__main__":
    main(*sys.argv[1:])
