import io
import json
import tarfile

import numpy as np
import pytest
import sklearn.datasets
from PIL import Image

from aelatent.data import DataError, lfw
from aelatent.runtime import files

PEOPLE = {"Ada_L": 3, "Emmy_N": 1, "Grace_H": 2}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """What scikit-learn leaves behind: a folder a person, and the lists of pairs.

    Every image is black, but for the central 150x150, which have a colour of their own.
    """
    home = tmp_path / "lfw_home"
    for number, (person, count) in enumerate(PEOPLE.items()):
        (home / "lfw_funneled" / person).mkdir(parents=True)
        for i in range(count):
            picture = Image.new("RGB", (250, 250))
            picture.paste((60 * number + 60, 20 * i, 200), (50, 50, 200, 200))
            picture.save(home / "lfw_funneled" / person / f"{person}_{i + 1:04}.jpg", quality=95)
    (home / "pairsDevTest.txt").write_text("1\nGrace_H\t1\t2\nGrace_H\t1\tNobody\t1\n")
    (home / "lfw_funneled" / "pairs_01.txt").write_text("")
    monkeypatch.setattr(lfw, "COUNT", sum(PEOPLE.values()))
    return home


@pytest.fixture
def copy(home, tmp_path):
    """A folder with archive, labels and digests."""
    lfw.build(home, tmp_path / "lfw")
    return tmp_path / "lfw"


def rewrite(folder, name, content):
    """Change a file together with its recorded digest."""
    digests = json.loads((folder / lfw.RECORD).read_text())
    digests[name] = files.digest(content)
    (folder / name).write_bytes(content)
    (folder / lfw.RECORD).write_text(json.dumps(digests))


def archive_of(*members):
    """Return a tar file of members that may be anything."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(b"\0" * member.size))
    return buffer.getvalue()


def test_the_central_part_of_every_photograph_is_read(copy):
    pixels = lfw.read(copy).pixels
    assert pixels.shape == (6, 96, 96, 3)
    assert np.abs(pixels[:, 48, 48].astype(int) - [0, 0, 200])[:, 2].max() <= 4
    assert pixels[..., 2].min() > 150  # no black border is left


def test_people_are_groups_and_the_test_pairs_are_held_out(copy):
    images = lfw.read(copy)
    assert images.groups.tolist() == [0, 0, 0, 1, 2, 2]
    assert images.train.tolist() == [True] * 4 + [False] * 2
    assert images.labels.tolist() == [-1] * 6


def test_labels_are_read_where_they_are_known(copy):
    table = (copy / lfw.LABELS).read_text().splitlines()
    known = [row.replace(",,", ",1," if "Ada" in row else ",0,") for row in table]
    rewrite(copy, lfw.LABELS, "\r\n".join(known).encode())
    assert lfw.read(copy).labels.tolist() == [1, 1, 1, 0, 0, 0]


def test_scikit_learn_fetches_and_its_photographs_are_cut_here(home, tmp_path, monkeypatch):
    asked = {}
    monkeypatch.setattr(sklearn.datasets, "fetch_lfw_people", lambda **kw: asked.update(kw))
    monkeypatch.setattr(sklearn.datasets, "get_data_home", lambda: str(tmp_path))
    lfw.download(tmp_path / "lfw")
    assert asked["funneled"]
    assert len(lfw.read(tmp_path / "lfw")) == 6


def test_an_interrupted_download_is_not_taken_for_whole(home, tmp_path):
    next((home / "lfw_funneled").glob("*/*.jpg")).unlink()
    with pytest.raises(DataError, match=r"lfw_funneled: expected 6 photographs, received 5"):
        lfw.build(home, tmp_path / "lfw")
    assert not (tmp_path / "lfw").exists()


@pytest.mark.parametrize("name", lfw.MARKS)
def test_a_missing_file_is_named(copy, name):
    (copy / name).unlink()
    with pytest.raises(DataError, match=rf"{name}: expected a file, received no such file"):
        lfw.read(copy)


def test_files_from_elsewhere_must_be_the_published_ones(copy):
    (copy / lfw.RECORD).unlink()
    with pytest.raises(
        DataError, match=rf"expected contents with SHA-256 {lfw.DIGESTS[lfw.LABELS]}"
    ):
        lfw.read(copy)


def test_a_flipped_bit_is_noticed(copy):
    content = bytearray((copy / lfw.ARCHIVE).read_bytes())
    content[2000] ^= 1
    (copy / lfw.ARCHIVE).write_bytes(content)
    with pytest.raises(DataError, match=rf"{lfw.ARCHIVE}: expected contents with SHA-256"):
        lfw.read(copy)


@pytest.mark.parametrize("record", ["{", "[]", '{"labels.csv": "0"}'])
def test_a_damaged_record_is_refused(copy, record):
    (copy / lfw.RECORD).write_text(record)
    with pytest.raises(DataError, match=rf"{lfw.RECORD}: expected digests"):
        lfw.read(copy)


@pytest.mark.parametrize("keep", [100, 700, 6000])
def test_a_truncated_archive_is_refused(copy, keep):
    """Even if its digest was recorded after the harm was done."""
    rewrite(copy, lfw.ARCHIVE, (copy / lfw.ARCHIVE).read_bytes()[:keep])
    with pytest.raises(DataError, match=lfw.ARCHIVE):
        lfw.read(copy)


@pytest.mark.parametrize("name", ["../../evil.jpg", "/etc/evil.jpg", "images/../../evil.jpg"])
def test_a_member_that_climbs_out_of_the_folder_is_refused(name):
    archive = archive_of(tarfile.TarInfo(name))
    with pytest.raises(DataError, match=r"below the archive's own folder, received '.*evil\.jpg'"):
        lfw.read_archive(archive, [], "a.tar")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE])
def test_links_and_devices_are_refused(kind):
    member = tarfile.TarInfo("images/a.jpg")
    member.type, member.linkname = kind, "/etc/passwd"
    with pytest.raises(DataError, match="expected files below the archive's own folder"):
        lfw.read_archive(archive_of(member), ["images/a.jpg"], "a.tar")


def test_a_member_that_the_labels_name_must_be_there():
    with pytest.raises(DataError, match=r"a\.tar:images/a\.jpg: expected a file of the archive"):
        lfw.read_archive(archive_of(), ["images/a.jpg"], "a.tar")


def test_a_member_that_is_no_image_is_named():
    member = tarfile.TarInfo("images/a.jpg")
    member.size = 9
    with pytest.raises(DataError, match=r"a\.tar:images/a\.jpg: expected an image"):
        lfw.read_archive(archive_of(member), ["images/a.jpg"], "a.tar")


def test_a_member_of_another_size_is_named(encode):
    with pytest.raises(DataError, match=r"a\.jpg: expected 96x96 pixels, received 8x4"):
        lfw.decode(encode(np.zeros((4, 8, 3)), kind="JPEG"), "a.jpg")
