"""Pages allow their own style and script and nothing else, and no name becomes markup."""

import base64
import hashlib
import re
from urllib.parse import unquote

from aelatent.explorer.model_page import page_content
from aelatent.explorer.rendering import SCRIPT, STYLES, digest_of, write_page
from aelatent.explorer.sprites import SpriteFolder
from aelatent.report.rendering import content_policy

from .conftest import FRAME
from .samples import painted_model

EVIL = '</script><img src=x onerror=alert(1)> "&amp; #?%'

POLICY = content_policy(STYLES, SCRIPT)


def source(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_pins_the_only_style_and_script(painted_page):
    text = painted_page.read_text("utf-8")
    styles = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(styles) == len(scripts) == 1

    written = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]

    assert written.replace("&#39;", "'") == POLICY
    assert f"style-src {source(styles[0])};" in POLICY
    assert f"script-src {source(scripts[0])};" in POLICY
    assert POLICY.startswith("default-src 'none'")
    assert "unsafe" not in POLICY


def test_no_element_carries_a_style_or_a_handler_of_its_own(painted_page):
    """The policy refuses both, so what they say would silently not happen."""
    body = painted_page.read_text("utf-8").partition("<body")[2].partition("<script")[0]

    assert not re.search(r"\s(style|on\w+)=", body)


def test_names_are_text_and_addresses_whatever_they_hold(tmp_path):
    content = FRAME | page_content(
        painted_model(name=EVIL), SpriteFolder(tmp_path, "evil #&%? x", "d" * 64)
    )
    content |= {"heading": EVIL, "title": EVIL}
    content["planes"][0]["title"] = content["routes"][0]["title"] = EVIL
    content["data"]["planes"][0]["axes"] = (EVIL, EVIL)

    text = write_page(tmp_path / "page.html", "model.html", content).read_text("utf-8")

    assert "<img src=x" not in text
    assert text.count("</script>") == 2
    for address in re.findall(r'<img class="tiles" src="([^"]+)"', text):
        assert (tmp_path / unquote(address)).is_file()


def test_a_page_that_would_be_the_same_is_not_written_again(tmp_path):
    path, content = tmp_path / "index.html", FRAME | {"cards": []}
    write_page(path, "index.html", content)
    before = path.stat()

    write_page(path, "index.html", content)
    assert path.stat().st_ino == before.st_ino

    write_page(path, "index.html", content | {"heading": "Other"})
    assert path.stat().st_ino != before.st_ino


def test_a_page_carries_the_digest_of_what_it_was_made_of(tmp_path, painted_page):
    assert digest_of(painted_page) == "abc"
    assert digest_of(tmp_path / "none.html") is None
    (tmp_path / "other.html").write_text("<html>")
    assert digest_of(tmp_path / "other.html") is None
