"""Ways to draw codes: the ladder from blind draws, S0, to the codes themselves, S7."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

from aelatent.latent.cloud import LatentCloud

Floats = NDArray[np.float64]


class SamplingError(ValueError):
    """A sampler cannot draw what it was asked for."""


class Sampler(Protocol):
    """Draws codes; knows the cloud by its moments or its sample, and nothing of decoders."""

    @property
    def name(self) -> str:
        """What it does, in words."""

    def draw(self, n: int, cloud: LatentCloud, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d)."""


@dataclass(frozen=True)
class Uniform:
    """Every component uniform in [-b, b], whatever the codes are (S0)."""

    b: float

    def __post_init__(self) -> None:
        if not 0 < self.b < float("inf"):
            raise SamplingError(f"expected a finite half-width b > 0, received {self.b}")

    @property
    def name(self) -> str:
        """What it does, in words."""
        return f"uniform in [-{self.b:g}, {self.b:g}]"

    def draw(self, n: int, cloud: LatentCloud, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d)."""
        return rng.uniform(-self.b, self.b, (_count(n), cloud.d))


@dataclass(frozen=True)
class StandardNormal:
    """N(0, I), whatever the codes are: the prior of a VAE (S1)."""

    name: str = "standard normal"

    def draw(self, n: int, cloud: LatentCloud, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d)."""
        return rng.standard_normal((_count(n), cloud.d))


@dataclass(frozen=True)
class RadiusMatched:
    """Directions of another sampler, with radii of the cloud's codes (S2).

    The radii are drawn with replacement from those of the cloud's sample, independently of the
    directions.
    """

    directions: Sampler

    @property
    def name(self) -> str:
        """What it does, in words."""
        return f"{self.directions.name}, radii of the codes"

    def draw(self, n: int, cloud: LatentCloud, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d)."""
        drawn = self.directions.draw(n, cloud, rng)
        radii = rng.choice(cloud.radii, n)
        return np.asarray(drawn * (radii / np.linalg.norm(drawn, axis=1))[:, None])


@dataclass(frozen=True)
class OwnRanges:
    """Independent normal components, each with its own mean and standard deviation (S3)."""

    name: str = "own ranges"

    def draw(self, n: int, cloud: LatentCloud, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d)."""
        return cloud.mean + cloud.deviations * rng.standard_normal((_count(n), cloud.d))


@dataclass(frozen=True)
class ColumnShuffles:
    """Independent components with the exact marginals of the cloud's sample (S3b).

    Each component is shuffled over the codes on its own. Beyond as many draws as there are codes a
    further shuffle is appended, so that no value comes up more than once more often than another.
    """

    name: str = "column shuffles"

    def draw(self, n: int, cloud: LatentCloud, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d)."""
        shuffles = [rng.permuted(cloud.z_mean, axis=0) for _ in range(0, _count(n), cloud.n)]
        return np.concatenate(shuffles)[:n]


@dataclass(frozen=True)
class Gaussian:
    """Multivariate normal with the mean and the whole covariance of the cloud (S4)."""

    name: str = "Gaussian"

    def draw(self, n: int, cloud: LatentCloud, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d)."""
        return _from_principal(rng.standard_normal((_count(n), cloud.d)), cloud)


