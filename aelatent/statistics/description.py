"""What a file of codes is like, in a few lines, from two passes over it."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import numpy as np

from aelatent.latent.out_of_core import StoredCloud
from aelatent.statistics import axes, spectrum, stored
from aelatent.statistics.generalised_chi import GeneralisedChi


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
    peak, predicted = stored.peak_radius(cloud), GeneralisedChi.of(fitted).peak
    yield (
        f"  radii peak at {peak:.4g}: {peak / math.sqrt(cloud.d):.3f} of the root of the number of "
        f"dimensions, {peak / predicted:.3f} of where mean and covariance put it"
    )
    yield f"  centre: {axes.offset(fitted):.3f} root mean square distances off the origin"
    variances = fitted.principal[0]
    yield (
        f"  spectrum: the largest of {cloud.d:,} variances holds "
        f"{100 * spectrum.leading_share(variances, 1):.1f} %, as many count as "
        f"{axes.participation_ratio(variances):.1f} equal ones"
    )
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
