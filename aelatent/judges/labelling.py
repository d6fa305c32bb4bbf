"""Images to be labelled by eye, shown in an order that hides their kind.

    python -m aelatent.judges.labelling faces sheets/

writes numbered sheets, and `labels/faces.json` keeps what was seen on them. Photographs and what is
made of them come from the image set each time (`aelatent.judges.label_sets`). Decodes are stored
with the fixture models, since labels are about these images: a model that is trained anew would
decode others. Each image is *clean*, *damaged* or *none* (`aelatent.judges.grade`). A judge's
thresholds are set on the images of one half and tested on those of the other. `docs/judges.md` says
who labelled them, and how.

    python -m aelatent.judges.labelling faces sheets/ --date 2026-11-29

shows only decodes that were made on that date, after all others. The first such call makes them
with the trainings that are stored that day.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import count
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from aelatent.judges.grade import Grade
from aelatent.judges.judge import Pixels
from aelatent.judges.label_sets import POOLS, Codes, Made, rng_of
from aelatent.runtime import files
from aelatent.runtime.arrays import pack, unpack
from aelatent.zoo import Collection

ORDER_SEED = 20261128
COLUMNS, ROWS = 8, 5
GAP, CAPTION = 8, 16
HALVES = "threshold", "test"
DECODED = "decoded "
TRAININGS = 3  # of each model, that a later labelling decodes


@dataclass(frozen=True)
class LabelledImage:
    """What is known of one image before and after somebody looked at it.

    Attributes
    ----------
    kind : str
        How it was made, in words.
    source : str
        The fixture model and seed that decoded it, with the date of a later labelling; the image
        set where none did.
    half : str
        "threshold": thresholds may be set on it; "test": it only tests them.
    grades : tuple of Grade
        One for each pass; empty before the first. The third pass saw only some of the images.
    """

    kind: str
    source: str
    half: str
    grades: tuple[Grade, ...] = ()

    @property
    def grade(self) -> Grade:
        """The median of the passes: where the first two differ there is a third."""
        return Grade(int(np.median(self.grades)))


def pool(name: str, collection: Collection) -> tuple[list[LabelledImage], Pixels]:
    """Make all images of a judge's label set, in the order in which they are shown.

    Parameters
    ----------
    name : str
        "faces" or "digits".
    collection : Collection
        Holds the decodes among them.

    Returns
    -------
    list of LabelledImage
        Without grades.
    ndarray of uint8, shape (n, h, w, c)

    Raises
    ------
    FileNotFoundError
        If there is no file of decodes.
    StorageError
        If it is damaged.
    """
    first, *later = decodes_paths(name, collection)
    stored = _stored(first)

    def decodes(model: str, kind: str, n: int, codes: Codes, seeds: int | None = None) -> Made:
        del n, codes, seeds
        for own, source, image in stored:
            if own == DECODED + kind and source.startswith(f"{model} seed "):
                yield own, source, image

    shown = [_shuffled(POOLS[name](decodes)), *(_shuffled(_stored(path)) for path in later)]
    return [entry for entries, _ in shown for entry in entries], np.concatenate(
        [pixels for _, pixels in shown]
    )


def _stored(path: Path) -> list[tuple[str, str, Pixels]]:
    arrays = unpack(files.read(path), path)
    images = arrays["pixels"][:, None]
    return list(zip(arrays["kinds"].tolist(), arrays["sources"].tolist(), images, strict=True))


def _shuffled(made: Iterable[tuple[str, str, Pixels]]) -> tuple[list[LabelledImage], Pixels]:
    """Give every other image of those made one after another to a half, and shuffle them."""
    entries: list[LabelledImage] = []
    pixels: list[Pixels] = []
    halves = count()
    for kind, source, images in made:
        entries += [LabelledImage(kind, source, HALVES[next(halves) % 2]) for _ in images]
        pixels.append(images)
    order = np.random.default_rng(ORDER_SEED).permutation(len(entries))
    return [entries[i] for i in order], np.concatenate(pixels)[order]


def decodes_paths(name: str, collection: Collection) -> list[Path]:
    """Return the files of the decodes among the images of a judge's label set.

    Parameters
    ----------
    name : str
        "faces" or "digits".
    collection : Collection
        In whose folder they lie.

    Returns
    -------
    list of Path
        That of the first labelling, and those of later ones by their dates.
    """
    first, later = (_decodes_path(name, collection, made_on) for made_on in ("", "*"))
    return [first, *sorted(later.parent.glob(later.name))]


def store_decodes(name: str, collection: Collection, made_on: str = "") -> None:
    """Decode with the present replicates of a collection, for the first labelling or a later one.

    Parameters
    ----------
    name : str
        "faces" or "digits".
    collection : Collection
    made_on : str
        The date of a later labelling, such as "2026-11-29", which comes after all earlier ones and
        takes three trainings of each model.
    """
    suffix = f", {made_on}" if made_on else ""

    def decodes(model: str, kind: str, n: int, codes: Codes, seeds: int | None = None) -> Made:
        for seed in collection.specification(model).seeds[: TRAININGS if made_on else seeds]:
            replicate = collection.replicate(model, seed)
            drawn = codes(replicate, n, rng_of(f"{kind}{suffix}", replicate.name))
            yield DECODED + kind, f"{replicate.name}{suffix}", replicate.decode(drawn)

    made = [group for group in POOLS[name](decodes) if group[0].startswith(DECODED)]
    arrays = {
        "kinds": np.array([kind for kind, _, images in made for _ in images]),
        "sources": np.array([source for _, source, images in made for _ in images]),
        "pixels": np.concatenate([images for _, _, images in made]),
    }
    files.write(_decodes_path(name, collection, made_on), pack(arrays))


def _decodes_path(name: str, collection: Collection, made_on: str = "") -> Path:
    suffix = f"_{made_on}" if made_on else ""
    return collection.folder / "judges" / f"{name}_decodes{suffix}.npz"


def read_labels(name: str) -> list[LabelledImage]:
    """Return what was seen on the images of `pool`, in the same order."""
    text = _labels(name).read_text(encoding="utf-8")
    return [
        LabelledImage(
            row["kind"], row["source"], row["half"], tuple(Grade[g.upper()] for g in row["grades"])
        )
        for row in json.loads(text)["images"]
    ]


def _labels(name: str) -> Traversable:
    return resources.files("aelatent.judges").joinpath("labels", f"{name}.json")


def write_sheets(pixels: Pixels, numbers: Sequence[int], side: int, folder: Path) -> list[Path]:
    """Write sheets of numbered images, and nothing else about them.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n, h, w, c)
    numbers : sequence of int, length n
        Printed above each image.
    side : int
        Width and height at which an image is shown, in pixels.
    folder : Path

    Returns
    -------
    list of Path
        PNG files of 40 images each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for first in range(0, len(pixels), COLUMNS * ROWS):
        shown = slice(first, first + COLUMNS * ROWS)
        paths.append(folder / f"sheet-{first // (COLUMNS * ROWS):02d}.png")
        _sheet(pixels[shown], numbers[shown], side).save(paths[-1])
    return paths


