"""Pictures of one making do not take the place of another's until that is over."""

import numpy as np

from aelatent.explorer.gallery import Gallery

SHEET = np.zeros((4, 6, 1), np.uint8)


def test_a_picture_is_known_by_its_address_from_the_page_and_its_size(tmp_path):
    hung = Gallery(tmp_path, "model", "a" * 64).hang("paths", SHEET)

    assert hung["pixels"] == (6, 4)
    assert (tmp_path / hung["sheet"]).is_file()
    assert [file.name for file in tmp_path.iterdir()] == ["model"]


def test_earlier_pictures_go_when_the_new_pages_are_there(tmp_path):
    before = tmp_path / Gallery(tmp_path, "model", "a" * 64).hang("paths", SHEET)["sheet"]
    gallery = Gallery(tmp_path, "model", "b" * 64)

    after = tmp_path / gallery.hang("paths", SHEET)["sheet"]

    assert before.exists()
    gallery.tidy()
    assert not before.exists()
    assert after.exists()
