"""What a model's codes are like, in numbers that tell why N(0, I) works or does not."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from aelatent.latent.cloud import Floats

DEAD = 1e-3  # standard deviation of a dead unit, over that of the liveliest one
ACTIVE = 0.01  # nats of divergence below which a VAE's unit has collapsed
MOST, WIDEST = 2000, 500  # codes and units that tell correlations and clusters
ROUNDING = 1e-6  # standard deviation, over the largest number, that is none at all
LEADING = 3  # principal axes along which clusters are looked for
SIZES = 1, 2, 4, 8, 12  # distributions of the mixtures that are tried
LEAST_A_CLUSTER = 25  # codes
NEAR = 0.15  # scales and offsets that differ from those of N(0, I) by less are called the same


@dataclass(frozen=True)
class CodeSummary:
    """Codes of a model against N(0, I).

    Attributes
    ----------
    n, d : int
        Number of codes and of dimensions.
    scale : float
        Root mean square radius over sqrt(d): 1 for N(0, I).
    offset : float
        Distance of the mean from the origin, over the codes' root mean square distance from it.
    effective_dimensions : float
        Participation ratio of the variances along the principal axes, 1 to d.
    dead : tuple of int
        Units that do not vary.
    collapsed : tuple of int or None
        Units of a VAE whose posterior is the prior; None where there are no log-variances.
    correlation : float
        Root mean square of the correlations between units, 0 to 1; 0 for N(0, I).
    clusters : int or None
        Humps of the density along the leading principal axes: 1 for N(0, I); None where there are
        too few codes to tell.
    """

    n: int
    d: int
    scale: float
    offset: float
    effective_dimensions: float
    dead: tuple[int, ...]
    collapsed: tuple[int, ...] | None
    correlation: float = 0.0
    clusters: int | None = None

    @property
    def sentence(self) -> str:
        """The numbers in words."""
        if len(self.dead) == self.d:
            return f"All codes are the same: none of the {self.d} units changes."
        parts = [
            f"The codes lie {self.scale:.2g} times as far out as draws of N(0, I)",
            f"their mean is {self.offset:.2g} times their spread away from the origin",
            f"they use {self.effective_dimensions:.3g} effective dimensions of {self.d}",
        ]
        if self.correlation > NEAR:
            parts.append(f"its units are correlated, {self.correlation:.2g} as a root mean square")
        if self.clusters is not None and self.clusters > 1:
            parts.append(f"they form {self.clusters} clusters along their leading axes")
        if self.dead:
            parts.append(f"{len(self.dead)} of {self.d} units never change")
        if self.collapsed:
            parts.append(f"{len(self.collapsed)} of {self.d} units have collapsed to the prior")
        return "; ".join(parts) + "."

    def __repr__(self) -> str:
        return self.sentence

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers in plain types."""
        return asdict(self)


def code_summary(codes: Floats, log_variances: Floats | None = None) -> CodeSummary:
    """Summarise codes.

    Parameters
    ----------
    codes : ndarray of float64, shape (n, d)
        For a VAE the means.
    log_variances : ndarray of float64, shape (n, d), optional

    Returns
    -------
    CodeSummary
        The scale of a VAE includes the variance of its posteriors.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> code_summary(3 * rng.normal(size=(2000, 4)))  # doctest: +NORMALIZE_WHITESPACE
    The codes lie 3 times as far out as draws of N(0, I); their mean is 0.0094 times their spread
    away from the origin; they use 3.98 effective dimensions of 4.
    """
    mean = codes.mean(axis=0)
    variances = codes.var(axis=0)
    within = np.zeros_like(variances) if log_variances is None else _mean_variance(log_variances)
    spread = float((variances + within).sum())
    total = float(np.square(mean).sum()) + spread
    deviations = np.sqrt(variances)
    least = max(DEAD * float(deviations.max()), ROUNDING * float(np.abs(codes).max()))
    dead = np.flatnonzero(deviations <= least)
    return CodeSummary(
        len(codes),
        codes.shape[1],
        float(np.sqrt(total / codes.shape[1])),
        float(np.linalg.norm(mean) / max(np.sqrt(spread), 1e-12)),
        _participation(codes),
        tuple(dead.tolist()),
        collapsed_units(codes, log_variances),
        _correlation(codes, dead),
        _clusters(codes),
    )


def collapsed_units(codes: Floats, log_variances: Floats | None) -> tuple[int, ...] | None:
    """Return the units of a VAE whose posterior is the prior; None without log-variances.

    Parameters
    ----------
    codes, log_variances : ndarray of float64, shape (n, d)
        Means and log-variances.

    Returns
    -------
    tuple of int or None
    """
    if log_variances is None:
        return None
    bounded = np.clip(log_variances, -60, 60)
    nats = 0.5 * (np.square(codes) + np.exp(bounded) - bounded - 1).mean(axis=0)
    return tuple(np.flatnonzero(nats < ACTIVE).tolist())


def _correlation(codes: Floats, dead: NDArray[np.int64]) -> float:
    """Return the root mean square of the correlations between units that vary, beyond chance.

    Between n independent codes it is 1 / sqrt(n) by chance alone.
    """
    rows = np.delete(codes[:MOST], dead, axis=1)[:, :WIDEST]
    if rows.shape[1] < 2:
        return 0.0
    table = np.atleast_2d(np.corrcoef(rows, rowvar=False))
    others = np.square(table[np.triu_indices(len(table), 1)])
    return float(np.sqrt(max(float(others.mean()) - 1 / len(rows), 0.0)))


def _clusters(codes: Floats) -> int | None:
    """Return the number of humps along the leading principal axes."""
    from aelatent.statistics.modes import mode_count

    centred = codes[:MOST] - codes[:MOST].mean(axis=0)
    lengths, axes = np.linalg.svd(centred, full_matrices=False)[1:]
    kept = min(LEADING, int(np.sum(lengths > DEAD * max(float(lengths[0]), 1e-12))))
    if kept == 0 or len(centred) < LEAST_A_CLUSTER * SIZES[-1]:
        return None
    with threadpool_limits(1):
        return mode_count(centred @ axes[:kept].T, np.random.default_rng(0), SIZES)


def _mean_variance(log_variances: Floats) -> Floats:
    return np.asarray(np.exp(np.clip(log_variances, -60, 60)).mean(axis=0))


def spectrum(codes: Floats) -> Floats:
    """Return the variances along the principal axes of codes (n, d), the largest first."""
    centred = codes[:5000] - codes[:5000].mean(axis=0)
    lengths = np.linalg.svd(centred, compute_uv=False)
    return np.asarray(lengths**2 / max(len(centred) - 1, 1))


def _participation(codes: Floats) -> float:
    variances = spectrum(codes)
    return float(variances.sum() ** 2 / max(float(np.square(variances).sum()), 1e-300))
