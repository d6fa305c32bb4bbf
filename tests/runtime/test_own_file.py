"""A file that aelatent did not write stays as it is; one that it wrote is replaced whole."""

import numpy as np
import pytest

from aelatent.runtime.arrays import pack
from aelatent.runtime.files import StorageError
from aelatent.runtime.own_file import holds_arrays, is_as_marked, marked, write_own


def test_a_free_path_is_written_and_ours_replaced(tmp_path):
    path = tmp_path / "made" / "a.yaml"
    for text in ("a: 1\n", "a: 2\n"):
        assert write_own(path, marked(text, "init"), "a description", is_as_marked) == path
        assert path.read_text().endswith(text)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("before", [b"", b"mine: 1\n", marked("a: 1\n", "init") + b"b: 2\n"])
def test_a_file_of_others_or_an_edited_one_stays(tmp_path, before):
    path = tmp_path / "a.yaml"
    path.write_bytes(before)
    with pytest.raises(StorageError, match="or a description that aelatent wrote, found another"):
        write_own(path, marked("a: 2\n", "init"), "a description", is_as_marked)
    assert path.read_bytes() == before


def test_a_folder_is_no_place_for_a_file(tmp_path):
    with pytest.raises(StorageError, match="found a folder"):
        write_own(tmp_path, b"", "an audit", is_as_marked)


def test_a_link_stays_and_its_file_is_replaced(tmp_path):
    link, file = tmp_path / "link.yaml", tmp_path / "file.yaml"
    file.write_bytes(marked("a: 1\n", "init"))
    link.symlink_to(file)
    write_own(link, marked("a: 2\n", "init"), "a description", is_as_marked)
    assert link.is_symlink()
    assert file.read_text().endswith("a: 2\n")


def test_archives_are_told_by_their_arrays(tmp_path):
    path = tmp_path / "a.npz"
    path.write_bytes(pack({"name": np.zeros(1), "schema": np.ones(1)}))
    assert holds_arrays(path, frozenset({"name"}))
    assert not holds_arrays(path, frozenset({"name", "facts"}))
    path.write_bytes(b"no archive")
    assert not holds_arrays(path, frozenset())
