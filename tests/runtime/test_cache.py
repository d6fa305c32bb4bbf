"""A cache gives back what it was given, or nothing."""

import os

import pytest

from aelatent.runtime.cache import DIGEST, MAX_AGE, Cache, fingerprint

KEY = "ab12"


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


def test_what_was_put_comes_back(cache):
    cache.put(KEY, b"costly")

    assert cache.get(KEY) == b"costly"


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda _: b"", lambda b: b + b"x"])
def test_a_damaged_entry_counts_as_none(cache, damage):
    cache.put(KEY, b"costly")
    path = cache.folder / "ab" / KEY
    path.write_bytes(damage(path.read_bytes()))

    assert cache.get(KEY) is None


def test_a_flipped_bit_is_noticed(cache):
    cache.put(KEY, b"costly")
    path = cache.folder / "ab" / KEY
    content = bytearray(path.read_bytes())
    content[DIGEST] ^= 1
    path.write_bytes(content)

    assert cache.get(KEY) is None


def test_a_folder_that_cannot_be_written_to_costs_only_time(tmp_path):
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file")

    cache.put(KEY, b"costly")

    assert cache.get(KEY) is None


def test_what_was_not_read_for_a_month_is_removed(cache):
    cache.put(KEY, b"old")
    cache.put("cd34", b"new")
    path = cache.folder / "ab" / KEY
    now = path.stat().st_mtime
    os.utime(path, (now - 2 * MAX_AGE,) * 2)

    cache.remove_unused(now)

    assert (cache.get(KEY), cache.get("cd34")) == (None, b"new")


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
