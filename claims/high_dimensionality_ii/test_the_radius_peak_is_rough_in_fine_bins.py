"""In finer bins the density of the radii is less smooth."""

import numpy as np
import pytest
from scipy.special import ndtri

from aelatent import Above, Estimate, estimate
from aelatent.figures import overlaid_histograms
from aelatent.simulation import not_simulated
from aelatent.statistics.radius import peak_radius
from aelatent.statistics.surrogates import gaussian_twins

VISIBLY = Above(1.25)
COARSE, FINE = 0.5 / 16.5, 0.05 / 16.5  # the source's bins over its peak
RATIO = "peaks in fine bins over those in bins ten times as wide"


@pytest.mark.claim("B-26", needs="trained autoencoder wide covariance", amended="2026-11-28")
def test_the_radius_peak_is_less_smooth_in_fine_bins(model, decide, add_figure, rng):
    """The peak of the radius density is less smooth in bins of 0.05 than in bins of 0.5.

    Source
        anracom II (11 Nov 2022), "Number density of z-points vs. radius": bins of 0.5 and of 0.05
        about a peak at 16.5.
    Statement
        Seen in bins a tenth as wide, the density of the radii is rougher.
    Statistic
        How many bins of the middle 98 % are peaks, with more codes than the bin before and no fewer
        than the one after: in bins of 0.05 over that in bins of 0.5, each as a share of the peak's
        radius, one value a replicate. Where the middle 98 % lie within three bins of 0.5, no peak
        can be seen in them, and the claim does not apply.
    Null
        1: as many peaks. Chance alone makes some ten times as many in bins a tenth as wide, from
        any smooth density; the figure shows normal codes, which have them as well. The source
        infers nothing from it. A quarter more is what a viewer sees.
    Decision
        Supported when the 95 % interval over replicates lies above 1.25; refuted when it lies
        below; inconclusive otherwise.
    """
    if min(bins(cloud.radii) for cloud in model.clouds) < 3:
        pytest.skip("the radii lie within three of the source's bins, in which no peak can be seen")
    evidence = estimate(
        lambda cloud: roughening(cloud.radii), model.clouds, unit=RATIO, bounds=(0, np.inf)
    )

    twin = gaussian_twins(model.clouds[0], rng)
    add_figure(
        overlaid_histograms(
            {"codes": model.clouds[0].radii, "Gaussian twin": twin.radii}, "radius of a code"
        ),
        f"Radii of codes of {model.name}, and of normal codes with the same mean and covariance.",
    )

    decide(evidence, VISIBLY)


@pytest.mark.claim("B-26")
@pytest.mark.expect("refuted", because="nothing is left to chance")
def test_control_radii_without_chance_are_smooth_in_any_bins(decide, rng):
    """A million radii at even quantiles of a normal density have one peak in bins of any width."""
    even = ndtri((np.arange(1_000_000) + 0.5) / 1_000_000)
    radii = [16.5 + width * even for width in 1.75 + 0.05 * rng.standard_normal(5)]
    evidence = estimate(
        lambda values: Estimate(roughening(values), error=0.01),
        radii,
        unit=RATIO,
        bounds=(0, np.inf),
    )

    decide(evidence, VISIBLY)


def roughening(radii):
    """Return how many times as many peaks the density has in fine bins as in coarse ones."""
    peak = peak_radius(radii[:: max(len(radii) // 10_000, 1)])
    return peaks(radii, FINE * peak) / max(peaks(radii, COARSE * peak), 1)


def bins(radii):
    """Return how many bins of 0.5 the middle 98 % of the radii extend over."""
    low, high = np.quantile(radii, [0.01, 0.99])
    return (high - low) / (COARSE * np.median(radii))


def peaks(radii, width):
    """Return how many bins of the middle 98 % are peaks."""
    low, high = np.quantile(radii, [0.01, 0.99])
    edges = np.arange(low, high + width, width)
    counts = np.histogram(radii, edges)[0]
    return int(np.sum((counts[1:-1] > counts[:-2]) & (counts[1:-1] >= counts[2:])))


not_simulated(
    test_the_radius_peak_is_less_smooth_in_fine_bins,
    because="Chance alone makes ten times as many peaks; no truth lies near the margin.",
)
