"""The page of a model shows, at each point, the decode of that point."""

import json
import re

import numpy as np
import pytest
from PIL import Image

from aelatent.explorer.model_page import CARD_TILES, page_content
from aelatent.explorer.paths import STEPS
from aelatent.explorer.planes import planes
from aelatent.explorer.sprites import SpriteFolder

from .samples import SIZE, painted, painted_model

MODEL = painted_model()


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    return folder, page_content(MODEL, SpriteFolder(folder, "painted", "d" * 64))


def tile(folder, sheet, column, row):
    pixels = np.asarray(Image.open(folder / sheet).convert("L"))
    return pixels[row * SIZE : (row + 1) * SIZE, column * SIZE : (column + 1) * SIZE]


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("place", [(0, 0), (30, 30), (60, 4), (7, 60)])
def test_the_tile_at_a_point_is_the_decode_of_that_point(shown, number, place):
    """The code is worked out anew from what the script is for_script: lower left, step and side."""
    folder, content = shown
    for_script, column, row = content["data"]["planes"][number], *place
    plane = planes(MODEL.replicate.train, for_script["side"])[number]
    coordinates = (
        np.array(for_script["low"])
        + np.array([column, for_script["side"] - 1 - row]) * for_script["step"]
    )

    decoded = painted((plane.anchor + coordinates @ plane.basis)[None])[0, ..., 0]

    found = tile(folder, content["planes"][number]["sheet"], column, row)
    np.testing.assert_array_equal(found, decoded)


def test_the_strip_of_a_path_shows_its_points_in_order(shown):
    folder, content = shown

    row = [tile(folder, content["strips"]["sheet"], step, 0) for step in range(STEPS)]

    mean = MODEL.replicate.train.mean
    expected = painted(np.linspace(0, 2, STEPS)[:, None] * mean)[..., 0]
    np.testing.assert_array_equal(row, expected)


def test_a_card_is_a_coarser_picture_of_the_first_plane(shown):
    folder, content = shown
    card = next((folder / "painted").glob("card-*")).relative_to(folder)

    corner = tile(folder, content["planes"][0]["sheet"], 60, 60)
    np.testing.assert_array_equal(tile(folder, card, CARD_TILES - 1, CARD_TILES - 1), corner)


def test_the_script_data_is_valid_json(shown):
    assert "NaN" not in json.dumps(shown[1]["data"], allow_nan=False)


def test_a_model_without_a_judge_has_no_scores(tmp_path):
    content = page_content(painted_model(judged=False), SpriteFolder(tmp_path, "painted", "d" * 64))

    assert content["judge"] is None
    assert "scores" not in content["data"]["planes"][0]
    assert [line["name"] for line in content["routes"][0]["profiles"]] == ["Mahalanobis distance"]


def test_the_page_holds_the_data_of_the_script(painted_page, shown):
    text = painted_page.read_text("utf-8")
    block = re.search(r'<script type="application/json" id="data">(.*?)</script>', text)[1]

    assert json.loads(block)["planes"][0]["distances"] == shown[1]["data"]["planes"][0]["distances"]
