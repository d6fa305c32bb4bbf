"""What statistics promise to ignore: one entry a statistic, from which the tests are made."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
from hypothesis import strategies as st
from scipy.stats import ortho_group

from aelatent.latent.cloud import LatentCloud

from ..parity.register import name_of


@dataclass(frozen=True, eq=False)
class Sample:
    """Codes with labels, and what is made of them; the first few are points of their own."""

    codes: np.ndarray
    labels: np.ndarray

    @cached_property
    def cloud(self):
        """All codes."""
        return LatentCloud(self.codes, labels=self.labels)

    @property
    def first(self):
        """A third of the codes, for statistics of two sets."""
        return self.codes[: len(self.codes) // 3]

    @property
    def rest(self):
        """The other codes."""
        return self.codes[len(self.codes) // 3 :]

    @property
    def column(self):
        """One component."""
        return self.codes[:, 0]


LAWS = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "skewed": lambda rng, shape: rng.gamma(1.5, size=shape),
    "heavy": lambda rng, shape: rng.standard_t(3, size=shape),
    "clumped": lambda rng, shape: (
        rng.standard_normal(shape) + 6 * rng.integers(3, size=(shape[0], 1))
    ),
}


def sample(seed, n, d, law):
    """Draw correlated codes of different widths, off the origin."""
    rng = np.random.default_rng(seed)
    mixed = LAWS[law](rng, (n, d)) @ (rng.standard_normal((d, d)) + 2 * np.eye(d))
    labels = np.concatenate([np.arange(n // 3) % 3, np.arange(n - n // 3) % 3])
    return Sample(mixed + rng.standard_normal(d), labels)


def samples(d=(2, 6)):
    """Samples of 51 to 72 codes."""
    return st.builds(
        sample,
        st.integers(0, 2**32 - 1),
        st.integers(51, 72),
        st.integers(*d),
        st.sampled_from(list(LAWS)),
    )


def reordered(given, rng):
    """Permute codes and labels, the first third within itself."""
    cut = len(given.first)
    order = np.concatenate([rng.permutation(cut), cut + rng.permutation(len(given.rest))])
    return Sample(given.codes[order], given.labels[order])


def onto(change):
    """Make a map of codes a map of samples."""
    return lambda given, rng: replace(given, codes=change(given.codes, rng))


def turned(codes, rng):
    """Rotate or reflect about the origin."""
    return codes @ ortho_group.rvs(codes.shape[1], random_state=rng)


def bent(codes, rng):
    """Map by a matrix that squeezes no direction by more than ten."""
    d = codes.shape[1]
    left, right = (ortho_group.rvs(d, random_state=rng) for _ in range(2))
    return codes @ (left * rng.uniform(0.3, 3.0, d)) @ right


MAPS = {
    "order": reordered,
    "place": onto(lambda codes, rng: codes + rng.uniform(-50, 50, codes.shape[1])),
    "scale": onto(lambda codes, rng: codes * 10 ** rng.uniform(-3, 3)),
    "axes": onto(lambda codes, rng: codes[:, rng.permutation(codes.shape[1])]),
    "turn": onto(turned),
    "mirror": lambda given, _: replace(given, codes=-given.codes),
    "widths": onto(lambda codes, rng: codes * rng.uniform(0.1, 10, codes.shape[1])),
    "linear": onto(bent),
}


@dataclass(frozen=True)
class Property:
    """What a statistic does not change by, and between which bounds it lies.

    Attributes
    ----------
    name : str
        Module and function.
    measure : callable
        From a `Sample` to numbers, of any shape, or to an `Estimate`.
    unchanged : list of str
        Keys of `MAPS`.
    low, high : float
        Bounds.
    degree : float or None
        By which power of it the numbers follow a common scale of the codes.
    off : float
        Largest relative or absolute difference that rounding may make.
    d : tuple of int
        Fewest and most dimensions of the samples.
    """

    name: str
    measure: Callable[[Sample], object]
    unchanged: list[str]
    low: float = -np.inf
    high: float = np.inf
    degree: float | None = None
    off: float = 1e-6
    d: tuple[int, int] = (2, 6)


PROPERTIES: dict[str, Property] = {}


def promise(statistic, measure, unchanged, **details):
    """Register what a statistic is not changed by; `measure` calls it on a sample."""
    name = name_of(statistic)
    assert name not in PROPERTIES, f"{name} has its properties already"
    PROPERTIES[name] = Property(name, partial(measure, statistic), unchanged.split(), **details)
