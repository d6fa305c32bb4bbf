"""Independent components and one common interval both miss the region."""

from functools import cache, partial

import numpy as np
import pytest
from scipy import special

from aelatent import Below, Estimate, LatentCloud, estimate
from aelatent.figures import image_grid
from aelatent.judges.judged_samples import RECOGNISABLE, at_each_reading, decode_and_judge
from aelatent.samplers.ladder import Gaussian, OwnRanges
from aelatent.simulation import model_with_hit_rates, scenario
from aelatent.statistics.rates import share
from aelatent.statistics.region import distances, edge

DRAWS = 150
MISSES = Below(0.5)


@pytest.mark.claim("A-07", needs="trained autoencoder wide faces decoder")
def test_independent_or_common_components_miss_the_region(
    model, image_judge, decide, add_figure, rng
):
    """Draws with independent components, or with one interval for all of them, miss the region.

    Source
        anracom VI (30 Apr 2023), recap.
    Statement
        Generators that draw the components independently, and those that give all of them one
        common interval, miss the region of the codes almost surely.
    Statistic
        A hit lies within the ellipsoid of 99 % of held-out codes and decodes to a recognisable
        face, damaged or clean. Corrected share of hits over that of the Gaussian with the codes'
        mean and covariance: for independent components of own mean and width; and for correlated
        ones of one common mean and width, one value a replicate. Both at once is the fourth cell of
        the figure.
    Null
        1 if the assumption does not matter; the catalogue's margin is one half.
    Decision
        Independent: Supported when the 95 % interval over replicates lies below 0.5; refuted when
        it lies above; inconclusive otherwise. Common: Supported when the 95 % interval over
        replicates lies below 0.5; refuted when it lies above; inconclusive otherwise.
    """
    judge = image_judge(model)
    cells = {
        name: [decode_and_judge(r, sampler(r.train, rng), judge) for r in model.replicates]
        for name, sampler in SAMPLERS.items()
    }
    evidence = [
        hit_ratios(judge, cells[name], cells["correlated, own ranges"], name)
        for name in ("independent, own ranges", "correlated, common range")
    ]

    add_figure(
        image_grid(
            {name: judged[0].pixels[:10] for name, judged in cells.items()},
            marks={name: hits(judged[0])[:10] for name, judged in cells.items()},
        ),
        "Decoded draws with correlated or independent components, of own or common range; marked "
        "where they lie in the region and show a recognisable face.",
    )

    decide(evidence, [MISSES, MISSES])


@pytest.mark.claim("A-07", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="the draws keep correlations and ranges")
def test_control_correlated_draws_in_their_own_ranges_hit(
    model, image_judge, decide, add_figure, rng
):
    """Two draws of the same Gaussian hit equally often."""
    judge = image_judge(model)
    pairs = [
        [decode_and_judge(r, Gaussian().draw(DRAWS, r.train, rng), judge) for _ in range(2)]
        for r in model.replicates
    ]

    add_figure(image_grid({"Gaussian": pairs[0][0].pixels[:10]}), "Draws of the Gaussian.")

    decide(hit_ratios(judge, *zip(*pairs, strict=True)), MISSES)


def common(cloud, rng):
    """Draw correlated components that share one mean and one width."""
    sd = np.sqrt(np.diag(cloud.covariance))
    standard = (Gaussian().draw(DRAWS, cloud, rng) - cloud.mean) / sd
    return cloud.mean.mean() + np.sqrt(np.mean(sd**2)) * standard


def neither(cloud, rng):
    """Draw independent components that share one mean and one width."""
    width = np.sqrt(np.trace(cloud.covariance) / cloud.d)
    return cloud.mean.mean() + width * rng.standard_normal((DRAWS, cloud.d))


SAMPLERS = {
    "correlated, own ranges": lambda cloud, rng: Gaussian().draw(DRAWS, cloud, rng),
    "independent, own ranges": lambda cloud, rng: OwnRanges().draw(DRAWS, cloud, rng),
    "correlated, common range": common,
    "independent, common range": neither,
}


def in_region(samples):
    """Tell which draws lie in the region."""
    r = samples.replicate
    return distances(samples.codes, r.train) <= edge(r.train, r.held_out.z_mean)


def hits(samples):
    """Tell which draws lie in the region and decode to a recognisable face."""
    return samples.accepted(RECOGNISABLE) & in_region(samples)


def hit_ratios(judge, first, second, name="the same"):
    """Return hits over hits, one value a replicate, at each reading of the judge."""
    pairs = list(zip(first, second, strict=True))
    return at_each_reading(
        judge,
        lambda reading: estimate(
            partial(ratio, reading=reading),
            pairs,
            unit=f"hits over the Gaussian's: {name}",
            bounds=(0, np.inf),
        ),
    )


def ratio(pair, reading):
    """Return the share of hits of the first samples over that of the second.

    Of the draws in the region the judge takes some that show no face for faces.
    """
    false = pair[0].judge.card.false_acceptance(RECOGNISABLE, reading)
    (first, within), (second, reference) = (
        (share(s.accepted(RECOGNISABLE, reading) & in_region(s)), in_region(s).mean()) for s in pair
    )
    room = second.value - reference * false.value
    value = (first.value - within * false.value) / room
    error = np.hypot(first.error, value * second.error) / room
    return Estimate(value, error, kind=false.kind.times((value * reference - within) / room))


@scenario(test_independent_or_common_components_miss_the_region, null=1.0)
def two_correlated_components(effect, rng):
    """Simulate two components so correlated that independent draws hit `effect` times as often.

    Their centres lie so far apart that draws of one common range never do.
    """
    shares, correlations = reach()
    wanted = effect + 0.03 * rng.standard_normal(5)
    clouds = []
    for r in np.interp(wanted, shares, correlations):
        codes = rng.multivariate_normal([20, -20], [[1, r], [r, 1]], 1000, method="cholesky")
        clouds.append(LatentCloud(codes))
    return model_with_hit_rates(clouds, [0.95] * 5, rng)


@cache
def reach():
    """Return shares of independent pairs in the ellipse of correlated ones, and correlations."""
    correlations = 1 - np.geomspace(1e-6, 1, 200)
    along = special.chdtri(1, (np.arange(500) + 0.5) / 500) / (1 + correlations[:, None])
    across = (special.chdtri(2, 0.01) - along).clip(0) * (1 - correlations[:, None])
    return special.chdtr(1, across).mean(axis=1) / 0.99, correlations
