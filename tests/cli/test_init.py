"""The command `init`: a description from the files that lie here."""

import numpy as np
import pytest

from aelatent.audit.description import read
from aelatent.cli import main
from aelatent.cli.init import Found, look


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to stand in."""
    folder = tmp_path / "my model"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_networks_and_images_are_found(here, capsys):
    for name in ("encoder.keras", "decoder.keras"):
        (here / name).touch()
    np.save(here / "images.npy", np.zeros((30, 8, 8), np.uint8))
    np.save(here / "labels.npy", np.zeros(30, int))

    assert main(["init"]) == 0

    described = read(here / "mine.yaml")
    assert (described.encoder, described.decoder) == ("encoder.keras", "decoder.keras")
    assert described.images == "array:images.npy"
    assert described.name == "my_model"
    assert "next: aelatent audit mine.yaml" in capsys.readouterr().out


def test_functions_of_a_module_are_found_without_running_it(here):
    (here / "network.py").write_text(
        "raise SystemExit\n\ndef encode(x): ...\n\ndef decode(z): ...\n"
    )
    (here / "photos").mkdir()
    for number in range(20):
        (here / "photos" / f"{number}.png").touch()

    found = look(here)

    assert (found.encoder, found.decoder) == ("network:encode", "network:decode")
    assert found.images == "folder:photos"


def test_codes_serve_where_no_encoder_lies(here):
    np.save(here / "codes.npy", np.zeros((30, 4), np.float32))
    (here / "decoder.onnx").touch()

    assert main(["init", "other.yaml"]) == 0
    assert read(here / "other.yaml").codes == "codes.npy"


def test_a_choice_among_several_is_told(here, capsys):
    for name in ("encoder_a.onnx", "encoder_b.onnx", "decoder.onnx"):
        (here / name).touch()
    np.save(here / "x.npy", np.zeros((30, 8, 8, 1), np.uint8))

    main(["init"])

    assert "encoder: encoder_a.onnx, and not encoder_b.onnx" in capsys.readouterr().out


def test_what_is_missing_is_marked(here, capsys):
    assert main(["init"]) == 1

    assert "# encoder: TODO" in (here / "mine.yaml").read_text()
    assert "fill in what is missing" in capsys.readouterr().out


def test_a_description_is_not_overwritten(here, capsys):
    (here / "mine.yaml").write_text("mine")

    assert main(["init"]) == 2
    assert (here / "mine.yaml").read_text() == "mine"

    np.save(here / "codes.npy", np.zeros((30, 4)))
    assert main(["init", "--force"]) == 0
    assert "codes: codes.npy" in (here / "mine.yaml").read_text()


def test_what_init_wrote_is_replaced_until_it_is_edited(here, capsys):
    assert main(["init"]) == 1
    np.save(here / "codes.npy", np.zeros((30, 4)))
    assert main(["init"]) == 0
    edited = (here / "mine.yaml").read_text() + "most: 900\n"
    (here / "mine.yaml").write_text(edited)
    assert main(["init"]) == 2
    assert (here / "mine.yaml").read_text() == edited
    assert "not as init wrote it; it stays" in capsys.readouterr().err


def test_damaged_files_are_passed_over(here):
    (here / "broken.npy").write_bytes(b"no array")
    (here / "broken.py").write_text("def encode(")

    assert look(here).encoder == ""


NAMES = [
    "enc\x1b[31m.onnx",
    "encoder.onnx\njudge: evil:f\n#.onnx",
    "enc: x.onnx",
    "enc\u202e.keras",
]


def test_names_that_mean_something_else_are_passed_over(here, capsys):
    """A name may hold a line break, and lines of a description after it."""
    for name in NAMES:
        (here / name).touch()
    (here / "encoder (2).onnx").touch()

    main(["init"])

    assert look(here).encoder == "encoder (2).onnx"
    assert "evil" not in (here / "mine.yaml").read_text()
    assert capsys.readouterr().out.replace("\n", "").isprintable()


def test_files_that_make_no_sense_are_passed_over(here):
    for place, text in enumerate(["-" * 200_000 + "1", "x" + ".a" * 200_000, "(" * 5000, "\0"]):
        (here / f"module{place}.py").write_text(text)
    with (here / "archive.npy").open("wb") as file:
        np.savez(file, np.zeros((3, 2)))
    head = b"{'descr': '<f8', 'fortran_order': False, 'shape': (%d, 2)}" % 10**20
    (here / "long.npy").write_bytes(b"\x93NUMPY\1\0" + len(head).to_bytes(2, "little") + head)

    assert look(here) == Found()


def test_a_link_is_not_written_through(here):
    (here / "mine.yaml").symlink_to(here / "elsewhere")

    main(["init", "--force"])

    assert not (here / "elsewhere").exists()
