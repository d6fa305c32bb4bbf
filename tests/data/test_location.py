from pathlib import Path

import pytest

from aelatent.data import location
from aelatent.runtime.files import StorageError


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A folder that AELATENT_DATA names."""
    monkeypatch.setenv("AELATENT_DATA", str(tmp_path / "own"))
    return tmp_path / "own"


def put(folder):
    folder.mkdir(parents=True)
    (folder / "set.tar").touch()
    return folder


def test_the_users_own_folder_comes_before_the_cache(own, cache):
    put(own / "faces"), put(cache / "faces")
    assert location.find("faces", ["set.tar"]) == own / "faces"


def test_a_folder_that_lacks_the_set_gives_way_to_the_cache(own, cache):
    (own / "faces").mkdir(parents=True)
    put(cache / "faces")
    assert location.find("faces", ["set.tar"]) == cache / "faces"


def test_a_set_that_lies_nowhere_is_not_found(own):
    assert location.find("faces", ["set.tar"]) is None


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"AELATENT_CACHE": "/own", "XDG_CACHE_HOME": "/xdg"}, "/own"),
        ("linux", {"AELATENT_CACHE": "~/own"}, "/home/ada/own"),
        ("linux", {"XDG_CACHE_HOME": "/xdg"}, "/xdg/aelatent"),
        ("linux", {}, "/home/ada/.cache/aelatent"),
        ("darwin", {}, "/home/ada/Library/Caches/aelatent"),
        ("win32", {}, "/home/ada/AppData/Local/aelatent/Cache"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/aelatent/Cache"),
    ],
)
def test_the_cache_lies_where_the_platform_wants_it(monkeypatch, platform, variables, expected):
    for name in ("AELATENT_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/ada", **variables}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.platform", platform)
    assert location.cache_folder() == Path(expected)


def test_a_staged_folder_appears_whole(cache):
    with location.staged(cache / "faces") as folder:
        (folder / "set.tar").touch()
        assert not (cache / "faces").exists()
        staged = folder.stat().st_ino
    assert (cache / "faces").stat().st_ino == staged  # renamed, not copied
    assert [path.name for path in cache.iterdir()] == ["faces"]


def test_a_failure_leaves_nothing_behind(cache):
    def fail():
        with location.staged(cache / "faces") as folder:
            (folder / "set.tar").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert list(cache.iterdir()) == []


def test_the_folder_of_a_faster_process_stays(cache):
    with location.staged(cache / "faces"):
        put(cache / "faces")
    assert (cache / "faces" / "set.tar").exists()


def test_what_is_no_folder_is_not_overwritten(cache):
    cache.mkdir()
    (cache / "faces").touch()

    with pytest.raises(OSError), location.staged(cache / "faces"):
        pass


@pytest.mark.parametrize("name", ["AELATENT_DATA", "AELATENT_CACHE", "XDG_CACHE_HOME"])
def test_a_home_of_nobody_is_refused_by_name(monkeypatch, name):
    monkeypatch.delenv("AELATENT_CACHE", raising=False)
    monkeypatch.setenv(name, "~nosuchuser/sets")
    with pytest.raises(StorageError, match="nosuchuser"):
        location.places("faces")


def test_without_a_home_the_users_own_folder_is_enough(monkeypatch, tmp_path):
    for variable in ("AELATENT_CACHE", "XDG_CACHE_HOME", "AELATENT_DATA", "LOCALAPPDATA"):
        monkeypatch.delenv(variable, raising=False)

    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(StorageError, match="Set AELATENT_CACHE"):
        location.places("faces")
    monkeypatch.setenv("AELATENT_DATA", str(tmp_path))
    assert location.places("faces") == [tmp_path / "faces"]
