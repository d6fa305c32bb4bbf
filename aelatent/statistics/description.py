"""What a file of codes is like, in a few lines, from two passes over it."""

from __future__ import annotations

import contextlib
import math
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aelatent.latent.out_of_core import StoredCloud, open_cloud
from aelatent.statistics import axes, spectrum, stored
from aelatent.statistics.generalised_chi import GeneralisedChi

NEGLIGIBLE = 1e-12  # of the mean: the standard deviation of a constant is rounding
ROWS = 10_000  # codes that are copied at once


def describe(cloud: StoredCloud) -> Iterator[str]:
    """Yield lines as they are found: size, radii, place, spectrum, normality.

    Raises
    ------
    CloudError, ValueError
        As `StoredCloud` and `aelatent.statistics.stored.normality`.
    """
    file = cloud.file
    yield (
        f"{file.path}: {cloud.n:,} codes of {cloud.d:,} dimensions, {file.dtype}, "
        f"{file.bytes / 1e6:,.1f} MB"
    )
    started = time.perf_counter()
    fitted = cloud.summary
    yield f"pass 1, moments and radii: {time.perf_counter() - started:.1f} s"
    yield _radii(cloud)
    yield f"  centre: {axes.offset(fitted):.3f} root mean square distances off the origin"
    variances = fitted.principal[0]
    yield (
        f"  spectrum: the largest of {cloud.d:,} variances holds "
        f"{100 * spectrum.leading_share(variances, 1):.1f} %, as many count as "
        f"{axes.participation_ratio(variances):.1f} equal ones"
    )
    constant = _constant(cloud)
    if len(constant):
        yield (
            f"  constant: {len(constant)} of {cloud.d:,} components, {constant.tolist()[:10]}; "
            "dead units or a collapsed posterior. The rest is about the other components"
        )
    with _without(cloud, constant) as varying:
        yield from _normality(varying)


def _normality(cloud: StoredCloud) -> Iterator[str]:
    started = time.perf_counter()
    found = stored.normality(cloud)
    yield f"pass 2, distances: {time.perf_counter() - started:.1f} s"
    yield (
        f"  together: kurtosis {found.kurtosis_ratio:.3f} of a normal one, quantiles off by "
        f"{found.quantile_discrepancy:.3f} deviations"
    )
    yield (
        f"  components: skewness up to {np.abs(found.skewness).max():.3f}, excess kurtosis from "
        f"{found.excess_kurtosis.min():.3f} to {found.excess_kurtosis.max():.3f}"
    )


def _radii(cloud: StoredCloud) -> str:
    """Describe where the radii peak; in one dimension without a ratio to the predicted peak."""
    peak = stored.peak_radius(cloud)
    told = (
        f"  radii peak at {peak:.4g}: {peak / math.sqrt(cloud.d):.3f} of the root of the number of "
        "dimensions"
    )
    if cloud.d == 1:
        return (
            f"{told}; mean and covariance put the peak of one dimension at 0 or at the mean, so "
            "that no ratio to it is given"
        )
    predicted = GeneralisedChi.of(cloud.summary).peak
    return f"{told}, {peak / predicted:.3f} of where mean and covariance put it"


@contextlib.contextmanager
def _without(cloud: StoredCloud, constant: NDArray[np.int64]) -> Iterator[StoredCloud]:
    """Open a temporary copy of the file without some components; the cloud itself without any."""
    if not len(constant):
        yield cloud
        return
    kept = np.setdiff1d(np.arange(cloud.d), constant)
    codes = np.load(cloud.file.path, mmap_mode="r").reshape(cloud.n, cloud.d)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(cloud.file.path).name
        copy = np.lib.format.open_memmap(path, "w+", codes.dtype, (cloud.n, len(kept)))
        for first in range(0, cloud.n, ROWS):
            copy[first : first + ROWS] = codes[first : first + ROWS][:, kept]
        copy.flush()
        yield open_cloud(path)


def _constant(cloud: StoredCloud) -> NDArray[np.int64]:
    """Return the components that do not vary."""
    return np.flatnonzero(cloud.deviations <= NEGLIGIBLE * np.abs(cloud.mean))
