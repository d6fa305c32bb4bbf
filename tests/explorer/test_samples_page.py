"""The page of samples shows hit rates, and hides what may not be shown."""

import numpy as np
import pytest
from PIL import Image

from aelatent import data
from aelatent.explorer.rendering import write_page
from aelatent.explorer.samples_page import (
    COLUMNS,
    DRAWS,
    SHOWN,
    rate,
    sampler_rows,
    samples_content,
)
from aelatent.explorer.sprites import SpriteFolder
from aelatent.inference.estimates import Estimate
from aelatent.judges.grade import Grade
from aelatent.samplers.ladder import LADDER

from .conftest import FRAME
from .samples import SIZE, painted_model

LEVELS = {"none": (0, 120), "damaged": (120, 135), "clean": (135, 255)}
LOSS = 4  # grey levels by which compression may change a tile


@pytest.fixture
def nowhere(monkeypatch):
    """No images on this machine."""

    def missing(name):
        raise data.MissingData(name)

    monkeypatch.setattr(data, "load", missing)


def content_of(folder, **options):
    return samples_content(painted_model(**options), SpriteFolder(folder, "painted", "d" * 64))


def test_samples_that_are_not_clean_are_marked(tmp_path, nowhere):
    row = content_of(tmp_path)["rows"][0]

    pixels = np.asarray(Image.open(tmp_path / row["sheet"]).convert("L"))
    marked = {(int(x), int(y)): word for word, corners in row["marked"].items() for x, y in corners}
    assert set(marked.values()) == {"none", "damaged"}
    for k in range(24):
        column, line = k % COLUMNS, k // COLUMNS
        low, high = LEVELS[marked.get((column, line), "clean")]
        tile = pixels[line * SIZE :, column * SIZE :][:SIZE, : SIZE // 2]
        assert low - LOSS <= tile.mean() <= high + LOSS


def test_originals_of_people_are_neither_read_nor_written(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "load", lambda _: pytest.fail("originals were read"))

    content = content_of(tmp_path, images="lfw")

    assert content["pairs"] is None
    assert "must not be published" in content["pairs_because"]
    assert content["rows"][-1]["sheet"] == ""
    assert not list(tmp_path.glob("*/pairs-*"))
    assert not list(tmp_path.glob("*/samples-S7-*"))


def test_images_that_are_not_here_are_missing_and_no_error(tmp_path, nowhere):
    content = content_of(tmp_path)

    assert content["pairs"] is None
    assert "not on this machine" in content["pairs_because"]


def test_originals_stand_above_their_reconstructions(tmp_path, monkeypatch):
    originals, reconstructions = (np.full((3, SIZE, SIZE, 1), v, np.uint8) for v in (10, 200))
    model = painted_model()
    monkeypatch.setattr(type(model), "pairs", lambda _: (originals, reconstructions))

    pairs = samples_content(model, SpriteFolder(tmp_path, "painted", "d" * 64))["pairs"]

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
def test_the_page_needs_neither_judge_nor_originals(tmp_path, nowhere, options):
    page = write_page(
        tmp_path / "samples.html", "samples.html", FRAME | content_of(tmp_path, **options)
    )

    text = page.read_text("utf-8")
    assert text.count('class="samples"') == 17
    assert ("Recognisable as a bar" in text) is options.get("judged", True)


def test_every_rung_is_drawn_decoded_and_judged():
    found = sampler_rows(painted_model())

    assert [row.rung for row in found] == list(LADDER)
    for row in found[:-1]:
        assert row.drawn == len(row.grades) == DRAWS
        assert len(row.pixels) == SHOWN


def test_hit_rates_are_corrected_for_what_the_judge_errs():
    """It finds 98 of 100 clean images clean, and 1 of 100 that are none."""
    row = sampler_rows(painted_model())[0]

    assert row.clean.value == pytest.approx((np.mean(row.grades == Grade.CLEAN) - 0.01) / 0.97)
    seen = np.mean(row.grades > Grade.NONE)
    assert row.recognisable.value == pytest.approx((seen - 0.02) / 0.97)
    assert row.clean.value < row.recognisable.value


def test_codes_of_people_are_judged_and_not_shown():
    last = sampler_rows(painted_model(images="lfw"))[-1]

    assert last.rung == "S7"
    assert last.pixels is None
    assert last.because
    assert last.drawn == 150  # as many held-out codes as there are
    assert last.clean is not None
    assert sampler_rows(painted_model(images="lfw", originals=True))[-1].pixels is not None


def test_samplers_without_their_covariance_are_left_out():
    found = {row.rung: row for row in sampler_rows(painted_model(d=400, moments=False))}

    assert found["S4"].drawn == found["S5 k=1"].drawn == found["S6 k=1"].drawn == 0
    assert "200 codes" in found["S4"].because
    assert found["S3b"].drawn == DRAWS


def test_without_a_judge_there_is_no_hit_rate():
    assert {row.clean for row in sampler_rows(painted_model(judged=False))} == {None}
