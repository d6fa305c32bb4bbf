"""A memory gives back what it was given, or nothing."""

import os

import pytest

from aelatent.runtime.cache import DIGEST, FORGOTTEN_AFTER, Memory, fingerprint

KEY = "ab12"


@pytest.fixture
def memory(tmp_path):
    return Memory(tmp_path / "memory")


def test_what_was_put_comes_back(memory):
    memory.put(KEY, b"costly")

    assert memory.get(KEY) == b"costly"


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda _: b"", lambda b: b + b"x"])
def test_a_damaged_entry_counts_as_none(memory, damage):
    memory.put(KEY, b"costly")
    path = memory.folder / "ab" / KEY
    path.write_bytes(damage(path.read_bytes()))

    assert memory.get(KEY) is None


def test_a_flipped_bit_is_noticed(memory):
    memory.put(KEY, b"costly")
    path = memory.folder / "ab" / KEY
    content = bytearray(path.read_bytes())
    content[DIGEST] ^= 1
    path.write_bytes(content)

    assert memory.get(KEY) is None


def test_a_folder_that_cannot_be_written_to_costs_only_time(tmp_path):
    (tmp_path / "file").write_text("in the way")
    memory = Memory(tmp_path / "file")

    memory.put(KEY, b"costly")

    assert memory.get(KEY) is None


def test_what_nobody_asked_for_in_a_month_is_forgotten(memory):
    memory.put(KEY, b"old")
    memory.put("cd34", b"new")
    path = memory.folder / "ab" / KEY
    now = path.stat().st_mtime
    os.utime(path, (now - 2 * FORGOTTEN_AFTER,) * 2)

    memory.forget(now)

    assert (memory.get(KEY), memory.get("cd34")) == (None, b"new")


def test_a_fingerprint_tells_contents_names_and_words_apart(tmp_path):
    """Joined texts do not collide: each part is preceded by its length."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a")
    two.write_text("a")
    prints = {
        fingerprint([one]),
        fingerprint([two]),
        fingerprint([one, two]),
        fingerprint([one], "word"),
        fingerprint([one], "wo", "rd"),
    }
    assert len(prints) == 5
