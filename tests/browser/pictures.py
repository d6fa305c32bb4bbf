"""The README's pictures of the report: `python -m tests.browser.pictures` after `make claims`."""

import base64
import io
import tempfile
from pathlib import Path

from PIL import Image

from aelatent.runtime import files

from .chromium import chromium

ROOT = Path(__file__).parents[2]
WIDTH, DENSITY = 1100, 1.5
# The page, how many of its pixels down, the picture. Plots only: no photographs, no samples.
VIEWS = (("index.html", 1010, "report.webp"), ("claims/B-08.html", 1290, "claim.webp"))


def picture(browser, page, height):
    """Return the upper part of a page as an image."""
    browser.open(page, WIDTH)
    clip = {"x": 0, "y": 0, "width": WIDTH, "height": height, "scale": DENSITY}
    shot = browser.driver.execute_cdp_cmd(
        "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip}
    )
    return Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")


def main():
    """Write all pictures into docs/pictures."""
    with tempfile.TemporaryDirectory() as profile, chromium(profile) as browser:
        for page, height, name in VIEWS:
            buffer = io.BytesIO()
            shot = picture(browser, ROOT / "reports" / page, height)
            shot.save(buffer, "webp", quality=80, method=6)
            files.write(ROOT / "docs" / "pictures" / name, buffer.getvalue())


if __name__ == "__main__":
    main()