@dataclass(frozen=True)
class Ellipse:
    """Multivariate normal, every principal component cut off at k standard deviations (S5).

    The cut shrinks the draws towards the mean: at k = 0.5 a component keeps 0.29 of its standard
    deviation, at k = 1, 2 and 3 it keeps 0.54, 0.88 and 0.99. Look at diversity beside quality.
    """

    k: float

    def __post_init__(self) -> None:
        _positive(self.k)

    @property
    def name(self) -> str:
        """What it does, in words."""
        return f"principal components within {self.k:g} sd"

    def draw(self, n: int, cloud: LatentCloud, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d)."""
        high = np.full((_count(n), cloud.d), float(self.k))
        return _from_principal(_cut_normal(-high, high, rng), cloud)


@dataclass(frozen=True)
class PairwiseEllipse:
    """Every pair of components inside its ellipse of k standard deviations, without PCA (S6).

    One component after the other, in an order drawn anew for every call, comes from its own normal
    law and is rejected unless, with each component drawn before, it lies inside the ellipse
    ``u^2 - 2 r u v + v^2 <= k^2 (1 - r^2)`` of their standardised values and their correlation r.
    What rejection leaves is a normal law cut to an interval, and that is drawn from directly.

    The interval is never empty, so that no draw fails: with u = k cos(a) and r = cos(c) its limits
    are triangle inequalities between angles, which every correlation matrix fulfils. All pairs
    together do not fix the joint law: draws lie farther out in Mahalanobis distance than codes
    where correlations are strong.
    """

    k: float

    def __post_init__(self) -> None:
        _positive(self.k)

    @property
    def name(self) -> str:
        """What it does, in words."""
        return f"pairs of components within {self.k:g} sd"

    def draw(self, n: int, cloud: LatentCloud, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d)."""
        scores = np.empty((_count(n), cloud.d))
        correlation = _correlations(cloud)
        high = np.full(scores.shape, float(self.k))
        low = -high
        order = rng.permutation(cloud.d)
        for position, i in enumerate(order):
            scores[:, i] = _cut_normal(low[:, i], high[:, i], rng)
            later = order[position + 1 :]
            middle = scores[:, [i]] * correlation[i, later]
            reach = np.sqrt(np.outer(self.k**2 - scores[:, i] ** 2, 1 - correlation[i, later] ** 2))
            low[:, later] = np.maximum(low[:, later], middle - reach)
            high[:, later] = np.minimum(high[:, later], middle + reach)
        return cloud.mean + cloud.deviations * scores


@dataclass(frozen=True)
class Codes:
    """The cloud's own codes, drawn without replacement: what all others are compared with (S7)."""

    name: str = "codes"

    def draw(self, n: int, cloud: LatentCloud, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d); raises SamplingError if there are not so many."""
        if _count(n) > cloud.n:
            raise SamplingError(f"expected at most {cloud.n} draws, one a code, received {n}")
        return cloud.z_mean[rng.permutation(cloud.n)[:n]]


def _correlations(cloud: LatentCloud) -> Floats:
    """Correlations of the components, shape (d, d); 0 for a component that does not vary."""
    spread = np.where(cloud.deviations > 0, cloud.deviations, 1.0)
    return np.asarray(np.clip(cloud.covariance / np.outer(spread, spread), -1.0, 1.0))


def _from_principal(scores: Floats, cloud: LatentCloud) -> Floats:
    """Codes whose standardised principal components are `scores`."""
    variances, axes = cloud.principal
    return np.asarray(cloud.mean + (scores * np.sqrt(variances)) @ axes.T)


def _cut_normal(low: Floats, high: Floats, rng: np.random.Generator) -> Floats:
    """Draw from N(0, 1) cut to [low, high]."""
    below, above = special.ndtr(low), special.ndtr(high)
    drawn: Floats = special.ndtri(below + rng.random(low.shape) * (above - below))
    # Components that determine one another leave an interval as narrow as rounding.
    return np.clip(drawn, np.minimum(low, high), np.maximum(low, high))


def _count(n: int) -> int:
    if n < 1:
        raise SamplingError(f"expected one draw or more, received {n}")
    return n


def _positive(k: float) -> None:
    if not 0 < k < float("inf"):
        raise SamplingError(f"expected a finite cut-off k > 0, received {k}")


LADDER: dict[str, Sampler] = {
    "S0 b=1": Uniform(1.0),
    "S0 b=1.5": Uniform(1.5),
    "S0 b=1.786": Uniform(1.786),
    "S0 b=2": Uniform(2.0),
    "S1": StandardNormal(),
    "S2 uniform": RadiusMatched(Uniform(1.0)),
    "S2 normal": RadiusMatched(StandardNormal()),
    "S3": OwnRanges(),
    "S3b": ColumnShuffles(),
    "S4": Gaussian(),
    "S5 k=0.5": Ellipse(0.5),
    "S5 k=1": Ellipse(1.0),
    "S5 k=2": Ellipse(2.0),
    "S5 k=3": Ellipse(3.0),
    "S6 k=1": PairwiseEllipse(1.0),
    "S6 k=3": PairwiseEllipse(3.0),
    "S7": Codes(),
}
