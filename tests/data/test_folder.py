import numpy as np
import pytest

from aelatent.data import DataError, MissingData
from aelatent.data.folder import read


@pytest.fixture
def flat(tmp_path, save):
    """A folder of twenty images, each of another colour."""
    for i in range(20):
        save(tmp_path / "flat" / f"{i:02}.png", (i, 100, 200))
    return tmp_path / "flat"


@pytest.fixture
def people(tmp_path, save):
    """Three images of each of ten people, a sub-folder a person."""
    for person in range(10):
        for i in range(3):
            save(tmp_path / "people" / f"person {person}" / f"{i}.png", (person, i, 200))
    return tmp_path / "people"


def test_images_come_in_the_order_of_their_names(flat):
    images = read(flat)
    assert images.pixels[:, 0, 0, 0].tolist() == list(range(20))
    assert images.shape == (8, 8, 3)


def test_a_flat_folder_has_no_groups(flat):
    assert read(flat).groups is None


def test_renaming_a_file_leaves_it_on_its_side(flat):
    before = read(flat).train
    (flat / "00.png").rename(flat / "99.png")
    assert np.array_equal(read(flat).train, np.roll(before, -1))


def test_copies_of_an_image_lie_on_one_side(flat):
    for path in sorted(flat.iterdir()):
        (flat / f"copy of {path.name}").write_bytes(path.read_bytes())
    train = read(flat).train
    assert np.array_equal(train[:20], train[20:])


def test_subfolders_are_groups_and_are_never_split(people):
    images = read(people)
    assert np.array_equal(images.groups, np.repeat(np.arange(10), 3))
    held_out = set(images.groups[~images.train])
    assert held_out
    assert held_out.isdisjoint(images.groups[images.train])


def test_one_more_folder_around_all_changes_nothing(people):
    images = read(people.parent)
    assert np.array_equal(images.groups, read(people).groups)


def test_other_files_and_hidden_files_are_passed_over(flat, save):
    (flat / "README.md").write_text("twenty colours")
    save(flat / "._hidden.png", (99, 99, 99))
    save(flat / ".thumbnails" / "small.png", (99, 99, 99))
    assert len(read(flat)) == 20


def test_a_folder_of_greys_has_one_channel(tmp_path, save):
    for i in range(4):
        save(tmp_path / "grey" / f"{i}.png", (i, i, i), mode="L")
    assert read(tmp_path / "grey").pixels[:, 0, 0].tolist() == [[0], [1], [2], [3]]


def test_a_grey_image_among_colours_gets_three_equal_channels(flat, save):
    save(flat / "99.png", (77, 77, 77), mode="L")
    assert np.all(read(flat).pixels[-1] == 77)


def test_images_are_scaled_if_asked(flat, save):
    save(flat / "wide.png", (1, 2, 3), size=(40, 20))
    assert read(flat, side=4).pixels.shape == (21, 4, 4, 3)


def test_mixed_sizes_are_refused_and_the_odd_one_is_named(flat, save):
    save(flat / "00.png", size=(9, 8))
    with pytest.raises(DataError, match=r"00\.png: expected 8x8 pixels .* received 9x8"):
        read(flat)


def test_a_text_file_named_jpg_is_refused_by_name(flat):
    (flat / "note.jpg").write_text("not an image")
    with pytest.raises(DataError, match=r"note\.jpg: expected an image"):
        read(flat)


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(MissingData, match="nowhere: expected a folder of images"):
        read(tmp_path / "nowhere")


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"expected images \(.*received none"):
        read(tmp_path)


def test_one_image_cannot_be_split(tmp_path, save):
    save(tmp_path / "only" / "one.png")
    with pytest.raises(DataError, match=r"expected two or more different images.* received 1"):
        read(tmp_path / "only")
