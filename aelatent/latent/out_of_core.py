"""Latent clouds that do not fit in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.latent.cloud import CloudError, Floats, LatentCloud
from aelatent.latent.npy_chunks import CodeFile, Codes

WIDEST = 4096  # dimensions of a covariance at most: 134 MB, and several of them are held
SUMMARISED = 256  # codes by which the sums are shifted
# Widths of components whose fourth powers neither over- nor underflow in float32.
NARROW, WIDE = 1e-7, 1e7


def open_cloud(
    path: str | Path, *, rows: int | None = None, workers: int | None = None
) -> StoredCloud:
    """Open codes that `numpy.save` wrote as a cloud; only its header is read.

    Parameters
    ----------
    path : str or Path
        A `.npy` file of float16, float32 or float64, shape (n >= 2, d >= 1), in C order.
    rows : int, optional
        Codes of a chunk; by default what fits in the processor's cache.
    workers : int, optional
        Threads; by default as many as there are cores.

    Returns
    -------
    StoredCloud

    Raises
    ------
    StorageError
        If there is no such file, or it is damaged, cut, or holds objects.
    CloudError
        If it holds something other than codes.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     np.save(f"{folder}/codes.npy", np.array([[0, 3], [4, 0]], np.float16))
    ...     cloud = open_cloud(f"{folder}/codes.npy")
    ...     cloud.n, cloud.d, cloud.mean.tolist(), cloud.radii.tolist()
    (2, 2, [2.0, 1.5], [3.0, 4.0])
    """
    return StoredCloud(CodeFile.open(path, rows, workers))


@dataclass(frozen=True)
class _Sums:
    """Sums over shifted codes, from which all moments follow; and every radius."""

    powers: Floats  # the first to the fourth, shape (4, d)
    products: Floats | None
    radii: Floats


@dataclass(frozen=True, eq=False)
class StoredCloud:
    """Codes in a file, with the attributes of a `LatentCloud`; made by `open_cloud`.

    `radii`, `mean`, `covariance`, `deviations`, `principal`, `skewness` and `excess_kurtosis` need
    one pass over the file, the same for all, when the first of them is asked for. What needs the
    codes themselves runs on a `sample`, which keeps the moments of all, or is found in
    `aelatent.statistics.stored`.

    Sums within a chunk are made in float32 (float64 if the file is), sums of chunks in float64,
    about a point among the codes. Against `LatentCloud` on the same codes no entry of the
    covariance differs by more than 1e-5 of the product of the two standard deviations, no mean by
    more than 1e-6 standard deviations, no radius by more than 1e-6 of itself, no skewness or excess
    kurtosis by more than 1e-4 of one more than its size, whatever the chunks are.

    Attributes
    ----------
    file : CodeFile
    """

    file: CodeFile

    @property
    def n(self) -> int:
        """Number of codes."""
        return self.file.n

    @property
    def d(self) -> int:
        """Number of latent dimensions."""
        return self.file.d

    def chunks(self) -> Iterator[Codes]:
        """Yield all codes in order, checked, in arrays of shape (rows, d): one pass.

        They are float64 if the file is, else float32, which holds each float16 exactly.
        """
        return self.file.chunks()

    def sample(self, n: int, rng: np.random.Generator) -> LatentCloud:
        """Draw n of the codes without replacement, in their order, with the moments of all.

        Above 4,096 dimensions it has the mean of all and no covariance. The moments take one pass,
        if none was made yet.

        Parameters
        ----------
        n : int
            From 2 to the number of codes.
        rng : numpy.random.Generator

        Returns
        -------
        LatentCloud

        Raises
        ------
        ValueError
            If n is less than two, or more than there are.
        """
        if not 2 <= n <= self.n:
            raise ValueError(f"expected a sample of 2 to {self.n:,} codes, received {n:,}")
        places = np.sort(rng.choice(self.n, n, replace=False, shuffle=False))
        covariance = self.covariance if self.d <= WIDEST else None
        return LatentCloud(self.file.at(places), full_mean=self.mean, full_covariance=covariance)

    @cached_property
    def mean(self) -> Floats:
        """Mean of the codes, shape (d,)."""
        return np.asarray(self._centre + self._sums.powers[0] / self.n)

    @cached_property
    def covariance(self) -> Floats:
        """Covariance of the codes, with divisor n - 1, shape (d, d).

        Raises
        ------
        CloudError
            If there are more than 4,096 dimensions: with 65,536 it would take 34 GB.
        """
        sums = self._sums
        if sums.products is None:
            raise CloudError(
                f"expected {WIDEST:,} dimensions or fewer for a covariance, received {self.d:,}. "
                "Use `deviations`, or store the codes projected on fewer directions"
            )
        shift = sums.powers[0]
        return np.asarray((sums.products - np.outer(shift, shift) / self.n) / (self.n - 1))

    @cached_property
    def deviations(self) -> Floats:
        """Standard deviation of each component, shape (d,)."""
        return np.asarray(np.sqrt(self._central[0] * self.n / (self.n - 1)))

    @cached_property
    def principal(self) -> tuple[Floats, Floats]:
        """Principal variances, ascending, and their axes as columns: `LatentCloud.principal`."""
        return self.summary.principal

    @cached_property
    def radii(self) -> Floats:
        """Distance of each code from the origin, shape (n,): 8 bytes a code are kept."""
        return self._sums.radii

    @cached_property
    def skewness(self) -> Floats:
        """Skewness of each component, shape (d,): `aelatent.statistics.normality.skewness`.

        Raises
        ------
        CloudError
            If there are fewer than three codes, or a component does not vary.
        """
        n, (second, third, _) = self.n, self._varying(3)
        return np.asarray(third / second**1.5 * np.sqrt(n * (n - 1)) / (n - 2))

    @cached_property
    def excess_kurtosis(self) -> Floats:
        """Excess kurtosis of each component, shape (d,): as in `aelatent.statistics.normality`.

        Raises
        ------
        CloudError
            If there are fewer than four codes, or a component does not vary.
        """
        n, (second, _, fourth) = self.n, self._varying(4)
        ratio = fourth / second**2
        return np.asarray((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * ratio - 3 * (n - 1)))

    @cached_property
    def summary(self) -> LatentCloud:
        """A few codes, evenly spaced in the file, with the moments of all.

        For statistics of moments alone, such as `aelatent.statistics.axes.offset`.
        """
        codes = self.file.at(self._spaced)
        return LatentCloud(codes, full_mean=self.mean, full_covariance=self.covariance)

    @property
    def _spaced(self) -> NDArray[np.int64]:
        return np.linspace(0, self.n - 1, min(self.n, SUMMARISED)).astype(np.int64)

    @cached_property
    def _centre(self) -> Floats:
        """A point among the codes: sums about it lose no digits."""
        middle = np.median(self.file.at(self._spaced), axis=0)
        return middle.astype(self.precision).astype(np.float64)

    @cached_property
    def precision(self) -> np.dtype[Any]:
        """In which a chunk is measured: float32 unless the file is float64 or that would not do."""
        widths = np.ptp(self.file.at(self._spaced), axis=0)
        fits = ((widths == 0) | ((widths > NARROW) & (widths < WIDE))).all()
        single = self.file.dtype == np.float16 or (self.file.dtype == np.float32 and fits)
        return np.dtype(np.float32 if single else np.float64)

    @cached_property
    def doubled(self) -> StoredCloud:
        """The same codes, summed in float64: another pass, unless they are so already."""
        return self if self.precision == np.float64 else _InFloat64(self.file)

    @cached_property
    def _sums(self) -> _Sums:
        """Sums over all codes, in one pass over the file."""
        precision = self.precision
        centre = self._centre.astype(precision)
        radii, crossed = np.empty(self.n), self.d <= WIDEST
        sums = np.zeros((4, self.d))
        products = np.zeros((self.d, self.d)) if crossed else None

        def measure(codes: Codes, first: int) -> tuple[Codes, Codes | None]:
            codes = codes.astype(precision, copy=False)
            with np.errstate(over="ignore", invalid="ignore"):  # checked below
                radii[first : first + len(codes)] = np.sqrt(np.einsum("ij,ij->i", codes, codes))
                np.subtract(codes, centre, out=codes)
                return _powers(codes), codes.T @ codes if crossed else None

        for powers, chunk in self.file.map_chunks(measure):
            sums += powers
            if products is not None and chunk is not None:
                products += chunk
        if not (np.isfinite(sums).all() and np.isfinite(radii).all()):
            raise CloudError(
                f"{self.file.path}: expected codes whose fourth powers can be added up, received "
                "larger ones. Store them in other units"
            )
        return _Sums(sums, products, radii)

    @cached_property
    def _central(self) -> tuple[Floats, Floats, Floats]:
        """Second to fourth central moments of each component."""
        shift, second, third, fourth = self._sums.powers / self.n
        return (
            np.clip(second - shift**2, 0, None),
            third - 3 * shift * second + 2 * shift**3,
            fourth - 4 * shift * third + 6 * shift**2 * second - 3 * shift**4,
        )

    def _varying(self, least: int) -> tuple[Floats, Floats, Floats]:
        if self.n < least:
            raise CloudError(f"expected {least} codes or more, received {self.n}")
        still = self._central[0] <= 1e-24 * self.mean**2
        if still.any():
            raise CloudError(
                f"expected components that vary, received {int(still.sum())} that do not: "
                f"{np.flatnonzero(still)[:5].tolist()}"
            )
        return self._central


class _InFloat64(StoredCloud):
    """Codes that are summed in float64, whatever the file is."""

    @cached_property
    def precision(self) -> np.dtype[Any]:
        return np.dtype(np.float64)


def _powers(codes: Codes) -> Codes:
    """Sum the first to fourth powers of each component, shape (4, d)."""
    squares, ones = codes * codes, np.ones(len(codes), codes.dtype)
    return np.stack(
        [
            ones @ codes,
            ones @ squares,
            np.einsum("ij,ij->j", squares, codes),
            np.einsum("ij,ij->j", squares, squares),
        ]
    )
