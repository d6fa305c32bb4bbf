"""The page of sample walls says hit rates, and keeps to itself what may not be shown."""

import numpy as np
import pytest
from PIL import Image

from aelatent import data
from aelatent.explorer.exhibition import COLUMNS, exhibition, rate
from aelatent.explorer.gallery import Gallery
from aelatent.explorer.pages import write_page
from aelatent.inference.estimates import Estimate

from .conftest import FRAME
from .samples import SIZE, subject


@pytest.fixture
def nowhere(monkeypatch):
    """No images on this machine."""

    def missing(name):
        raise data.MissingData(name)

    monkeypatch.setattr(data, "load", missing)


def hang(folder, **options):
    return exhibition(subject(**options), Gallery(folder, "painted", "d" * 64))


def test_walls_have_a_sheet_and_cross_out_what_the_judge_refused(tmp_path, nowhere):
    wall = hang(tmp_path)["walls"][0]

    pixels = np.asarray(Image.open(tmp_path / wall["sheet"]).convert("L"))
    refused = {(int(x), int(y)) for x, y in wall["refused"]}
    assert refused
    for k in range(24):
        column, row = k % COLUMNS, k // COLUMNS
        assert (pixels[row * SIZE, column * SIZE] < 127.5) is np.bool_((column, row) in refused)


def test_originals_of_people_are_neither_read_nor_written(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "load", lambda _: pytest.fail("originals were read"))

    content = hang(tmp_path, images="lfw")

    assert content["pairs"] is None
    assert "must not be published" in content["pairs_because"]
    assert content["walls"][-1]["sheet"] == ""
    assert not list(tmp_path.glob("*/pairs-*"))
    assert not list(tmp_path.glob("*/wall-S7-*"))


def test_images_that_are_not_here_are_missing_and_no_error(tmp_path, nowhere):
    content = hang(tmp_path)

    assert content["pairs"] is None
    assert "not on this machine" in content["pairs_because"]


def test_originals_stand_above_their_reconstructions(tmp_path, monkeypatch):
    originals, reconstructions = (np.full((3, SIZE, SIZE, 1), v, np.uint8) for v in (10, 200))
    model = subject()
    monkeypatch.setattr(type(model), "pairs", lambda _: (originals, reconstructions))

    pairs = exhibition(model, Gallery(tmp_path, "painted", "d" * 64))["pairs"]

    sheet = np.asarray(Image.open(tmp_path / pairs["sheet"]).convert("L"))
    assert sheet.shape == (2 * SIZE, 3 * SIZE)
    assert (sheet[:SIZE] == 10).all()
    assert (sheet[SIZE:] == 200).all()


@pytest.mark.parametrize(
    ("value", "words", "length"),
    [(0.5, "50 %", 50.0), (1.02, "102 %", 100.0), (-0.03, "\N{MINUS SIGN}3 %", 0.0)],
)
def test_a_rate_may_pass_its_bounds_and_its_bar_may_not(value, words, length):
    told = rate(Estimate(value, 0.03, 0.04))

    assert told == {"rate": words, "error": "± 5 %", "percent": length}


@pytest.mark.parametrize("options", [{}, {"judged": False}, {"images": "lfw"}])
def test_the_page_is_written_with_and_without_judge_and_originals(tmp_path, nowhere, options):
    page = write_page(tmp_path / "walls.html", "walls.html", FRAME | hang(tmp_path, **options))

    text = page.read_text("utf-8")
    assert text.count('class="wall"') == 17
    assert ("Hit rate" in text) is options.get("judged", True)
