"""Distributions of codes: a few arrays to draw from, which can be stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

from aelatent.latent.cloud import Floats

STEPS = 0, 0.5  # how far towards its neighbour a code moves, as a share of the way


class SamplingError(ValueError):
    """A sampler cannot draw what it was asked for."""


class Distribution(Protocol):
    """What a sampler found in codes: enough to draw more, without the codes."""

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """What it is made of, by names that `distribution` knows."""

    def draw(self, n: int, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d).

        Parameters
        ----------
        n : int
            Number of codes, 1 or more.
        rng : numpy.random.Generator

        Returns
        -------
        ndarray of float64, shape (n, d)

        Raises
        ------
        SamplingError
            If `n` is below 1.
        """


@dataclass(frozen=True, eq=False)
class IndependentNormal:
    """Independent normal components.

    Attributes
    ----------
    mean, deviations : ndarray of float64, shape (d,)
    """

    mean: Floats
    deviations: Floats

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """Mean and standard deviations."""
        return {"mean": self.mean, "deviations": self.deviations}

    def draw(self, n: int, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d), as `Distribution.draw`."""
        scores = rng.standard_normal((checked_count(n), len(self.mean)))
        return np.asarray(self.mean + self.deviations * scores)


@dataclass(frozen=True, eq=False)
class PrincipalNormal:
    """A normal distribution along principal axes, its components cut off or not.

    Attributes
    ----------
    mean : ndarray of float64, shape (d,)
    axes : ndarray of float64, shape (r, d)
        One principal axis a row.
    scales : ndarray of float64, shape (r,), or None
        Standard deviations along them; None if the axes are as long as that.
    cut : float or None
        Standard deviations at which each principal component is cut off.
    """

    mean: Floats
    axes: Floats
    scales: Floats | None = None
    cut: float | None = None

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """Mean, axes as long as the standard deviations along them, and the cut if there is one."""
        factor = self.axes if self.scales is None else self.scales[:, None] * self.axes
        cut = {} if self.cut is None else {"cut": np.array(float(self.cut))}
        return {"mean": self.mean, "factor": factor, **cut}

    def draw(self, n: int, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d), as `Distribution.draw`."""
        shape = checked_count(n), len(self.axes)
        if self.cut is None:
            scores = rng.standard_normal(shape)
        else:
            high = np.full(shape, float(self.cut))
            scores = cut_normal(-high, high, rng)
        scaled = scores if self.scales is None else scores * self.scales
        return np.asarray(self.mean + scaled @ self.axes)


@dataclass(frozen=True, eq=False)
class PrincipalMixture:
    """A mixture of normal distributions along the leading principal axes, normal along the rest.

    Attributes
    ----------
    mean : ndarray of float64, shape (d,)
    axes : ndarray of float64, shape (r, d)
        Principal axes, the longest first, each as long as the standard deviation along it.
    weights : ndarray of float64, shape (k,)
        How often each part comes up.
    centres : ndarray of float64, shape (k, m)
        Of the parts, along the first m axes.
    factors : ndarray of float64, shape (k, m, m)
        Square roots of their covariances: N(0, I) scores times a factor have the covariance.
    """

    mean: Floats
    axes: Floats
    weights: Floats
    centres: Floats
    factors: Floats

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """Mean, axes, and the parts' weights, centres and factors."""
        return {
            "mean": self.mean,
            "factor": self.axes,
            "weights": self.weights,
            "centres": self.centres,
            "factors": self.factors,
        }

    def draw(self, n: int, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d), as `Distribution.draw`."""
        scores = rng.standard_normal((checked_count(n), len(self.axes)))
        part = rng.choice(len(self.weights), n, p=self.weights / self.weights.sum())
        m = self.centres.shape[1]
        correlated = np.einsum("ni,nij->nj", scores[:, :m], self.factors[part])
        scores[:, :m] = self.centres[part] + correlated
        return np.asarray(self.mean + scores @ self.axes)


@dataclass(frozen=True, eq=False)
class NeighbourSteps:
    """Points up to half of the way from a code to one of its nearest neighbours.

    Attributes
    ----------
    codes : ndarray of float64, shape (n, d)
    neighbours : ndarray of int, shape (n, k)
        Rows of the nearest codes of each code.
    """

    codes: Floats
    neighbours: NDArray[np.int64]

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """The codes and their neighbours."""
        return {"codes": self.codes, "neighbours": self.neighbours}

    def draw(self, n: int, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d), as `Distribution.draw`."""
        chosen = rng.integers(0, len(self.codes), checked_count(n))
        others = self.neighbours[chosen]
        toward = others[np.arange(n), rng.integers(0, others.shape[1], n)]
        step = rng.uniform(*STEPS, (n, 1))
        return np.asarray((1 - step) * self.codes[chosen] + step * self.codes[toward])


@dataclass(frozen=True, eq=False)
class Shell:
    """Uniform directions from the origin, with radii of a distribution.

    Attributes
    ----------
    radii : ndarray of float64, shape (q,)
        Quantiles of the radii at equal steps, the least and the largest included.
    d : int
        Number of dimensions.
    """

    radii: Floats
    d: int

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """Quantiles of the radii, and the number of dimensions."""
        return {"radii": self.radii, "dimensions": np.array(self.d)}

    def draw(self, n: int, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d), as `Distribution.draw`."""
        directions = rng.standard_normal((checked_count(n), self.d))
        lengths = np.maximum(np.linalg.norm(directions, axis=1, keepdims=True), 1e-300)
        steps = np.linspace(0, 1, len(self.radii))
        radii = np.interp(rng.random(n), steps, self.radii)
        return np.asarray(directions / lengths * radii[:, None])


def distribution(arrays: Mapping[str, NDArray[Any]]) -> Distribution:
    """Rebuild a distribution from its arrays.

    Raises
    ------
    KeyError
        If they are those of no distribution.

    Examples
    --------
    >>> found = distribution({"mean": np.array([5.0]), "deviations": np.array([0.0])})
    >>> found.draw(2, np.random.default_rng(0)).tolist()
    [[5.0], [5.0]]
    """
    floats = {name: values.astype(np.float64) for name, values in arrays.items()}
    if "codes" in arrays:
        return NeighbourSteps(floats["codes"], arrays["neighbours"].astype(np.int64))
    if "radii" in arrays:
        return Shell(floats["radii"], int(arrays["dimensions"]))
    if "deviations" in arrays:
        return IndependentNormal(floats["mean"], floats["deviations"])
    mean, axes = floats["mean"], floats["factor"]
    if "weights" in arrays:
        parts = (floats[name] for name in ("weights", "centres", "factors"))
        return PrincipalMixture(mean, axes, *parts)
    cut = float(arrays["cut"]) if "cut" in arrays else None
    return PrincipalNormal(mean, axes, cut=cut)


def cut_normal(low: Floats, high: Floats, rng: np.random.Generator) -> Floats:
    """Draw from N(0, 1) cut to [low, high].

    Parameters
    ----------
    low, high : ndarray of float64
        Of one shape: the interval of each draw.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float64
        Of their shape.
    """
    below, above = special.ndtr(low), special.ndtr(high)
    drawn: Floats = special.ndtri(below + rng.random(low.shape) * (above - below))
    # Components that determine one another leave an interval as narrow as rounding.
    return np.clip(drawn, np.minimum(low, high), np.maximum(low, high))


def checked_count(n: int) -> int:
    """Return the number of draws, which must be 1 or more."""
    if n < 1:
        raise SamplingError(f"expected one draw or more, received {n}")
    return n
