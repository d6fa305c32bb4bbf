"""Explorers of stored models: small, whole, made once, and only within the report's folder."""

import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest

from aelatent import cli, data
from aelatent.explorer import build, explore
from aelatent.explorer.rendering import digest_of
from aelatent.runtime import quiet_keras
from aelatent.zoo import Collection


@pytest.fixture
def collection(trained, tmp_path, monkeypatch, blobs):
    """A tiny model that is trained on blobs and has no judge."""
    quiet_keras.load_keras()
    monkeypatch.setattr(data, "load", lambda *_, **__: blobs)
    shutil.copytree(trained, tmp_path / "fixtures")
    return Collection(tmp_path / "fixtures")


def files(folder):
    return {p.relative_to(folder): p.stat().st_ino for p in folder.rglob("*") if p.is_file()}


def sizes(report, name):
    home = report / "explore"
    parts = [home / f"{name}.html", home / f"{name}-samples.html", *(home / name).iterdir()]
    return sum(part.stat().st_size for part in parts)


@pytest.mark.slow
@pytest.mark.xdist_group("browser")  # which has built the same pages
def test_faces_stay_below_the_budget(faces):
    assert sizes(faces, "faces_ae_256d") < build.BUDGET


@pytest.mark.slow
@pytest.mark.xdist_group("browser")  # which has built the same pages
def test_every_picture_and_link_of_a_model_leads_to_a_file(faces):
    for page in (faces / "explore").glob("*.html"):
        addresses = re.findall(r'(?:src|href)="([^"#]+)"', page.read_text("utf-8"))
        local = [address for address in addresses if not address.startswith("data:")]
        assert local
        for address in local:
            assert (page.parent / unquote(address)).is_file(), f"{page.name}: {address}"


@pytest.mark.slow
@pytest.mark.xdist_group("browser")  # which has built the same pages
def test_no_photograph_of_a_person_is_in_the_folder_of_faces(faces):
    home = faces / "explore" / "faces_ae_256d"
    titles = {file.name.rpartition("-")[0] for file in home.iterdir()}

    assert {"principal", "components", "origin", "paths", "card", "samples-S4"} <= titles
    assert not {"pairs", "samples-S7"} & titles


def test_an_unchanged_explorer_is_not_made_again(collection, tmp_path):
    report = tmp_path / "report"
    assert explore(collection, "tiny", report).state == "written"
    before = files(report)

    assert explore(collection, "tiny", report).state == "unchanged"
    assert files(report) == before


@pytest.mark.slow
def test_what_an_explorer_depends_on_makes_it_anew(collection, tmp_path):
    report = tmp_path / "report"
    page = explore(collection, "tiny", report).path
    first = digest_of(page)

    assert explore(collection, "tiny", report, originals=True).state == "written"
    assert digest_of(page) != first

    (report / "index.html").touch()  # a front page to link has appeared
    assert explore(collection, "tiny", report, originals=True).state == "written"
    assert 'href="../index.html"' in page.read_text("utf-8")


def test_nothing_is_written_beside_the_explorers(collection, tmp_path):
    before = files(tmp_path)

    explore(collection, "tiny", tmp_path / "report")

    added = set(files(tmp_path)) - set(before)
    assert {part.parts[:2] for part in added} == {("report", "explore")}
    hidden = {part.name for part in added if part.name.startswith(".")}
    assert hidden == {".aelatent-files", ".aelatent-lock"}


def test_an_interrupted_build_keeps_the_old_pages_and_pictures(collection, tmp_path, monkeypatch):
    report = tmp_path / "report"
    page = explore(collection, "tiny", report).path
    text = page.read_text("utf-8")
    monkeypatch.setattr(build, "page_content", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))

    with pytest.raises(KeyboardInterrupt):
        explore(collection, "tiny", report, originals=True)

    assert page.read_text("utf-8") == text
    for address in re.findall(r'src="([^"]+)"', text):
        assert (page.parent / unquote(address)).is_file()
    monkeypatch.undo()


def test_the_command_lists_its_files_and_warns_of_people(collection, tmp_path, capsys):
    """Nobody knows what blobs show, so they count as photographs."""
    arguments = ["--fixtures", str(collection.folder), "explore", "tiny", "--report"]

    assert cli.main([*arguments, str(tmp_path / "a")]) == 0
    quiet = capsys.readouterr()
    assert cli.main([*arguments, str(tmp_path / "b"), "--originals"]) == 0
    warned = capsys.readouterr()

    assert f"written: {Path(tmp_path / 'a' / 'explore' / 'tiny.html')}" in quiet.out
    assert "WARNING" not in quiet.err
    assert "do not publish" in warned.err
    assert list((tmp_path / "b" / "explore" / "tiny").glob("pairs-*"))
    assert not list((tmp_path / "a" / "explore" / "tiny").glob("pairs-*"))


def test_an_unknown_model_is_told_in_one_line(collection, tmp_path, capsys):
    folder = str(collection.folder)

    assert cli.main(["--fixtures", folder, "explore", "huge", "--report", str(tmp_path)]) == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("aelatent: ")
