"""Images to be labelled by eye, shown in an order that hides their kind.

    python -m aelatent.judges.labelling faces sheets/

writes numbered sheets, and `labels/faces.json` keeps what was seen on them. Photographs and what is
made of them come from the image set each time. Decodes are stored with the fixture models, since
labels are about these images: a model that is trained anew would decode others. Each image is
*clean*, *damaged* or *none* (`aelatent.judges.grade`). A judge's thresholds are set on the images
of one half and tested on those of the other. `docs/judges.md` says who labelled them, and how.

    python -m aelatent.judges.labelling faces sheets/ --date 2026-11-29

shows only decodes that were made on that date, after all others. The first such call makes them
with the trainings that are stored that day.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter
from sklearn.decomposition import PCA

from aelatent.data import DataError, Images, load
from aelatent.judges import nonimages
from aelatent.judges.grade import Grade
from aelatent.judges.judge import Pixels
from aelatent.latent.cloud import Floats
from aelatent.runtime import files
from aelatent.runtime.arrays import pack, unpack
from aelatent.samplers import ladder
from aelatent.zoo import Collection, ReplicateLike

ORDER_SEED = 20261128
COLUMNS, ROWS = 8, 5
GAP, CAPTION = 8, 16
HALVES = "threshold", "test"

Codes = Callable[[ReplicateLike, int, np.random.Generator], Floats]
Made = Iterator[tuple[str, str, Pixels]]  # kind, source, images
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

    shown = [_shuffled(_POOLS[name](decodes)), *(_shuffled(_stored(path)) for path in later)]
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
            drawn = codes(replicate, n, _rng(f"{kind}{suffix}", replicate.name))
            yield DECODED + kind, f"{replicate.name}{suffix}", replicate.decode(drawn)

    made = [group for group in _POOLS[name](decodes) if group[0].startswith(DECODED)]
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


Decodes = Callable[..., Made]  # (model, kind, n, codes, seeds) to n images of each replicate


def _faces(decodes: Decodes) -> Made:
    images = load("lfw")
    held_out = images.held_out()
    yield from _photographs(images, "face")
    for kind, n, codes in _FACE_CODES:
        yield from decodes("faces_ae_256d", kind, n, codes)
    for kind, n, codes in _VAE_CODES:
        yield from decodes("faces_vae_200d", kind, n, codes)
    yield from decodes("faces_ae_256d_untrained", "N(0, I)", 2, _prior)
    yield from decodes("faces_ae_256d_untrained", "codes", 2, _codes)
    for components in (16, 64):
        chosen = held_out.pixels[
            _rng("linear", str(components)).permutation(len(held_out.pixels))[:8]
        ]
        yield (
            f"reconstructions from {components} principal components",
            "lfw",
            _linear(images.pixels[images.train], chosen, components),
        )
    shape = (96, 96, 3)
    rng = _rng("none", "lfw")
    yield (
        "double exposures",
        "lfw",
        nonimages.double_exposures(12, held_out.pixels, _known(held_out.groups), rng),
    )
    yield "pixel noise", "lfw", nonimages.pixel_noise(3, shape, rng)
    yield "phase scrambles", "lfw", nonimages.phase_scrambles(6, held_out.pixels, rng)
    yield "shuffled tiles", "lfw", nonimages.shuffled_tiles(6, held_out.pixels, rng)
    yield "strokes", "lfw", nonimages.strokes(3, shape, rng)


def _digits(decodes: Decodes) -> Made:
    images = load("mnist")
    held_out = images.held_out()
    yield from _photographs(images, "digit")
    for model in _DIGIT_MODELS:
        yield from decodes(model, "codes", 4, _codes, seeds=2)
        yield from decodes(model, "midpoints of codes", 2, _midpoints, seeds=2)
        law = "N(0, I)" if "vae" in model else "Gaussian"
        yield from decodes(model, law, 4, _prior if "vae" in model else _gaussian, seeds=2)
    for model in ("mnist_ae_2d", "mnist_ae_2d_1k"):
        yield from decodes(model, "box of the codes", 8, _box)
    for model, seeds in (
        ("mnist_vae_8d_dense", 3),
        ("mnist_vae_32d_dense", 3),
        ("mnist_vae_8x8x16", 5),
    ):
        yield from decodes(model, "unit Gaussian about a mean", 8, _unit_noise, seeds)
        yield from decodes(model, "twice as far as N(0, I)", 5, _far, seeds)
    rng = _rng("none", "mnist")
    shape = (28, 28, 1)
    yield (
        "overlaid pairs",
        "mnist",
        nonimages.overlaid_pairs(20, held_out.pixels, _known(held_out.labels), rng),
    )
    yield (
        "means of two digits",
        "mnist",
        nonimages.double_exposures(20, held_out.pixels, _known(held_out.labels), rng),
    )
    yield "strokes", "mnist", nonimages.strokes(20, shape, rng)
    yield "pixel noise", "mnist", nonimages.pixel_noise(3, shape, rng)
    yield "phase scrambles", "mnist", nonimages.phase_scrambles(8, held_out.pixels, rng)
    yield "shuffled tiles", "mnist", nonimages.shuffled_tiles(10, held_out.pixels, rng)


_POOLS: dict[str, Callable[[Decodes], Made]] = {"faces": _faces, "digits": _digits}
_DIGIT_MODELS = (
    "mnist_ae_2d",
    "mnist_ae_2d_1k",
    "mnist_vae_2d",
    "mnist_vae_2d_1k",
    "mnist_vae_2d_dense",
    "mnist_vae_2d_no_kl",
    "mnist_vae_2d_no_noise",
    "mnist_vae_8d_dense",
    "mnist_vae_32d_dense",
    "mnist_vae_8x8x1",
    "mnist_vae_8x8x2",
    "mnist_vae_8x8x4",
    "mnist_vae_8x8x16",
    "mnist_vae_8x8x16_mean_kl",
    "mnist_vae_8x8x64",
)


def _photographs(images: Images, noun: str) -> Made:
    held_out = images.held_out().pixels
    chosen = held_out[_rng(noun, "originals").permutation(len(held_out))]
    yield "originals", images.name, chosen[:40]
    radii = (2, 4, 6) if noun == "face" else (1, 2)
    for radius, part in zip(radii, np.split(chosen[40:64], len(radii)), strict=True):
        yield (
            f"originals blurred by {radius} pixels",
            images.name,
            np.stack([_blurred(image, radius) for image in part]),
        )


def _known(values: NDArray[np.int64] | None) -> NDArray[np.int64]:
    if values is None:
        raise DataError("expected images with labels or groups, received some without")
    return values


def _rng(kind: str, source: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(f"{kind}, {source}".encode()))


def _blurred(image: Pixels, radius: float) -> Pixels:
    picture = Image.fromarray(image.squeeze(-1) if image.shape[-1] == 1 else image)
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(radius))).reshape(image.shape)


def _linear(train: Pixels, pixels: Pixels, components: int) -> Pixels:
    flat = train[:3000].reshape(len(train[:3000]), -1).astype(np.float32)
    model = PCA(components, svd_solver="randomized", random_state=0).fit(flat)
    back = model.inverse_transform(model.transform(pixels.reshape(len(pixels), -1)))
    return np.clip(np.round(back), 0, 255).astype(np.uint8).reshape(pixels.shape)


def _codes(replicate: ReplicateLike, n: int, rng: np.random.Generator) -> Floats:
    z = replicate.held_out.z_mean
    return z[rng.permutation(len(z))[:n]]


def _midpoints(replicate: ReplicateLike, n: int, rng: np.random.Generator) -> Floats:
    z = replicate.held_out.z_mean
    return np.asarray(z[rng.integers(0, len(z), (n, 2))].mean(axis=1))


def _mean(replicate: ReplicateLike, n: int, rng: np.random.Generator) -> Floats:
    del n, rng
    return replicate.train.mean[None]


def _origin(replicate: ReplicateLike, n: int, rng: np.random.Generator) -> Floats:
    """Draw about the origin: the first is the origin, the last is half as wide as N(0, I)."""
    return rng.standard_normal((n, replicate.train.d)) * np.linspace(0, 0.5, n)[:, None]


def _to_centre(replicate: ReplicateLike, n: int, rng: np.random.Generator) -> Floats:
    return np.asarray(rng.uniform(0.2, 0.9, n)[:, None] * replicate.train.mean)


def _sampler(sampler: ladder.Sampler) -> Codes:
    return lambda replicate, n, rng: sampler.draw(n, replicate.train, rng)


def _scaled(factor: float) -> Codes:
    """Return a sampler of Gaussians with `factor` times the codes' standard deviations."""

    def draw(replicate: ReplicateLike, n: int, rng: np.random.Generator) -> Floats:
        centre = replicate.train.mean
        drawn = ladder.Gaussian().draw(n, replicate.train, rng)
        return np.asarray(centre + factor * (drawn - centre))

    return draw