def _sheet(pixels: Pixels, numbers: Sequence[int], side: int) -> Image.Image:
    width, height = side + GAP, side + GAP + CAPTION
    sheet = Image.new("RGB", (COLUMNS * width, ROWS * height), "white")
    draw = ImageDraw.Draw(sheet)
    for place, (number, image) in enumerate(zip(numbers, pixels, strict=True)):
        x, y = place % COLUMNS * width, place // COLUMNS * height
        draw.text((x + 2, y + 2), str(number), fill="black")
        picture = Image.fromarray(image.squeeze(-1) if image.shape[-1] == 1 else image)
        sheet.paste(
            picture.convert("RGB").resize((side, side), Image.Resampling.BICUBIC), (x, y + CAPTION)
        )
    return sheet


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        message = f"expected a date such as 2026-11-29, received {text!r}"
        raise argparse.ArgumentTypeError(message) from None


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the sheets of a label set."""
    parser = argparse.ArgumentParser(prog="python -m aelatent.judges.labelling")
    parser.add_argument("name", choices=sorted(POOLS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fixtures", type=Path, default=Path("fixtures"))
    parser.add_argument("--shuffle", type=int, metavar="SEED", help="another order, for a new pass")
    parser.add_argument(
        "--date", type=_date, help="show only decodes made on this date, such as 2026-11-29"
    )
    options = parser.parse_args(arguments)
    collection = Collection(options.fixtures)
    made_on = options.date or ""
    path = _decodes_path(options.name, collection, made_on)
    last = decodes_paths(options.name, collection)[-1]
    if made_on and not path.exists() and path.name < last.name:
        parser.error(f"--date: expected one after that of {last}, received {made_on}")
    # Labels are about the decodes of their day: where these are lost, others do not replace them.
    if not path.exists() and (made_on or not _labels(options.name).is_file()):
        store_decodes(options.name, collection, made_on)
    entries, pixels = pool(options.name, collection)
    shown = [not made_on or entry.source.endswith(f", {made_on}") for entry in entries]
    numbers = np.flatnonzero(shown)
    if options.shuffle is not None:
        numbers = np.random.default_rng(options.shuffle).permutation(numbers)
    side = 144 if options.name == "faces" else 112
    for path in write_sheets(pixels[numbers], numbers.tolist(), side, options.folder):
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
