"""Latent clouds: what an encoder makes of images."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from aelatent.runtime import memory
from aelatent.runtime.refusal import RefusedInputError

Floats = NDArray[np.float64]


class CloudError(RefusedInputError):
    """Codes that no statistic could say anything about."""


@dataclass(frozen=True, eq=False)
class LatentCloud:
    """Codes of images, one row an image, checked once and here.

    Attributes
    ----------
    z_mean : ndarray of float64, shape (n, d)
        Codes of an autoencoder, or posterior means of a VAE. n >= 2, d >= 1.
    z_log_var : ndarray of float64, shape (n, d), or None
        Logarithms of the posterior variances of a VAE.
    labels, groups : ndarray of int64, shape (n,), or None
        Class labels, and groups of images that are not independent of one another.
    full_mean : ndarray of float64, shape (d,), or None
    full_covariance : ndarray of float64, shape (d, d), or None
        Moments of the larger set of codes that `z_mean` is a sample of.

    Raises
    ------
    CloudError
        If there are fewer than two codes, no dimension, a NaN or an infinity, or if shapes differ.

    Examples
    --------
    >>> cloud = LatentCloud(np.array([[0.0, 3.0], [4.0, 0.0]]))
    >>> cloud.n, cloud.d, cloud.radii.tolist()
    (2, 2, [3.0, 4.0])
    """

    z_mean: Floats
    z_log_var: Floats | None = None
    labels: NDArray[np.int64] | None = None
    groups: NDArray[np.int64] | None = None
    full_mean: Floats | None = None
    full_covariance: Floats | None = None

    def __post_init__(self) -> None:
        for field in ("z_mean", "z_log_var", "full_mean", "full_covariance"):
            if getattr(self, field) is not None:
                values = np.asarray(getattr(self, field), dtype=np.float64)
                object.__setattr__(self, field, values)
        means = self.z_mean
        if means.ndim != 2 or len(means) < 2 or means.shape[1] < 1:
            raise CloudError(f"expected codes of shape (n >= 2, d >= 1), received {means.shape}")
        n, d = means.shape
        shapes = {
            "z_log_var": (n, d),
            "labels": (n,),
            "groups": (n,),
            "full_mean": (d,),
            "full_covariance": (d, d),
        }
        for field, shape in shapes.items():
            values = getattr(self, field)
            if values is not None and np.shape(values) != shape:
                raise CloudError(f"expected {field} of shape {shape}, received {np.shape(values)}")
        for field in ("z_mean", "z_log_var", "full_mean", "full_covariance"):
            values = getattr(self, field)
            if values is not None and not np.isfinite(values).all():
                raise CloudError(f"expected finite numbers in {field}, received NaN or infinity")
        covariance = self.full_covariance
        if covariance is not None:
            tolerance = 1e-5 * np.abs(covariance).max()  # leaves room for sums made in float32
            if not np.allclose(covariance, covariance.T, rtol=0, atol=tolerance):
                raise CloudError("expected a symmetric full_covariance, received one that is not")

    @property
    def n(self) -> int:
        """Number of codes."""
        return len(self.z_mean)

    @property
    def d(self) -> int:
        """Number of latent dimensions."""
        return int(self.z_mean.shape[1])

    @cached_property
    def radii(self) -> Floats:
        """Distance of each code from the origin, shape (n,)."""
        return np.asarray(np.linalg.norm(self.z_mean, axis=1))

    @cached_property
    def mean(self) -> Floats:
        """Mean of the codes, shape (d,): of the full set where that was recorded."""
        return self.z_mean.mean(axis=0) if self.full_mean is None else self.full_mean

    @cached_property
    def covariance(self) -> Floats:
        """Covariance of the codes, shape (d, d): of the full set where that was recorded.

        Raises
        ------
        CloudError
            If memory has no room for it.
        """
        if self.full_covariance is not None:
            return self.full_covariance
        if (size := 8 * self.d**2) > (most := memory.budget()):
            raise CloudError(
                f"expected a covariance that memory has room for, {most:,} bytes, received "
                f"{self.d:,} dimensions, for which it takes {size:,}"
            )
        return np.atleast_2d(np.cov(self.z_mean, rowvar=False))

    @cached_property
    def deviations(self) -> Floats:
        """Standard deviation of each component, shape (d,)."""
        if self.full_covariance is None:  # without a matrix of 34 GB for 65,536 dimensions
            return np.asarray(self.z_mean.std(axis=0, ddof=1))
        return np.sqrt(np.clip(np.diag(self.full_covariance), 0.0, None))

    @property
    def standardised_means(self) -> Floats:
        """Absolute mean of each component over its standard deviation, shape (d,)."""
        return np.asarray(np.abs(self.mean) / self.deviations)

    @cached_property
    def principal(self) -> tuple[Floats, Floats]:
        """Principal variances, shape (d,), ascending and >= 0, and their axes as columns (d, d).

        The largest entry of each axis is positive: which way it points would else be rounding's
        choice, and draws along the axes another machine's.
        """
        variances, axes = np.linalg.eigh(self.covariance)
        largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=0)[None], axis=0)
        return np.clip(variances, 0.0, None), axes * np.where(largest < 0, -1.0, 1.0)

    def head(self, n: int | None = None) -> LatentCloud:
        """Return the first n codes, all of them by default, with the moments of all.

        Labels, groups and log-variances are left out: what is returned stands for its moments.

        Examples
        --------
        >>> cloud = LatentCloud(np.array([[0.0], [2.0], [4.0]]))
        >>> cloud.head(2).z_mean.tolist(), cloud.head(2).mean.tolist()
        ([[0.0], [2.0]], [2.0])
        """
        return LatentCloud(self.z_mean[:n], full_mean=self.mean, full_covariance=self.covariance)

    def some(self, chosen: NDArray[np.int64]) -> LatentCloud:
        """Return a part of the codes, by their places, with the moments of all.

        Examples
        --------
        >>> cloud = LatentCloud(np.array([[0.0], [2.0], [4.0]]))
        >>> cloud.some([0, 1]).mean.tolist()
        [2.0]
        """
        parts = {
            name: values[chosen]
            for name in ("z_mean", "z_log_var", "labels", "groups")
            if (values := getattr(self, name)) is not None
        }
        part = replace(self, **parts, full_mean=self.mean, full_covariance=self.covariance)
        part.__dict__["principal"] = self.principal  # that of all: not to be computed again
        return part