def _path(reach: float) -> Codes:
    """Points `reach` standard deviations from the mean, in planes of two leading components."""

    def draw(replicate: ReplicateLike, n: int, rng: np.random.Generator) -> Floats:
        variances, axes = replicate.train.principal
        angle = rng.uniform(0, 2 * np.pi, n)
        chosen = np.stack([rng.permutation(20)[:2] for _ in range(n)])
        weights = reach * np.stack([np.cos(angle), np.sin(angle)], 1) * np.sqrt(variances[chosen])
        steps = np.einsum("nk,nkd->nd", weights, axes.T[chosen])
        return np.asarray(replicate.train.mean + steps)

    return draw


def _box(replicate: ReplicateLike, n: int, rng: np.random.Generator) -> Floats:
    z = replicate.held_out.z_mean
    return rng.uniform(z.min(axis=0), z.max(axis=0), (n, z.shape[1]))


def _unit_noise(replicate: ReplicateLike, n: int, rng: np.random.Generator) -> Floats:
    return _codes(replicate, n, rng) + rng.standard_normal((n, replicate.train.d))


def _far(replicate: ReplicateLike, n: int, rng: np.random.Generator) -> Floats:
    return 2 * rng.standard_normal((n, replicate.train.d))


_prior = _sampler(ladder.StandardNormal())
_gaussian = _sampler(ladder.Gaussian())
_FACE_CODES: tuple[tuple[str, int, Codes], ...] = (
    ("codes", 8, _codes),
    ("mean", 1, _mean),
    ("midpoints of codes", 3, _midpoints),
    ("neighbourhood of the origin", 3, _origin),
    ("points between origin and mean", 3, _to_centre),
    ("N(0, I)", 3, _prior),
    ("uniform in [-1.5, 1.5]", 2, _sampler(ladder.Uniform(1.5))),
    ("N(0, I) with the codes' radii", 2, _sampler(ladder.RadiusMatched(ladder.StandardNormal()))),
    ("own ranges", 6, _sampler(ladder.OwnRanges())),
    ("column shuffles", 6, _sampler(ladder.ColumnShuffles())),
    ("Gaussian", 8, _gaussian),
    ("Gaussian, half as wide", 2, _scaled(0.5)),
    ("Gaussian, 1.5 times as wide", 3, _scaled(1.5)),
    ("Gaussian, twice as wide", 3, _scaled(2.0)),
    ("Gaussian, three times as wide", 3, _scaled(3.0)),
    ("pairwise ellipses at k = 3", 5, _sampler(ladder.PairwiseEllipse(3.0))),
    ("paths at 3 deviations", 2, _path(3.0)),
    ("paths at 6 deviations", 2, _path(6.0)),
    ("paths at 10 deviations", 3, _path(10.0)),
    ("paths at 20 deviations", 3, _path(20.0)),
)
_VAE_CODES: tuple[tuple[str, int, Codes], ...] = (
    ("codes", 4, _codes),
    ("N(0, I)", 5, _prior),
    ("own ranges", 2, _sampler(ladder.OwnRanges())),
    ("Gaussian", 2, _gaussian),
    ("Gaussian, twice as wide", 3, _scaled(2.0)),
    ("Gaussian, three times as wide", 2, _scaled(3.0)),
    ("neighbourhood of the origin", 1, _origin),
)


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        message = f"expected a date such as 2026-11-29, received {text!r}"
        raise argparse.ArgumentTypeError(message) from None


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the sheets of a label set."""
    parser = argparse.ArgumentParser(prog="python -m aelatent.judges.labelling")
    parser.add_argument("name", choices=sorted(_POOLS))
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
