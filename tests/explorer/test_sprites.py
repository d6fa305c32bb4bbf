"""Sheets hold their tiles where the page looks for them, and stay small."""

import io

import numpy as np
import pytest
from PIL import Image

from aelatent.explorer import sprites
from aelatent.explorer.sprites import SpriteFolder
from aelatent.runtime.owned_folder import owned


def read(content):
    return np.asarray(Image.open(io.BytesIO(content)))


def test_a_grey_sheet_gives_back_its_tiles_to_the_last_bit():
    tiles = np.random.default_rng(0).integers(0, 255, (6, 5, 7, 1)).astype(np.uint8)

    sheet = read(sprites.encoded(sprites.arranged(tiles, 3)))

    np.testing.assert_array_equal(sheet[5:10, 7:14, 0], tiles[4, ..., 0])


def test_a_colour_sheet_gives_back_smooth_tiles_nearly():
    rows, columns = np.mgrid[:48, :48]
    tile = np.stack([4 * rows, 4 * columns, 2 * (rows + columns)], axis=-1).astype(np.uint8)
    tiles = np.stack([tile, 255 - tile, tile[::-1], tile[:, ::-1]])

    sheet = read(sprites.encoded(sprites.arranged(tiles, 2)))

    assert np.abs(sheet[48:, :48].astype(int) - tiles[2]).mean() < 4


@pytest.mark.parametrize("channels", [1, 3])
def test_a_sheet_of_noise_is_made_to_fit(channels):
    noise = np.random.default_rng(0).integers(0, 255, (300, 300, channels)).astype(np.uint8)

    assert len(sprites.encoded(noise, most=60_000)) <= 60_000


@pytest.mark.parametrize("size", [(8, 8), (28, 28), (64, 64), (96, 96), (96, 40), (400, 400)])
def test_the_edge_is_odd_and_within_what_browsers_show(size):
    side = sprites.side(*size)

    assert side % 2 == 1
    assert sprites.FEWEST_TILES <= side <= sprites.MOST_TILES
    assert side * max(size) <= sprites.EDGE or side == sprites.FEWEST_TILES


SHEET = np.zeros((4, 6, 1), np.uint8)


def test_a_picture_has_its_address_and_size(tmp_path):
    hung = SpriteFolder(tmp_path, "model", "a" * 64).add("paths", SHEET)

    assert hung["pixels"] == (6, 4)
    assert (tmp_path / hung["sheet"]).is_file()
    assert [file.name for file in tmp_path.iterdir()] == ["model"]


def test_earlier_pictures_go_when_the_new_pages_are_there(tmp_path):
    with owned(tmp_path, sprites.KIND):
        before = tmp_path / SpriteFolder(tmp_path, "model", "a" * 64).add("paths", SHEET)["sheet"]
    own = tmp_path / "model" / "holiday.webp"
    own.write_bytes(b"mine")
    sprite_folder = SpriteFolder(tmp_path, "model", "b" * 64)

    with owned(tmp_path, sprites.KIND):
        after = tmp_path / sprite_folder.add("paths", SHEET)["sheet"]
        assert before.exists()
        sprite_folder.remove_stale()

    assert not before.exists()
    assert after.exists()
    assert own.read_bytes() == b"mine"
