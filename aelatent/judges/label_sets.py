"""The images of each label set by kind: photographs, decodes, and images that show nothing."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from sklearn.decomposition import PCA

from aelatent.data import DataError, Images, load
from aelatent.judges import nonimages
from aelatent.judges.judge import Pixels
from aelatent.latent.cloud import Floats
from aelatent.samplers import ladder
from aelatent.zoo import ReplicateLike

Codes = Callable[[ReplicateLike, int, np.random.Generator], Floats]
Made = Iterator[tuple[str, str, Pixels]]  # kind, source, images
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
            rng_of("linear", str(components)).permutation(len(held_out.pixels))[:8]
        ]
        yield (
            f"reconstructions from {components} principal components",
            "lfw",
            _linear(images.pixels[images.train], chosen, components),
        )
    shape = (96, 96, 3)
    rng = rng_of("none", "lfw")
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
    rng = rng_of("none", "mnist")
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


POOLS: dict[str, Callable[[Decodes], Made]] = {"faces": _faces, "digits": _digits}
"""What makes the images of each label set, from a function that decodes."""
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
    chosen = held_out[rng_of(noun, "originals").permutation(len(held_out))]
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


def rng_of(kind: str, source: str) -> np.random.Generator:
    """Return the generator of the images of one kind from one source, the same each time.

    Parameters
    ----------
    kind, source : str

    Returns
    -------
    numpy.random.Generator
    """
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
