import subprocess
import sys

import numpy as np
import pytest

from aelatent.data import (
    Content,
    DataError,
    Images,
    MissingData,
    content,
    explain,
    fetch,
    load,
    overview,
    registry,
)
from aelatent.data.registry import REGISTRY, StoredSet, UserSet

STORED = [entry.name for entry in registry.IMAGE_SETS if isinstance(entry, StoredSet)]


@pytest.fixture
def toy(monkeypatch):
    """Return a function that puts a set of one file into the registry, to be downloaded so."""

    def toy(download):
        entry = StoredSet(
            name="toy",
            description="two grey pixels",
            terms="none",
            citation="none needed",
            content=None,
            read=lambda path: Images(
                "toy",
                np.frombuffer((path / "toy.bin").read_bytes(), np.uint8).reshape(2, 1, 1, 1),
                np.array([True, False]),
            ),
            marks=("toy.bin",),
            download=download,
        )
        monkeypatch.setitem(REGISTRY, "toy", entry)
        return entry

    return toy


def write_toy(folder):
    (folder / "toy.bin").write_bytes(b"\x01\x02")


def interrupt(folder):
    write_toy(folder)
    raise OSError("connection lost")


def test_importing_the_loaders_loads_no_framework():
    code = (
        "import sys, aelatent.data; print([m for m in sys.modules"
        " if m in {'keras', 'tensorflow', 'sklearn', 'jax', 'torch'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", STORED)
def test_a_missing_set_says_where_it_was_sought_and_what_to_do(name, cache, monkeypatch, tmp_path):
    monkeypatch.setenv("AELATENT_DATA", str(tmp_path / "own"))
    with pytest.raises(MissingData) as caught:
        load(name)
    assert str(tmp_path / "own" / name) in str(caught.value)
    assert str(cache / name) in str(caught.value)
    assert "set AELATENT_DATA to a folder" in str(caught.value)
    offered = f"`aelatent data {name} --download`" in str(caught.value)
    assert offered == (REGISTRY[name].download is not None)


def test_nothing_is_downloaded_unless_asked(toy, cache):
    toy(write_toy)
    with pytest.raises(MissingData):
        load("toy")
    assert not cache.exists()


def test_a_download_goes_to_the_cache_and_is_found_there(toy, cache):
    toy(write_toy)
    load("toy", download=True)
    assert load("toy").pixels.ravel().tolist() == [1, 2]
    assert [path.name for path in cache.iterdir()] == ["toy"]


def test_a_set_at_hand_is_not_downloaded_again(toy, cache):
    toy(interrupt)
    (cache / "toy").mkdir(parents=True)
    write_toy(cache / "toy")
    assert len(load("toy", download=True)) == 2


def test_an_interrupted_download_leaves_no_half_set(toy, cache):
    toy(interrupt)
    with pytest.raises(DataError, match="expected a download, received OSError: connection lost"):
        load("toy", download=True)
    assert list(cache.iterdir()) == []
    with pytest.raises(MissingData):
        load("toy")


def test_the_error_of_a_wrong_digest_is_passed_on(toy):
    def wrong(folder):
        raise DataError.about("toy.bin", "one digest", "another", "Fetch it again.")

    toy(wrong)
    with pytest.raises(DataError, match=r"^toy\.bin: expected one digest"):
        load("toy", download=True)


def test_a_cache_folder_without_the_set_is_not_taken_for_it(toy, cache):
    toy(write_toy)
    (cache / "toy").mkdir(parents=True)
    (cache / "toy" / "note").touch()
    with pytest.raises(MissingData):
        load("toy", download=True)


def test_a_set_that_may_not_be_passed_on_is_not_downloaded(toy):
    toy(None)
    with pytest.raises(MissingData):
        load("toy", download=True)


@pytest.mark.parametrize("name", ["", "cats", "mnist:", "mnist:28", "folder", "folder:", "array"])
def test_an_unknown_name_is_refused_with_the_known_ones(name):
    with pytest.raises(DataError, match=r"expected one of mnist, .*folder:PATH, array:PATH"):
        load(name)


def test_options_reach_the_reader(tmp_path, save):
    for i in range(3):
        save(tmp_path / "own" / f"{i}.png", (i, i, i))
    assert load(f"folder:{tmp_path / 'own'}", side=4).shape == (4, 4, 3)


def test_an_array_is_named_by_its_path(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(8, dtype=np.uint8).reshape(2, 2, 2, 1))
    assert load(f"array:{tmp_path / 'a.npy'}").name == f"array:{tmp_path / 'a.npy'}"


def test_the_overview_has_a_line_for_every_set():
    assert [line.split()[0] for line in overview().splitlines()] == list(REGISTRY)


@pytest.mark.parametrize("name", [n for n, e in REGISTRY.items() if not isinstance(e, UserSet)])
def test_an_explanation_gives_terms_and_citation(name):
    entry = REGISTRY[name]
    assert all((entry.name, entry.description, entry.terms, entry.citation))
    assert entry.terms in explain(name)
    assert entry.citation in explain(name)
    assert ("not found" in explain(name)) == isinstance(entry, StoredSet)


def test_an_explanation_says_where_a_set_lies(toy, cache):
    toy(write_toy)
    load("toy", download=True)
    assert f"found: {cache / 'toy'}" in explain("toy")


@pytest.mark.parametrize("name", [e.name for e in registry.IMAGE_SETS if e.content])
def test_a_named_set_says_what_it_shows(name):
    shown = content(name)
    assert shown.subject.istitle()
    assert shown.class_names is None or not shown.shows_people


@pytest.mark.parametrize("name", ["blobs", "folder:x", "array:x.npy"])
def test_images_that_nobody_knows_may_show_people(name):
    assert content(name) == Content(name, class_names=None, shows_people=True)


def test_fetching_says_what_was_read(toy):
    toy(write_toy)
    assert "checked: 2 images of 1x1x1, 1 to train on" in fetch("toy", download=True)
