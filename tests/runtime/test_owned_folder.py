"""Folders of our own: only what aelatent wrote is replaced, and one process writes at once."""

import os
import subprocess
import sys

import pytest

from aelatent.runtime import files, locks
from aelatent.runtime.files import StorageError
from aelatent.runtime.owned_folder import MANIFEST, PARTIAL, owned, refuse_others, replacing

HOLD = """
import sys
from pathlib import Path
from aelatent.runtime.owned_folder import owned
with owned(Path(sys.argv[1]), "a report"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "report"


def names(folder):
    return sorted(path.name for path in folder.rglob("*") if not path.name.startswith("."))


def test_a_folder_with_files_of_somebody_else_is_refused(folder):
    folder.mkdir()
    (folder / "index.html").write_text("mine")

    with pytest.raises(StorageError, match=r"found index\.html and no list"), owned(folder, "a"):
        pass

    assert [path.name for path in folder.iterdir()] == ["index.html"]


@pytest.mark.parametrize("name", ["", ".gitkeep"])
def test_an_empty_folder_is_taken(folder, name):
    folder.mkdir()
    if name:
        (folder / name).touch()

    with owned(folder, "a"):
        files.write(folder / "index.html", b"ours")

    assert names(folder) == ["index.html"]


def test_a_folder_of_another_kind_is_refused(folder):
    with owned(folder, "an audit"):
        files.write(folder / "index.html", b"ours")

    with pytest.raises(StorageError, match=r"the folder of claims, found 'an audit'"):
        refuse_others(folder, "claims")


def test_what_aelatent_wrote_is_replaced(folder):
    for content in (b"first", b"second"):
        with owned(folder, "a"):
            files.write(folder / "pages" / "index.html", content)

    assert (folder / "pages" / "index.html").read_bytes() == b"second"


@pytest.mark.parametrize("made", ["before", "changed"])
def test_what_somebody_else_wrote_is_not_replaced(folder, made):
    page = folder / "index.html"
    with owned(folder, "a"):
        files.write(folder / "other.html", b"ours")
        if made == "changed":
            files.write(page, b"ours")
    page.write_bytes(b"mine")

    with owned(folder, "a") as own:
        with pytest.raises(StorageError, match="found another or a changed one"):
            files.write(page, b"ours")
        own.remove(page)

    assert page.read_bytes() == b"mine"


def test_a_link_out_of_the_folder_is_not_followed(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    with owned(folder, "a"):
        (folder / "figures").symlink_to(tmp_path / "elsewhere")

        with pytest.raises(StorageError, match="found a link out"):
            files.write(folder / "figures" / "one.svg", b"ours")

    assert names(tmp_path / "elsewhere") == []


def test_a_folder_that_was_made_for_nothing_is_removed(folder):
    with owned(folder, "a"):
        pass

    assert not folder.exists()


@pytest.mark.parametrize("name", ["../precious", "{folder}/../precious", "linked/precious"])
def test_a_list_cannot_name_files_elsewhere(folder, tmp_path, name):
    """Somebody else may have written the list, and put links beside it."""
    precious = tmp_path / "precious"
    precious.write_bytes(b"mine")
    with replacing(folder, "a", "last.json") as new:
        files.write(new / "last.json", b"old")
    (folder / "linked").symlink_to(tmp_path)
    with (folder / MANIFEST).open("a") as file:
        file.write(f"\n{files.digest(b'mine')}  {name.format(folder=folder)}")

    with replacing(folder, "a", "last.json") as new:
        files.write(new / "last.json", b"new")

    assert precious.read_bytes() == b"mine"


def test_a_list_that_is_a_link_is_refused(folder, tmp_path):
    folder.mkdir()
    (folder / MANIFEST).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(StorageError, match="found a link"), owned(folder, "a"):
        pass

    assert not (tmp_path / "elsewhere").exists()


def test_a_list_that_was_cut_costs_no_later_line(folder):
    with owned(folder, "a"):
        files.write(folder / "one", b"1")
    with (folder / MANIFEST).open("ab") as file:
        file.write(b"\nabc")

    with owned(folder, "a"):
        files.write(folder / "two", b"2")
    with owned(folder, "a") as own:
        assert own.holds(folder / "two")


def test_a_second_process_is_told_that_a_folder_is_taken(folder):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        with pytest.raises(locks.LockedError, match="no other process"), owned(folder, "a report"):
            pass
        process.kill()
        process.wait()
    with owned(folder, "a report"):  # nothing is left to be removed by hand
        pass


def test_a_file_system_without_locks_costs_a_warning(folder, monkeypatch, capsys):
    def refused(*_, **__):
        raise OSError(locks.errno.ENOLCK, "No locks available")

    monkeypatch.setattr(locks.FileLock, "acquire", refused)

    with owned(folder, "a"):
        files.write(folder / "index.html", b"ours")

    assert names(folder) == ["index.html"]
    assert "has no locks" in capsys.readouterr().err


def test_a_failure_leaves_what_was_there(folder):
    with replacing(folder, "a", "last.json") as new:
        files.write(new / "last.json", b"old")

    with pytest.raises(KeyError), replacing(folder, "a", "last.json") as new:  # noqa: PT012
        files.write(new / "last.json", b"new")
        raise KeyError

    assert (folder / "last.json").read_bytes() == b"old"
    assert not (folder / PARTIAL).exists()


def test_what_a_killed_process_was_writing_is_no_obstacle(folder):
    with replacing(folder, "a", "last.json") as new:
        files.write(new / "last.json", b"old")
    (folder / PARTIAL).mkdir()
    (folder / PARTIAL / "half.html").write_bytes(b"half")

    with replacing(folder, "a", "last.json") as new:
        assert not [*new.iterdir()]
        files.write(new / "last.json", b"new")

    assert (folder / "last.json").read_bytes() == b"new"
    assert not (folder / PARTIAL).exists()


def test_a_success_replaces_everything_of_ours_alone(folder):
    with replacing(folder, "a", "last.json") as new:
        for name in ("last.json", "stale.html", "sub/page.html"):
            files.write(new / name, b"old")
    (folder / "notes.txt").write_text("mine")

    with replacing(folder, "a", "last.json") as new:
        files.write(new / "last.json", b"new")
        files.write(new / "sub" / "page.html", b"new")

    assert names(folder) == ["last.json", "notes.txt", "page.html", "sub"]
    assert (folder / "sub" / "page.html").read_bytes() == b"new"


def test_nothing_is_moved_where_a_file_is_in_the_way(folder):
    with replacing(folder, "a", "last.json") as new:
        files.write(new / "last.json", b"old")
    (folder / "page.html").write_bytes(b"mine")

    def replace():
        with replacing(folder, "a", "last.json") as new:
            files.write(new / "page.html", b"new")
            files.write(new / "last.json", b"new")

    with pytest.raises(StorageError, match=r"page\.html"):
        replace()

    assert (folder / "page.html").read_bytes() == b"mine"
    assert (folder / "last.json").read_bytes() == b"old"


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="needs files without names")
def test_a_process_killed_while_it_writes_leaves_nothing(folder):
    folder.mkdir()
    killed = (
        "import os, signal, sys; from pathlib import Path; from aelatent.runtime import files\n"
        "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "files.write(Path(sys.argv[1]) / 'page.html', b'ours')"
    )

    subprocess.run([sys.executable, "-c", killed, str(folder)], check=False)

    assert list(folder.iterdir()) == []


def test_remains_of_a_killed_process_are_removed(folder):
    with owned(folder, "a"):
        files.write(folder / "index.html", b"ours")
    remains = folder / files.TEMPORARY.format("0a1b2c3d")
    remains.touch()

    with owned(folder, "a"):
        assert not remains.exists()
