"""The distribution of the distance of a normal vector from the origin."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize

from aelatent.latent.cloud import Floats, LatentCloud
from aelatent.statistics import validation

# Variances below this share of the largest are rounding errors of an eigenvalue routine.
NO_VARIANCE = 1e-12
# The path of integration is walked in steps of the inverse hyperbolic sine of the distance.
STEP, LAST_STEP = 0.15, 9.0


@dataclass(frozen=True, eq=False)
class GeneralisedChi:
    """Law of ||z|| for z ~ N(mu, Sigma): the root of a generalised chi-square.

    Parameters
    ----------
    variances : ndarray of float64, shape (d,)
        Eigenvalues of Sigma, >= 0 and not all zero.
    offsets : ndarray of float64, shape (d,)
        Components of mu along the eigenvectors of Sigma.

    Raises
    ------
    ValueError
        If shapes differ, a number is not finite, a variance is negative or all are zero.

    Notes
    -----
    The density of ||z||^2 is its cumulant generating function K, inverted:
    ``1/(2 pi i) int exp(K(s) - s q) ds``. The path of integration runs through the saddle point of
    the integrand, along the parabola of steepest descent there, and goes on as a hyperbola. On it
    the integrand neither oscillates nor decays slowly; on the imaginary axis, where the
    characteristic function lives, it would do both for few or very unequal variances.

    Source: Rice, "Distribution of quadratic forms in normal random variables: evaluation by
    numerical integration", SIAM J. Sci. Stat. Comput. 1 (1980).

    Examples
    --------
    >>> chi = GeneralisedChi(np.ones(256), np.zeros(256))
    >>> round(chi.mean, 3), round(chi.sd, 3), round(chi.peak**2, 3)
    (15.984, 0.707, 255.0)
    """

    variances: Floats
    offsets: Floats

    def __post_init__(self) -> None:
        variances, offsets = (np.asarray(a, np.float64) for a in (self.variances, self.offsets))
        object.__setattr__(self, "variances", variances)
        object.__setattr__(self, "offsets", offsets)
        if variances.ndim != 1 or variances.shape != offsets.shape:
            raise ValueError(
                "expected variances and offsets of one shape (d,), "
                f"received {variances.shape} and {offsets.shape}"
            )
        validation.finite(variances, "variances")
        validation.finite(offsets, "offsets")
        if not len(variances) or variances.min() < 0 or variances.max() == 0:
            raise ValueError("expected variances >= 0, one of them > 0: else there is no density")

    @classmethod
    def of(cls, cloud: LatentCloud) -> GeneralisedChi:
        """Law that the radii of the codes would follow if these were normal."""
        variances, axes = cloud.principal
        return cls(variances, cloud.mean @ axes)

    def density(self, radii: ArrayLike) -> Floats:
        """Probability density at `radii`, in any shape; 0 where no vector can lie."""
        unscaled = np.asarray(radii, np.float64)
        scaled = np.abs(unscaled) / self._scale
        squares = scaled**2 - self._floor
        inside = (squares > 0) & (unscaled > 0)
        densities = np.zeros(scaled.shape)
        densities[inside] = (
            2 * scaled[inside] * self._density_of_square(squares[inside]) / self._scale
        )
        return densities

    def curve(self, points: int = 200) -> tuple[Floats, Floats]:
        """Return equally spaced radii, five standard deviations about the mean, and densities."""
        low = max(self.mean - 5 * self.sd, self._scale * self._floor**0.5)
        radii = np.linspace(low, self.mean + 5 * self.sd, points)
        return radii, self.density(radii)

    @cached_property
    def peak(self) -> float:
        """Radius of the highest density."""
        tried, densities = self.curve(49)
        best = int(densities.argmax())
        around = tried[max(best - 1, 0)], tried[min(best + 1, len(tried) - 1)]
        summit = optimize.minimize_scalar(
            lambda radius: -float(self.density(radius)),
            bounds=around,
            options={"xatol": 1e-6 * (around[1] - around[0])},
        )
        return float(summit.x)

    @cached_property
    def mean(self) -> float:
        """Mean radius."""
        # E[R] = int (1 - E[exp(-t R^2)]) t^(-3/2) dt / (2 sqrt(pi)), with t on a logarithmic scale.
        variances, squares = self._terms
        step = 0.08
        y = np.arange(-64.0, 64.0, step)
        t = np.exp(y)[:, None]
        x = 2 * t * variances
        exponent = (0.5 * np.log1p(x) + t * squares / (1 + x)).sum(axis=1) + t[:, 0] * self._floor
        integral = (-np.expm1(-exponent) * np.exp(-y / 2)).sum() * step
        return float(self._scale * integral / (2 * np.sqrt(np.pi)))

    @cached_property
    def sd(self) -> float:
        """Standard deviation of the radius, to a relative error of 1e-15 (mean / sd)^2."""
        square = self.variances.sum() + (self.offsets**2).sum()
        return math.sqrt(max(square - self.mean**2, 0.0))

    @cached_property
    def _scale(self) -> float:
        """Largest standard deviation: everything below is in its units."""
        return float(np.sqrt(self.variances.max()))

    @cached_property
    def _terms(self) -> tuple[Floats, Floats]:
        """Variances that are not zero, largest 1, and the squares of the offsets there."""
        variances = self.variances / self._scale**2
        kept = variances > NO_VARIANCE
        return variances[kept], (self.offsets[kept] / self._scale) ** 2

    @cached_property
    def _floor(self) -> float:
        """Smallest possible squared radius: the offset where there is no variance."""
        fixed = self.variances / self._scale**2 <= NO_VARIANCE
        return float(((self.offsets[fixed] / self._scale) ** 2).sum())

    @cached_property
    def _saddles(self) -> tuple[Floats, Floats]:
        """Points s, ascending, and the squares above the floor that they are the saddles of."""
        variances, squares = self._terms
        # 1 - 2s on a logarithmic scale, from the far lower to the far upper tail, in ever smaller
        # steps towards s = 0: the larger the offsets, the smaller the saddle points.
        points = -np.expm1(1e-9 * np.sinh(np.linspace(25.5, -24.8, 2500))) / 2
        x = 1 - 2 * points[:, None] * variances
        return points, (variances / x + squares / x**2).sum(axis=1)

    def _density_of_square(self, q: Floats) -> Floats:
        """Density of the squared radius above its floor, for q > 0."""
        variances, squares = (a[:, None] for a in self._terms)
        points, slopes = self._saddles
        saddle = -np.expm1(np.interp(np.log(q), np.log(slopes), np.log1p(-2 * points))) / 2
        x = 1 - 2 * saddle * variances
        second = (2 * variances**2 / x**2 + 4 * squares * variances / x**3).sum(axis=0)
        third = (8 * variances**3 / x**3 + 24 * squares * variances**2 / x**4).sum(axis=0)
        width, bend = second**-0.5, third / (6 * second)
        logarithm = (saddle * squares / x - 0.5 * np.log(x)).sum(axis=0) - saddle * q
        integral = np.full(len(q), 0.5)
        for u in np.sinh(np.arange(STEP, LAST_STEP, STEP)):
            v = width * u
            turn = np.sqrt(1 + (2 * bend * v) ** 2)
            slope = bend * v * (1 + turn**2) / turn**3
            move = 1j * v + bend * v**2 / turn
            z = 1 - 2 * (saddle + move) * variances
            # The change of K, term by term, since K itself may be huge.
            change = (squares * move / (x * z) - 0.5 * np.log(z / x)).sum(axis=0) - move * q
            integrand = np.exp(change) * (1 - 1j * slope) * math.hypot(1, u)
            integral += integrand.real
            if np.abs(integrand).max(initial=0.0) < 1e-17:
                break
        return np.asarray(np.exp(logarithm) * width * STEP * integral / np.pi)
