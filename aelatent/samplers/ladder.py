"""The sampling ladder: ways to draw codes, from blind draws, S0, to the codes themselves, S7.

A new sampler is a class with `name`, `needs_covariance` and `draw`; a line of `LADDER` puts it on
the ladder. One that keeps all it needs of a cloud in a few arrays is a `FittedSampler`: it says how
to `fit` them, and a line of `aelatent.samplers.fitted.AUDITED` makes an audit try it.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol

import numpy as np

from aelatent.latent.cloud import Floats, LatentCloud
from aelatent.samplers.distributions import (
    Distribution,
    IndependentNormal,
    PrincipalNormal,
    SamplingError,
    checked_count,
    cut_normal,
)


class Sampler(Protocol):
    """Draws codes; knows the cloud by its moments or its sample, and nothing of decoders."""

    @property
    def name(self) -> str:
        """What it does, in words."""

    @property
    def needs_covariance(self) -> bool:
        """Tell whether it needs the whole covariance: many more codes than dimensions."""

    def draw(self, n: int, cloud: LatentCloud, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d).

        Parameters
        ----------
        n : int
            Number of codes, 1 or more.
        cloud : LatentCloud
        rng : numpy.random.Generator

        Returns
        -------
        ndarray of float64, shape (n, d)

        Raises
        ------
        SamplingError
            If `n` is below 1.
        """


class FittedSampler(Sampler, Protocol):
    """A sampler that fits a distribution to the cloud, which can be stored, and draws from it."""

    @abstractmethod
    def fit(self, cloud: LatentCloud) -> Distribution:
        """Return the distribution that it draws from."""

    def name_of(self, fitted: Distribution) -> str:  # noqa: ARG002 -- what was found may name it
        """Name what was fitted, in words."""
        return self.name

    def draw(self, n: int, cloud: LatentCloud, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d), as `Sampler.draw`."""
        return self.fit(cloud).draw(n, rng)


@dataclass(frozen=True)
class Uniform:
    """Every component uniform in [-b, b], whatever the codes are (S0)."""

    b: float
    needs_covariance: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not 0 < self.b < float("inf"):
            raise SamplingError(f"expected a finite half-width b > 0, received {self.b}")

    @property
    def name(self) -> str:
        """What it does, in words."""
        return f"uniform in [-{self.b:g}, {self.b:g}]"

    def draw(self, n: int, cloud: LatentCloud, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d), as `Sampler.draw`."""
        return rng.uniform(-self.b, self.b, (checked_count(n), cloud.d))


@dataclass(frozen=True)
class StandardNormal(FittedSampler):
    """N(0, I), whatever the codes are: the prior of a VAE (S1)."""

    name: str = "N(0, I)"
    needs_covariance: ClassVar[bool] = False

    def fit(self, cloud: LatentCloud) -> IndependentNormal:
        """Return N(0, I) of as many dimensions as the cloud has."""
        return IndependentNormal(np.zeros(cloud.d), np.ones(cloud.d))


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

    @property
    def needs_covariance(self) -> bool:
        """Tell whether the other sampler does."""
        return self.directions.needs_covariance

    def draw(self, n: int, cloud: LatentCloud, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d), as `Sampler.draw`."""
        drawn = self.directions.draw(n, cloud, rng)
        radii = rng.choice(cloud.radii, n)
        return np.asarray(drawn * (radii / np.linalg.norm(drawn, axis=1))[:, None])


@dataclass(frozen=True)
class OwnRanges(FittedSampler):
    """Independent normal components, each with its own mean and standard deviation (S3)."""

    name: str = "each component in its own range"
    needs_covariance: ClassVar[bool] = False

    def fit(self, cloud: LatentCloud) -> IndependentNormal:
        """Return it with the components' means and standard deviations."""
        return IndependentNormal(cloud.mean, cloud.deviations)


