import numpy as np
import pytest
from PIL import Image

from aelatent.data import DataError, celeba

NAMES = [f"{i:06}.jpg" for i in range(1, 7)]
PARTS = [0, 0, 0, 1, 2, 2]
PEOPLE = [2880, 2880, 7, 12, 9, 9]
MALE = [1, -1, 1, -1, -1, 1]


def lists(separator=" ", count=True, header=True, end="\n", mark=""):
    """Return the three lists of a copy as text."""
    identity = [f"{name}{separator}{p}" for name, p in zip(NAMES, PEOPLE, strict=True)]
    partition = [f"{name}{separator}{p}" for name, p in zip(NAMES, PARTS, strict=True)]
    pad = "" if separator == "," else " "
    rows = [f"{name}{separator}{pad}1{separator}{m}" for name, m in zip(NAMES, MALE, strict=True)]
    attributes = ["Smiling Male" if separator == " " else "image_id,Smiling,Male", *rows]
    if separator == "," and header:
        partition.insert(0, "image_id,partition")
        identity.insert(0, "image_id,identity")
    if count:
        attributes.insert(0, str(len(NAMES)))
    return {
        "list_eval_partition": mark + end.join(partition) + end,
        "list_attr_celeba": end.join(attributes) + end,
        "identity_CelebA": end.join(identity) + end,
    }


@pytest.fixture
def copy(tmp_path):
    """Return a function that makes a copy of CelebA in one of its layouts."""

    def copy(photographs="img_align_celeba", where="", suffix=".txt", **style):
        folder = tmp_path / "celeba"
        (folder / where).mkdir(parents=True, exist_ok=True)
        for stem, text in lists(**style).items():
            (folder / where / (stem + suffix)).write_bytes(text.encode())
        (folder / photographs).mkdir(parents=True, exist_ok=True)
        for i, name in enumerate(NAMES):
            picture = Image.new("RGB", (178, 218))
            picture.paste((40 * i, 100, 200), (15, 35, 163, 183))
            picture.save(folder / photographs / name, quality=95)
        return folder

    return copy


LAYOUTS = {
    "as published": {},
    "Windows line ends": {"end": "\r\n"},
    "a byte order mark": {"mark": "\ufeff"},
    "no count": {"count": False},
    "CSV with a header": {"separator": ",", "suffix": ".csv", "count": False},
    "CSV without a header": {"separator": ",", "suffix": ".csv", "count": False, "header": False},
    "images one folder deeper": {"photographs": "img_align_celeba/img_align_celeba"},
    "official folders": {"photographs": "Img/img_align_celeba", "where": "Anno"},
    "images beside the lists": {"photographs": "."},
}


@pytest.mark.parametrize("style", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_every_layout_gives_the_same_images(copy, style):
    images = celeba.read(copy(**style))
    assert images.pixels.shape == (6, 96, 96, 3)
    assert images.pixels[:, 48, 48, 0] == pytest.approx(np.arange(6) * 40, abs=6)
    assert images.train.tolist() == [True, True, True, False, False, False]
    assert images.groups.tolist() == PEOPLE
    assert images.labels.tolist() == [1, 0, 1, 0, 0, 1]


def test_the_crop_of_148_is_central(copy):
    assert celeba.read(copy()).pixels[..., 2].min() > 120  # no black border is left


def test_the_crop_of_178_reaches_the_edge(copy):
    pixels = celeba.read(copy(), crop=178).pixels
    assert pixels[..., 2].min() < 50


def test_another_attribute_gives_other_labels(copy):
    assert celeba.read(copy(), attribute="Smiling").labels.tolist() == [1] * 6


def test_an_unknown_attribute_is_refused_with_the_known_ones(copy):
    with pytest.raises(DataError, match="expected an attribute 'Tall', received Smiling, Male"):
        celeba.read(copy(), attribute="Tall")


def test_the_first_images_of_either_part_can_be_read(copy):
    images = celeba.read(copy(), first=2)
    assert images.train.tolist() == [True, True, False, False]
    assert images.groups.tolist() == [2880, 2880, 12, 9]


def test_labels_and_groups_are_none_without_their_lists(copy):
    folder = copy()
    (folder / "list_attr_celeba.txt").unlink()
    (folder / "identity_CelebA.txt").unlink()
    images = celeba.read(folder)
    assert images.labels is None
    assert images.groups is None


def test_a_missing_partition_is_refused(copy):
    folder = copy()
    (folder / "list_eval_partition.txt").unlink()
    with pytest.raises(DataError, match=r"expected list_eval_partition\.txt or \.csv"):
        celeba.read(folder)


def test_a_list_shorter_than_its_count_is_refused(copy):
    folder = copy()
    path = folder / "list_attr_celeba.txt"
    path.write_text("\n".join(path.read_text().splitlines()[:-1]))
    with pytest.raises(DataError, match=r"list_attr_celeba\.txt: expected 6 rows .* received 5"):
        celeba.read(folder)


def test_an_empty_list_is_refused(copy):
    folder = copy()
    (folder / "list_eval_partition.txt").write_text("")
    with pytest.raises(DataError, match="expected rows of images, received 0"):
        celeba.read(folder)


@pytest.mark.parametrize("row", ["000006.jpg", "000006.jpg two"])
def test_a_row_without_a_number_is_refused(copy, row):
    folder = copy()
    path = folder / "list_eval_partition.txt"
    path.write_text(path.read_text().replace("000006.jpg 2", row))
    with pytest.raises(DataError, match="expected a whole number for each image"):
        celeba.read(folder)


def test_a_list_that_lacks_an_image_is_refused(copy):
    folder = copy()
    path = folder / "identity_CelebA.txt"
    path.write_text(path.read_text().replace("000006.jpg 9\n", ""))
    with pytest.raises(DataError, match=r"identity_CelebA\.txt: expected a row for 000006\.jpg"):
        celeba.read(folder)


def test_a_missing_photograph_is_named(copy):
    folder = copy()
    (folder / "img_align_celeba" / "000004.jpg").unlink()
    with pytest.raises(DataError, match=r"000004\.jpg: expected a photograph"):
        celeba.read(folder)


def test_missing_photographs_are_noticed(copy):
    folder = copy()
    (folder / "img_align_celeba").rename(folder.parent / "elsewhere")
    with pytest.raises(DataError, match=r"img_align_celeba: expected a photograph 000001\.jpg"):
        celeba.read(folder)
