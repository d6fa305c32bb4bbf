"""Every loader reads its files as files from elsewhere: on a disk, within memory, as text."""

import gzip
import io
import os
import tarfile

import pytest

from aelatent.data import DataError, celeba, idx, lfw
from aelatent.data.source import bytes_of, text_of
from aelatent.runtime import files, memory

LOADERS = {
    idx.unzip: "train-images-idx3-ubyte",
    celeba.Table: "list_eval_partition.txt",
    lambda path: celeba.shrink(path, 148): "000001.jpg",
    lfw.shrink: "Ada_L_0001.jpg",
    lfw.listed: "pairsDevTest.txt",
    lambda path: lfw.verified(path, "0"): lfw.ARCHIVE,
    lambda path: lfw.recorded(path.parent): lfw.RECORD,
}


@pytest.mark.parametrize(("load", "name"), LOADERS.items())
def test_a_fifo_or_a_file_beyond_memory_is_refused_at_once(tmp_path, monkeypatch, load, name):
    os.mkfifo(tmp_path / name)
    with pytest.raises(DataError, match=f"{name}: expected a file on a disk, received a FIFO"):
        load(tmp_path / name)
    (tmp_path / name).unlink()
    (tmp_path / name).write_bytes(bytes(100))
    monkeypatch.setattr(memory, "budget", lambda: 10)
    with pytest.raises(DataError, match=f"{name}: expected at most 10 bytes, received 100"):
        load(tmp_path / name)


def test_a_missing_file_is_named_with_what_to_do(tmp_path):
    with pytest.raises(DataError, match=r"no: expected a list, received no such file\. Copy it"):
        bytes_of(tmp_path / "no", "a list", "Copy it.")


def test_text_that_is_none_is_refused(tmp_path):
    (tmp_path / "list").write_bytes(b"\xff\xfe0\0")
    with pytest.raises(DataError, match="expected a list in UTF-8"):
        text_of(tmp_path / "list", "a list", "")


def test_an_idx_file_that_unpacks_to_gigabytes_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(idx, "MOST", 1000)
    (tmp_path / "images.gz").write_bytes(gzip.compress(bytes(2000)))
    with pytest.raises(DataError, match="at most 1,000 bytes, unpacked, received more"):
        idx.unzip(tmp_path / "images.gz")


def test_a_photograph_of_gigabytes_in_an_archive_is_refused():
    """A sparse member promises any number of zeros in a few bytes."""
    member = tarfile.TarInfo("images/a.jpg")
    member.size = 2**33
    content = io.BytesIO(member.tobuf() + bytes(512))
    refused = pytest.raises(DataError, match="at most 16,777,216 bytes, received 8,589,934,592")
    with tarfile.open(fileobj=content) as archive, refused:
        lfw.extract(archive, member, "a")


def test_labels_without_their_columns_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(lfw, "read_archive", lambda *_: None)
    for table in (b"file,person\na.jpg,Ada\n", b"file,person,person_id,male,split\na,b,c,d,e\n"):
        (tmp_path / lfw.LABELS).write_bytes(table)
        (tmp_path / lfw.ARCHIVE).write_bytes(b"")
        known = {n: files.digest((tmp_path / n).read_bytes()) for n in lfw.MARKS}
        monkeypatch.setattr(lfw, "DIGESTS", known)
        with pytest.raises(DataError, match=r"labels\.csv: expected rows of file, person"):
            lfw.read(tmp_path)
