"""Arrays survive packing, and nothing but whole files of numbers is unpacked."""

import numpy as np
import pytest

from aelatent.runtime.arrays import pack, unpack
from aelatent.runtime.files import StorageError


def test_equal_arrays_give_equal_bytes():
    arrays = {"a": np.arange(3), "b": np.ones((2, 2), np.float16)}

    assert pack(arrays) == pack(dict(arrays))


def test_arrays_survive_the_round_trip():
    packed = pack({"a/b": np.arange(3)})

    assert unpack(packed, "here")["a/b"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("length", [0, 10, 100])
def test_a_truncated_file_is_refused(length):
    packed = pack({"a": np.arange(100)})[:length]

    with pytest.raises(StorageError, match=r"somewhere\.npz: expected a whole"):
        unpack(packed, "somewhere.npz")


def test_pickled_objects_are_never_loaded(tmp_path):
    path = tmp_path / "objects.npz"
    np.savez(path, a=np.array([{}], dtype=object))

    with pytest.raises(StorageError, match="expected a whole"):
        unpack(path.read_bytes(), path)
