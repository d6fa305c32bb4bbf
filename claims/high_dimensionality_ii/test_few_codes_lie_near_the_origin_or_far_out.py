"""Few codes lie near the origin, and none beyond twice the radius at which most lie."""

import numpy as np
import pytest

from aelatent import Below, LatentCloud, estimate
from aelatent.figures import radius_density
from aelatent.latent import synthetic
from aelatent.simulation import SimulatedModel, scenario
from aelatent.statistics.radius import GeneralisedChi, peak_radius
from aelatent.statistics.rates import share

BOUND = 32 / 16.5  # of the peak radius, as in the source
FEW = Below(0.01)
NONE_BEYOND = Below(1.94)
NONE_BEYOND_TWO_ROOTS = Below(2.0)
FAR = "largest radius over that of the peak"
NEAR = "share of codes nearer than half the peak radius"


@pytest.mark.claim("B-11", needs="trained autoencoder wide", source_value=BOUND)
def test_few_codes_lie_near_the_origin_or_far_out(model, decide, add_figure):
    """No code lies beyond 1.94 times the radius of the peak, and few lie near the origin.

    Source
        anracom II (11 Nov 2022), "Number density of z-points vs. radius": a peak at 16.5, few
        points near the origin and none beyond 32.
    Statement
        The radii of the codes are bounded on both sides, at a small multiple of the radius of
        their peak and above the origin.
    Statistic
        The largest radius of the held-out codes over their `peak_radius`; and the share of those
        nearer to the origin than half of it, one value a replicate each.
    Null
        The generalised chi distribution of the codes' mean and covariance, drawn beside them;
        margins decide. "None beyond 32" is taken in units of the source's peak, 32 / 16.5. "Few" is
        read as one in a hundred. More codes reach farther: here are at most 1,000 of a replicate,
        in the source at least 5,000, which favours the claim.
    Decision
        The largest radius: Supported when the 95 % interval over replicates lies below 1.94;
        refuted when it lies above; inconclusive otherwise. The share: Supported when the 95 %
        interval over replicates lies below 0.01; refuted when it lies above; inconclusive
        otherwise.
    """
    evidence = [
        estimate(farthest, model.clouds, unit=FAR, bounds=(0, np.inf)),
        estimate(near_origin, model.clouds, unit=NEAR, bounds=(0, 1)),
    ]

    add_figure(
        radius_density(model.clouds, predicted=predictions(model.clouds), root_n=False),
        "Radii of the codes, over the distribution that their mean and covariance predict.",
    )

    decide(evidence, [NONE_BEYOND, FEW])


@pytest.mark.claim("B-11", needs="trained autoencoder wide covariance", source_value=2.0)
def test_no_code_lies_beyond_twice_the_root_of_n(model, decide, add_figure):
    """No code lies beyond twice the square root of the number of dimensions.

    Source
        anracom II (11 Nov 2022), same place: none beyond 32 at N = 256.
    Statement
        As the claim on multiples of the peak, in the units in which the source explains its peak.
    Statistic
        The largest radius of the held-out codes over sqrt(N), one value a replicate.
    Null
        None: the margin is the source's.
    Decision
        Supported when the 95 % interval over replicates lies below 2; refuted when it lies above;
        inconclusive otherwise.
    """
    evidence = estimate(
        lambda cloud: float(cloud.radii.max() / np.sqrt(cloud.d)),
        model.clouds,
        unit="largest radius over sqrt(N)",
        bounds=(0, np.inf),
    )

    bound = 2 * np.sqrt(model.clouds[0].d)
    add_figure(
        radius_density(model.clouds, source_value=bound), "Radii of the codes and the bound."
    )

    decide(evidence, NONE_BEYOND_TWO_ROOTS)


@pytest.mark.claim("B-11")
def test_control_normal_codes_are_bounded_on_both_sides(decide, add_figure, rng):
    """Codes of N(0, I) are neither near the origin nor far out: in 256 dimensions none can be."""
    clouds = [synthetic.standard_normal(1000, 256, rng) for _ in range(5)]
    evidence = [
        estimate(farthest, clouds, unit=FAR, bounds=(0, np.inf)),
        estimate(near_origin, clouds, unit=NEAR, bounds=(0, 1)),
    ]

    add_figure(radius_density(clouds), "Radii of standard normal codes.")

    decide(evidence, [NONE_BEYOND, FEW])


@pytest.mark.claim("B-11")
@pytest.mark.expect(
    "refuted", because="a t distribution of 3 degrees reaches far out and near the centre"
)
def test_control_heavy_tails_reach_far_out(decide, add_figure, rng):
    """Codes of a multivariate t distribution of three degrees of freedom reach far out."""
    clouds = [synthetic.student(1000, np.zeros(64), np.eye(64), 3.0, rng) for _ in range(5)]
    evidence = [
        estimate(farthest, clouds, unit=FAR, bounds=(0, np.inf)),
        estimate(near_origin, clouds, unit=NEAR, bounds=(0, 1)),
    ]

    add_figure(radius_density(clouds), "Radii of codes of a t distribution.")

    decide(evidence, [NONE_BEYOND, FEW])


def farthest(cloud):
    """Return the largest radius over that of the peak."""
    return float(cloud.radii.max()) / peak_radius(cloud.radii)


def near_origin(cloud):
    """Return the share of codes nearer to the origin than half the radius of the peak."""
    return share(cloud.radii < peak_radius(cloud.radii) / 2)


def predictions(clouds):
    """Return the density that mean and covariance predict, where there are enough codes."""
    predictable = [c for c in clouds if c.full_covariance is not None or c.n > c.d]
    return [GeneralisedChi.of(cloud).curve() for cloud in predictable]


@scenario(test_few_codes_lie_near_the_origin_or_far_out, null=2.4)
def largest_radii_over_the_peak(effect, rng):
    """Simulate normal codes, the farthest `effect` times as far out as the peak, within 5 %."""
    peak = np.sqrt(255)
    places = effect * (1 + 0.05 * rng.standard_normal(5)) * peak
    return {"model": SimulatedModel.of([reaching(place, rng) for place in places])}


@scenario(test_no_code_lies_beyond_twice_the_root_of_n, null=2.6)
def largest_radii_over_the_root(effect, rng):
    """Simulate normal codes; the farthest lies `effect` sqrt(N) out, within 5 %."""
    places = effect * (1 + 0.05 * rng.standard_normal(5)) * 16
    return {"model": SimulatedModel.of([reaching(place, rng) for place in places])}


def reaching(radius, rng):
    """Draw normal codes in 256 dimensions, and put the farthest at a given radius."""
    codes = rng.standard_normal((1000, 256))
    lengths = np.linalg.norm(codes, axis=1)
    codes[lengths.argmax()] *= radius / lengths.max()
    return LatentCloud(codes)
