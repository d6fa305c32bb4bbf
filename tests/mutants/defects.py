"""Defects of a trained model, its labels, its judge or the random draws of a claim.

A defect changes the replicates that a claim is given, the judge, the random draws, or the numbers
of a claim that only calculates. Each applies to whatever a claim asks for; a good claim notices.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.special import ndtri

from aelatent.latent.synthetic import curves
from aelatent.statistics.region import distances
from aelatent.zoo.replicate import Replicate, pack_symmetric

SPLITS = ("train", "held_out")
MODELS = {"model", "models"}  # the fixtures that give a claim what was trained
DEFECTS = {}


@dataclass(frozen=True)
class Defect:
    """A defect: functions from what a claim asks for to a defective version of it."""

    name: str
    description: str
    replicate: object = lambda replicate, _: replicate
    image_judge: object = lambda image_judge: image_judge
    names: object = lambda names: names
    draws: object = lambda rng: rng
    numbers: object = lambda value: value
    part: str = "replicate"
    within: str = ""

    def reaches(self, asked, models, module):
        """Tell whether the defect reaches a claim that asks for these fixtures and models.

        `module` is the claim's own, which has `fact` where it states numbers.
        """
        if self.part == "replicate":
            return any(self.within in model for model in models)
        if self.part == "image_judge":
            return "image_judge" in asked
        if self.part == "names":
            return len(models) > 1
        if self.part == "draws":
            return "rng" in asked
        return hasattr(module, "fact")


def defect(name, part="replicate", within=""):
    """Register a function as a defect; the first line of its docstring describes it.

    Only models whose names hold `within` have what it changes.
    """

    def register(function):
        description = function.__doc__.partition("\n")[0].rstrip(".")
        DEFECTS[name] = Defect(name, description, **{part: function}, part=part, within=within)
        return function

    return register


@defect("shuffled codes")
def shuffled_codes(replicate, rng):
    """Every component of the codes is shuffled on its own."""
    return with_codes(replicate, partial(rng.permuted, axis=0))


@defect("moved codes")
def moved_codes(replicate, rng):
    """Every component of the codes is moved by three of its standard deviations."""
    step = 3 * replicate.train.deviations
    return with_codes(replicate, lambda codes: codes + step)


@defect("standard normal codes")
def standard_normal_codes(replicate, rng):
    """Draws from N(0, I) stand in for the codes."""
    return with_codes(replicate, lambda codes: rng.standard_normal(codes.shape))


@defect("skewed codes")
def skewed_codes(replicate, rng):
    """Every component is exponential, of the same mean and standard deviation."""
    mean, deviations = replicate.train.mean, replicate.train.deviations
    return with_codes(
        replicate, lambda codes: mean + deviations * (rng.exponential(size=codes.shape) - 1)
    )


@defect("codes on strings")
def codes_on_strings(replicate, rng):
    """The codes lie on eight curves, as wide as the codes were."""
    deviations, mean = replicate.train.deviations, replicate.train.mean

    def strings(codes):
        cloud = curves(*codes.shape, 8, 0.02, rng).z_mean
        return mean + deviations * cloud / cloud.std(axis=0)

    return with_codes(replicate, strings)


@defect("one wide axis")
def one_wide_axis(replicate, rng):
    """One component of the codes is stretched tenfold."""
    stretch = np.where(np.arange(replicate.train.d) == 0, 10.0, 1.0)
    return with_codes(replicate, lambda codes: codes * stretch)


@defect("uniform codes")
def uniform_codes(replicate, rng):
    """Every component is uniform, of the same mean and standard deviation."""
    mean, deviations = replicate.train.mean, replicate.train.deviations
    edge = np.sqrt(3)
    return with_codes(
        replicate, lambda codes: mean + deviations * rng.uniform(-edge, edge, codes.shape)
    )


@defect("two heaps")
def two_heaps(replicate, rng):
    """Half of the codes are moved away from the others by ten standard deviations an axis."""
    step = 10 * replicate.train.deviations
    return with_codes(replicate, lambda codes: codes + step * (rng.random((len(codes), 1)) < 0.5))


@defect("origin at the border")
def origin_at_the_border(replicate, rng):
    """The codes are moved until the origin lies as far out as the farthest of a hundred codes."""
    train = replicate.train
    farthest = np.quantile(distances(train.z_mean, train), 0.99)
    centre = distances(np.zeros((1, train.d)), train)[0]
    return with_codes(replicate, lambda codes: codes + train.mean * (farthest / centre - 1))


@defect("ellipsoid beside the origin")
def ellipsoid_beside_the_origin(replicate, rng):
    """The codes fill a flat ellipsoid, moved along its long axes until the origin is at its rim."""
    d = replicate.train.d
    long = np.arange(d) < d // 5
    widths = np.where(long, 10.0, 0.5)
    typical = np.sqrt(d) + 1.0  # Mahalanobis distance; codes have sqrt(d) with a deviation of 0.7
    mean = np.where(long, typical * widths / np.sqrt(long.sum()), 0.0)
    return with_codes(replicate, lambda codes: mean + widths * rng.standard_normal(codes.shape))


@defect("untrained decoder")
def untrained_decoder(replicate, rng):
    """The decoder is the untrained one."""
    return with_decoder(replicate, lambda codes: replicate.untrained().decode(codes))


@defect("blind decoder")
def blind_decoder(replicate, rng):
    """The decoder returns the image of the mean code for any code."""
    return with_decoder(
        replicate,
        lambda codes: np.repeat(replicate.decode(replicate.train.mean[None]), len(codes), axis=0),
    )


@defect("few components")
def few_components(replicate, rng):
    """The decoder gets the ten components of largest variance, and the mean of all others."""
    mean, widest = replicate.train.mean, np.argsort(replicate.train.deviations)[-10:]

    def decode(codes):
        seen = np.tile(mean, (len(codes), 1))
        seen[:, widest] = codes[:, widest]
        return replicate.decode(seen)

    return with_decoder(replicate, decode)


@defect("permuted labels", within="mnist")
def permuted_labels(replicate, rng):
    """Labels are permuted at random."""
    return with_arrays(replicate, {"labels": rng.permutation})


@defect("labels by place", within="mnist")
def labels_by_place(replicate, rng):
    """Ten labels follow the first component of the codes."""
    arrays = dict(replicate.arrays)
    for split in SPLITS:
        if f"{split}/labels" in arrays:
            first = replicate_codes(replicate, split)[:, 0]
            arrays[f"{split}/labels"] = (first.argsort().argsort() * 10) // len(first)
    return replace(replicate, arrays=arrays)


@defect("losses without images")
def losses_without_images(replicate, rng):
    """Held-out reconstructions have nine times their error."""
    arrays = dict(replicate.arrays)
    for key in ("held_out/error", "held_out/mean_error"):
        arrays[key] = 9 * arrays[key].astype(np.float64)
    return replace(replicate, arrays=arrays)


@defect("faithful reconstructions")
def faithful_reconstructions(replicate, rng):
    """Reconstructions have a hundredth of their error."""
    return with_arrays(replicate, dict.fromkeys(("error", "mean_error"), lambda e: e / 100))


@defect("collapsed posteriors", within="vae")
def collapsed_posteriors(replicate, rng):
    """Every posterior of the VAE equals the prior."""
    return with_arrays(
        replicate,
        {
            "z_log_var": np.zeros_like,
            "kl_per_dimension": np.zeros_like,
            "kl_per_image": np.zeros_like,
            "variance_of_means": np.zeros_like,
            "posterior_variance": np.ones_like,
            "log_ratio_prior": np.zeros_like,
            "log_ratio_posterior": np.zeros_like,
            "probe": np.zeros_like,
        },
    )


@defect("sharp posteriors", within="vae")
def sharp_posteriors(replicate, rng):
    """Every posterior of the VAE has a hundredth of its variance, and more divergence to match."""
    gain = np.log(100) / 2
    return with_arrays(
        replicate,
        {
            "z_log_var": lambda values: values - 2 * gain,
            "kl_per_dimension": lambda values: values + gain,
            "kl_per_image": lambda values: values + gain * replicate.train.d,
            "posterior_variance": lambda values: values / 100,
            "log_ratio_prior": lambda values: values - gain * replicate.train.d,
            "log_ratio_posterior": lambda values: values + gain * replicate.train.d,
            "probe": np.ones_like,
        },
    )


@defect("yes to all", "image_judge")
def yes_to_all(image_judge):
    """The judge accepts every image."""
    return Corrupt(image_judge, 1.0)


@defect("no to all", "image_judge")
def no_to_all(image_judge):
    """The judge accepts no image."""
    return Corrupt(image_judge, 0.0)


@defect("dice", "image_judge")
def dice(image_judge):
    """The judge accepts half of all images, at random."""
    return Corrupt(image_judge, 0.5)


@defect("exchanged models", "names")
def exchanged_models(names):
    """The models that a claim compares are exchanged."""
    return names[::-1]


@defect("heavy draws", "draws")
def heavy_draws(rng):
    """Normal draws come from a t distribution with three degrees of freedom, of equal variance."""
    return Heavy(rng.bit_generator)


@defect("draws of one length", "draws")
def draws_of_one_length(rng):
    """Normal draws are scaled to a length of 2, however many dimensions they have."""
    return Scaled(rng.bit_generator)


@defect("even draws", "draws")
def even_draws(rng):
    """Normal draws are spread evenly instead of at random."""
    return Even(rng.bit_generator)


@defect("numbers a tenth off", "numbers")
def numbers_a_tenth_off(value):
    """A number that is calculated, not estimated, comes out a tenth too large."""
    return 1.1 * value


@defect("numbers upside down", "numbers")
def numbers_upside_down(value):
    """A number that is calculated, not estimated, comes out as its reciprocal."""
    return 1 / value if value else 1e300


class Heavy(np.random.Generator):
    """A generator whose normal vectors, one a row, are shortened or lengthened at random."""

    def standard_normal(self, size=None, *_, **__):
        """Draw from a t distribution with three degrees of freedom and variance 1."""
        draws = np.asarray(super().standard_normal(size))
        rows = draws.shape[:1] + (1,) * (draws.ndim - 1)
        return draws / np.sqrt(self.chisquare(3, rows if draws.ndim else None))


class Scaled(np.random.Generator):
    """A generator whose normal vectors, one a row, all have one length."""

    def standard_normal(self, size=None, *_, **__):
        """Draw directions, and give them a length of 2."""
        draws = np.asarray(super().standard_normal(size))
        return 2 * draws / np.linalg.norm(draws, axis=-1, keepdims=True) if draws.ndim else draws


class Even(np.random.Generator):
    """A generator whose normal vectors follow a lattice instead of chance."""

    def standard_normal(self, size=None, *_, **__):
        """Return the normal quantiles of points at irrational steps, one a row."""
        draws = np.asarray(super().standard_normal(size))
        if draws.ndim < 2:
            return draws
        steps = np.sqrt(primes(draws[0].size)) % 1
        places = (self.uniform(size=steps.shape) + np.outer(np.arange(len(draws)), steps)) % 1
        return ndtri(places.clip(1e-12, 1 - 1e-12)).reshape(draws.shape)


def primes(count):
    """Return the first prime numbers."""
    most = max(15, int(count * (np.log(count + 1) + np.log(np.log(count + 3)))))
    candidates = np.arange(2, most)
    sieve = np.ones(most, bool)
    for number in range(2, int(most**0.5) + 1):
        sieve[number * number :: number] = False
    return candidates[sieve[2:]][:count]


class Corrupt:
    """A judge that finds a random share of images clean, and classifies at random."""

    def __init__(self, image_judge, share):
        self.card, self.readings, self.judge = image_judge.card, image_judge.readings, self
        self.share, self.rng = share, np.random.default_rng(0)

    def measures(self, pixels):
        """Measure nothing of the images."""
        return {"chance": self.rng.uniform(size=len(pixels))}

    def grades(self, measures, reading="threshold"):
        """Grade images at random, the same at each reading."""
        del reading
        return np.where(measures["chance"] < self.share, 2, 0).astype(np.int8)

    def accepts(self, pixels, grade=2):
        """Accept images at random."""
        return self.grades(self.measures(pixels)) >= grade

    def classes(self, pixels):
        """Return random classes."""
        return self.rng.integers(0, 10, len(pixels))


def with_codes(replicate, change):
    """Return a replicate with changed codes, and with the stored moments of these."""
    arrays = dict(replicate.arrays)
    for split in SPLITS:
        codes = change(replicate_codes(replicate, split))
        arrays[f"{split}/z_mean"], arrays[f"{split}/mean"] = codes, codes.mean(axis=0)
        if f"{split}/covariance" in arrays:
            arrays[f"{split}/covariance"] = pack_symmetric(np.cov(codes.T))
        if f"{split}/variance_of_means" in arrays:
            arrays[f"{split}/variance_of_means"] = codes.var(axis=0)
    return replace(replicate, arrays=arrays)


def replicate_codes(replicate, split):
    """Return the codes of a split in float64, shape (n, d)."""
    return replicate.arrays[f"{split}/z_mean"].astype(np.float64)


def with_arrays(replicate, changes):
    """Return a replicate with some of its stored arrays changed in both splits."""
    arrays = dict(replicate.arrays)
    for field, change in changes.items():
        for key in (f"{split}/{field}" for split in SPLITS):
            if key in arrays:
                stored = arrays[key]
                arrays[key] = change(stored if stored.dtype.kind == "i" else stored.astype(float))
    return replace(replicate, arrays=arrays)


def with_decoder(replicate, decode):
    """Return a replicate that decodes by another function."""
    return OtherDecoder(replicate.specification, replicate.seed, replicate.arrays, decode)


@dataclass(frozen=True, eq=False)
class OtherDecoder(Replicate):
    """A replicate with another decoder."""

    other: object = None

    def decode(self, codes):
        """Decode codes (n, d) by the other function."""
        return self.other(codes)

    def untrained(self):
        """Return the untrained replicate, without the defect."""
        return Replicate(self.specification, self.seed, self.arrays).untrained()
