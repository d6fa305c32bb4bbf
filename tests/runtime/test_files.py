"""Files are written whole or not at all."""

import numpy as np
import pytest

from aelatent.runtime import files


def test_equal_arrays_give_equal_bytes():
    arrays = {"a": np.arange(3), "b": np.ones((2, 2), np.float16)}

    assert files.pack(arrays) == files.pack(dict(arrays))


def test_arrays_survive_the_round_trip():
    packed = files.pack({"a/b": np.arange(3)})

    assert files.unpack(packed, "here")["a/b"].tolist() == [0, 1, 2]


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "file"
    files.write(path, b"old")
    monkeypatch.setattr(files.os, "fsync", lambda _: (_ for _ in ()).throw(OSError("full")))

    with pytest.raises(OSError, match="full"):
        files.write(path, b"new")

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("length", [0, 10, 100])
def test_a_truncated_file_is_refused(length):
    packed = files.pack({"a": np.arange(100)})[:length]

    with pytest.raises(files.StorageError, match=r"somewhere\.npz: expected a whole"):
        files.unpack(packed, "somewhere.npz")


def test_pickled_objects_are_never_loaded(tmp_path):
    path = tmp_path / "objects.npz"
    np.savez(path, a=np.array([{}], dtype=object))

    with pytest.raises(files.StorageError, match="expected a whole"):
        files.unpack(path.read_bytes(), path)