@dataclass(frozen=True)
class ColumnShuffles:
    """Independent components with the exact marginals of the cloud's sample (S3b).

    Each component is shuffled over the codes on its own. Beyond as many draws as there are codes a
    further shuffle is appended, so that no value comes up more than once more often than another.
    """

    name: str = "column shuffles"
    needs_covariance: ClassVar[bool] = False

    def draw(self, n: int, cloud: LatentCloud, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d), as `Sampler.draw`."""
        shuffles = [rng.permuted(cloud.z_mean, axis=0) for _ in range(0, checked_count(n), cloud.n)]
        return np.concatenate(shuffles)[:n]


@dataclass(frozen=True)
class Gaussian(FittedSampler):
    """Multivariate normal with the mean and the whole covariance of the cloud (S4)."""

    name: str = "Gaussian with the codes' mean and covariance"
    needs_covariance: ClassVar[bool] = True

    def fit(self, cloud: LatentCloud) -> PrincipalNormal:
        """Return it along the principal axes of the cloud."""
        variances, axes = cloud.principal
        return PrincipalNormal(cloud.mean, axes.T, np.sqrt(variances))


@dataclass(frozen=True)
class Ellipse(FittedSampler):
    """Multivariate normal, every principal component cut off at k standard deviations (S5).

    The cut shrinks the draws towards the mean: at k = 0.5 a component keeps 0.29 of its standard
    deviation, at k = 1, 2 and 3 it keeps 0.54, 0.88 and 0.99. Look at diversity beside quality.
    """

    k: float
    needs_covariance: ClassVar[bool] = True

    def __post_init__(self) -> None:
        _positive(self.k)

    @property
    def name(self) -> str:
        """What it does, in words."""
        far = "one standard deviation" if self.k == 1 else f"{self.k:g} standard deviations"
        return f"Gaussian within {far} along each principal axis"

    def fit(self, cloud: LatentCloud) -> PrincipalNormal:
        """Return it along the principal axes of the cloud."""
        return replace(Gaussian().fit(cloud), cut=self.k)


@dataclass(frozen=True)
class PairwiseEllipse:
    """Every pair of components inside its ellipse of k standard deviations, without PCA (S6).

    One component after the other, in an order drawn anew for every call, comes from its own normal
    distribution and is rejected unless, with each component drawn before, it lies inside the
    ellipse ``u^2 - 2 r u v + v^2 <= k^2 (1 - r^2)`` of their standardised values and their
    correlation r. What rejection leaves is a normal distribution cut to an interval, and that is
    drawn from directly.

    The interval is never empty, so that no draw fails: with u = k cos(a) and r = cos(c) its limits
    are triangle inequalities between angles, which every correlation matrix fulfils. All pairs
    together do not fix the joint distribution: draws lie farther out in Mahalanobis distance than
    codes where correlations are strong.
    """

    k: float
    needs_covariance: ClassVar[bool] = True

    def __post_init__(self) -> None:
        _positive(self.k)

    @property
    def name(self) -> str:
        """What it does, in words."""
        return f"pairs of components within {self.k:g} standard deviations"

    def draw(self, n: int, cloud: LatentCloud, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d), as `Sampler.draw`."""
        scores = np.empty((checked_count(n), cloud.d))
        correlation = _correlations(cloud)
        high = np.full(scores.shape, float(self.k))
        low = -high
        order = rng.permutation(cloud.d)
        for position, i in enumerate(order):
            scores[:, i] = cut_normal(low[:, i], high[:, i], rng)
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
    needs_covariance: ClassVar[bool] = False

    def draw(self, n: int, cloud: LatentCloud, rng: np.random.Generator) -> Floats:
        """Draw `n` different codes, as `Sampler.draw`; all that there are where they are fewer."""
        return cloud.z_mean[rng.permutation(cloud.n)[: checked_count(n)]]


def _correlations(cloud: LatentCloud) -> Floats:
    """Correlations of the components, shape (d, d); 0 for a component that does not vary."""
    spread = np.where(cloud.deviations > 0, cloud.deviations, 1.0)
    return np.asarray(np.clip(cloud.covariance / np.outer(spread, spread), -1.0, 1.0))


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

TITLES: dict[str, str] = {
    "S0 b=1": "uniform in [\N{MINUS SIGN}1, 1]",
    "S0 b=1.5": "uniform in [\N{MINUS SIGN}1.5, 1.5]",
    "S0 b=1.786": "uniform in [\N{MINUS SIGN}1.786, 1.786]",
    "S0 b=2": "uniform in [\N{MINUS SIGN}2, 2]",
    "S1": "N(0, I)",
    "S2 uniform": "uniform, on the codes' radii",
    "S2 normal": "N(0, I), on the codes' radii",
    "S3": "each component in its own range",
    "S3b": "components shuffled among codes",
    "S4": "Gaussian of mean and covariance",
    "S5 k=0.5": "that Gaussian, cut at 0.5 sd",
    "S5 k=1": "that Gaussian, cut at 1 sd",
    "S5 k=2": "that Gaussian, cut at 2 sd",
    "S5 k=3": "that Gaussian, cut at 3 sd",
    "S6 k=1": "ellipses of pairs, 1 sd",
    "S6 k=3": "ellipses of pairs, 3 sd",
    "S7": "held-out codes",
}
