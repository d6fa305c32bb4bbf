"""Twelve of the images that decided a claim, each framed by its grade, as one small picture.

    pytest claims -p tests.verdict_pictures --verdict-pictures=FOLDER

saves a picture for each check that decodes and judges codes: decoded images only, never
photographs. Then

    python -m tests.verdict_pictures FOLDER

takes those of the checks in the tables of `docs/corrections.md` into `docs/pictures/verdicts/` and
links them there. Results that come from the cache have no pictures: run with `--aelatent-fresh`.
"""

from __future__ import annotations

import io
import re
import shutil
import sys
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from aelatent.judges.grade import Grade
from aelatent.judges.judged_samples import JudgedSamples

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "corrections.md"
PICTURES = DOCUMENT.parent / "pictures" / "verdicts"
COUNT, COLUMNS = 12, 6
SIDE, FRAME, GAP = 64, 4, 3
MOST_BYTES = 15_000
COLOURS = {Grade.NONE: "#b2182b", Grade.DAMAGED: "#f4a582", Grade.CLEAN: "#2166ac"}
ROW = re.compile(
    r"^\| (?P<claim>[A-Z]-\d+) \| (?:\[)?`(?P<check>\w+)`(?:\]\(\S+\))? \| (?P<model>\w+) \|"
)

Shown = tuple[NDArray[np.uint8], NDArray[np.int8]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the folder."""
    parser.addoption("--verdict-pictures", metavar="FOLDER", help="where to save pictures")


def pytest_configure(config: pytest.Config) -> None:
    """Register the recorder where a folder is named."""
    if folder := config.getoption("--verdict-pictures"):
        config.pluginmanager.register(Recorder(Path(folder)))


class Recorder:
    """Keeps the first images of all samples that a check judges.

    Parameters
    ----------
    folder : Path
        Where a picture is saved for each check.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Record what the check judges, and save a picture of it."""
        shown: list[Shown] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(JudgedSamples, "__init__", _recording(JudgedSamples.__init__, shown))
            try:
                return (yield)
            finally:
                if shown:
                    self._folder.mkdir(parents=True, exist_ok=True)
                    (self._folder / file_name(item.name)).write_bytes(picture(*chosen(shown)))


def _recording(init: Any, shown: list[Shown]) -> Any:
    def record(samples: JudgedSamples, *values: Any, **named: Any) -> None:
        init(samples, *values, **named)
        measures = {name: found[:COUNT] for name, found in samples.measures.items()}
        shown.append((samples.pixels[:COUNT].copy(), samples.judge.grades(measures)))

    return record


def chosen(shown: Sequence[Shown]) -> tuple[list[NDArray[np.uint8]], NDArray[np.int8]]:
    """Return twelve images with their grades, spread evenly over samples, in their order.

    Samples of faces and of digits differ in their shapes.

    Examples
    --------
    >>> seven, three = ((np.zeros((n, 1, 1, 1), np.uint8), np.full(n, n, np.int8)) for n in (7, 3))
    >>> chosen([seven, three])[1].tolist()
    [7, 7, 7, 7, 7, 7, 7, 3, 3, 3]
    """
    places = [
        (rank, number) for number, (pixels, _) in enumerate(shown) for rank in range(len(pixels))
    ]
    if len(shown) > COUNT:
        kept = set(np.linspace(0, len(shown) - 1, COUNT).astype(int).tolist())
        places = [place for place in places if place[1] in kept]
    first = sorted(sorted(places)[:COUNT], key=lambda place: (place[1], place[0]))
    pixels = [shown[number][0][rank] for rank, number in first]
    return pixels, np.array([shown[number][1][rank] for rank, number in first], np.int8)


def picture(pixels: Sequence[NDArray[np.uint8]], grades: NDArray[np.int8]) -> bytes:
    """Return images in frames of the colours of their grades, as WebP below 15 kB.

    Parameters
    ----------
    pixels : sequence of ndarray of uint8, shape (h, w, 1 or 3)
        Twelve or fewer.
    grades : ndarray of int8, shape (n,)

    Returns
    -------
    bytes
    """
    cell = SIDE + 2 * FRAME + GAP
    rows = -(-len(pixels) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * cell - GAP, rows * cell - GAP), "white")
    for place, (image, grade) in enumerate(zip(pixels, grades, strict=True)):
        framed = Image.new("RGB", (SIDE + 2 * FRAME,) * 2, COLOURS[Grade(grade)])
        plain = Image.fromarray(image.squeeze(-1) if image.shape[-1] == 1 else image)
        framed.paste(plain.convert("RGB").resize((SIDE, SIDE)), (FRAME, FRAME))
        sheet.paste(framed, (place % COLUMNS * cell, place // COLUMNS * cell))
    for quality in (80, 60, 40, 20, 0):
        sheet.save(content := io.BytesIO(), "WEBP", quality=quality)
        if content.tell() < MOST_BYTES:
            break
    return content.getvalue()


def file_name(check: str) -> str:
    """Return the name of the picture of a check, such as "test_radii[faces_ae_64d]"."""
    return re.sub(r"\W+", "-", check.removeprefix("test_")).strip("-") + ".webp"


def link(text: str, folder: Path, kept: Path) -> str:
    """Copy the pictures of the checks in tables of verdicts, and link them.

    Parameters
    ----------
    text : str
        Markdown; rows begin with identifier, check and model.
    folder : Path
        Holds what a run saved.
    kept : Path
        Where pictures are copied to; a sibling of the folder "pictures" holds the text.

    Returns
    -------
    str
        The text, in which the name of a check links to its picture where there is one.
    """
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if not (row := ROW.match(line)):
            continue
        name = file_name(
            row["check"] if row["model"] == "all" else f"{row['check']}-{row['model']}"
        )
        if (source := folder / name).exists():
            kept.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, kept / name)
            check = f"[`{row['check']}`](pictures/{kept.name}/{name})"
            lines[number] = f"| {row['claim']} | {check} | {row['model']} |{line[row.end() :]}"
    return "".join(lines)


def main() -> None:
    """Take the pictures of a run into the documentation."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("usage: python -m tests.verdict_pictures FOLDER, which --verdict-pictures filled")
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(link(text, Path(sys.argv[1]), PICTURES), encoding="utf-8")


if __name__ == "__main__":
    main()
