"""What a file of codes is like, in a few lines, from two passes over it."""

from __future__ import annotations

import contextlib
import math
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

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
        As `measure`.
    """
    for found, lines in zip(measure(cloud), (_size, _moments, _normality), strict=True):
        yield from lines(found)


def measure(cloud: StoredCloud) -> Iterator[dict[str, Any]]:
    """Yield numbers by name as they are found: of the file, of a first pass, of a second one.

    Raises
    ------
    CloudError, ValueError
        As `StoredCloud` and `aelatent.statistics.stored.normality`.
    """
    file = cloud.file
    size = {"file": str(file.path), "codes": cloud.n, "dimensions": cloud.d}
    yield {**size, "dtype": str(file.dtype), "bytes": file.bytes}
    started = time.perf_counter()
    fitted, constant = cloud.summary, _constant(cloud)
    variances, peak = fitted.principal[0], stored.peak_radius(cloud)
    yield {
        "dimensions": cloud.d,
        "peak_radius": peak,
        "peak_over_root_n": peak / math.sqrt(cloud.d),
        # Mean and covariance put the peak of one dimension at 0 or at the mean.
        "peak_over_predicted": peak / GeneralisedChi.of(fitted).peak if cloud.d > 1 else None,
        "offset": axes.offset(fitted),
        "leading_variance_share": spectrum.leading_share(variances, 1),
        "participation_ratio": axes.participation_ratio(variances),
        "constant_components": constant.tolist(),
        "seconds_of_pass_1": time.perf_counter() - started,
    }
    with _without(cloud, constant) as varying:
        started = time.perf_counter()
        normality = stored.normality(varying)
        yield {
            "kurtosis_ratio": float(normality.kurtosis_ratio),
            "quantile_discrepancy": float(normality.quantile_discrepancy),
            "largest_skewness": float(np.abs(normality.skewness).max()),
            "least_excess_kurtosis": float(normality.excess_kurtosis.min()),
            "largest_excess_kurtosis": float(normality.excess_kurtosis.max()),
            "seconds_of_pass_2": time.perf_counter() - started,
        }


def _size(found: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"{found['file']}: {found['codes']:,} codes of {found['dimensions']:,} dimensions, "
        f"{found['dtype']}, {found['bytes'] / 1e6:,.1f} MB"
    )


def _moments(found: Mapping[str, Any]) -> Iterator[str]:
    d, constant = found["dimensions"], found["constant_components"]
    yield f"pass 1, moments and radii: {found['seconds_of_pass_1']:.1f} s"
    yield _radii(found)
    yield f"  centre: {found['offset']:.3f} root mean square distances off the origin"
    yield (
        f"  spectrum: the largest of {d:,} variances holds "
        f"{100 * found['leading_variance_share']:.1f} %; they are as spread out as "
        f"{found['participation_ratio']:.1f} equal ones"
    )
    if constant:
        yield (
            f"  constant: {len(constant)} of {d:,} components, {constant[:10]}; "
            "dead units or a collapsed posterior. The rest is about the other components"
        )


def _radii(found: Mapping[str, Any]) -> str:
    """Describe where the radii peak; in one dimension without a ratio to the predicted peak."""
    told = (
        f"  radii peak at {found['peak_radius']:.4g}: {found['peak_over_root_n']:.3f} of the root "
        "of the number of dimensions"
    )
    if found["peak_over_predicted"] is None:
        return (
            f"{told}; mean and covariance put the peak of one dimension at 0 or at the mean, so "
            "that no ratio to it is given"
        )
    return f"{told}, {found['peak_over_predicted']:.3f} of where mean and covariance put it"


def _normality(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"pass 2, distances: {found['seconds_of_pass_2']:.1f} s"
    yield (
        f"  together: kurtosis {found['kurtosis_ratio']:.3f} of a normal one, quantiles off by "
        f"{found['quantile_discrepancy']:.3f} deviations"
    )
    yield (
        f"  components: skewness up to {found['largest_skewness']:.3f}, excess kurtosis from "
        f"{found['least_excess_kurtosis']:.3f} to {found['largest_excess_kurtosis']:.3f}"
    )


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
