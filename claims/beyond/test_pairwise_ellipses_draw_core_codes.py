"""Codes of the core can be drawn from conditions on pairs of components, without a full PCA."""

import numpy as np
import pytest
from scipy import stats

from aelatent import Above, LatentCloud, Near, estimate
from aelatent.figures import distance_histogram
from aelatent.latent import synthetic
from aelatent.samplers.ladder import Ellipse, Gaussian, PairwiseEllipse
from aelatent.simulation import SimulatedModel, codes_of_lengths, scenario
from aelatent.statistics.region import distances, inside_ratio
from aelatent.statistics.surrogates import haar_rotations

DRAWS = 300
LIMIT = 3.0
WITHIN = Above(0.5)
SAME_LAW = Near(1.0, factor=1.1)
INSIDE = "share inside the 99 % ellipsoid over that of held-out codes"
DISTANCE = "median Mahalanobis distance over that of Gaussian draws"
PAIRWISE = PairwiseEllipse(LIMIT)


@pytest.mark.claim("X-10", needs="trained autoencoder wide covariance")
def test_pairwise_ellipses_draw_core_codes(model, decide, add_figure, rng):
    """Draws that fulfil conditions on every pair of components lie where the codes lie.

    Source
        anracom's later posts, "Statistical vector generation I" (6 Jul 2023).
    Statement
        Vectors of the core are drawn so that each pair of components lies inside its confidence
        ellipse, from correlations of pairs alone; no principal component analysis is needed.
    Statistic
        The share of 300 such draws, with ellipses of three standard deviations, inside the
        ellipsoid that holds 99 % of the held-out codes, over the share of these, one value a
        replicate. The ellipsoid's shape is the covariance of all held-out codes.
    Null
        None: the margin is that of the claims that random draws miss the region: less than half of
        them inside.
    Decision
        Supported when the 95 % interval over replicates lies above 0.5; refuted when it lies below;
        inconclusive otherwise.
    """
    draws = [PAIRWISE.draw(DRAWS, cloud, rng) for cloud in model.clouds]
    pairs = list(zip(model.clouds, draws, strict=True))
    evidence = estimate(within, pairs, unit=INSIDE, bounds=(0, np.inf))

    add_figure(reach(pairs, rng), "Mahalanobis distances of held-out codes and of draws.")

    decide(evidence, WITHIN)


@pytest.mark.claim("X-10", needs="trained autoencoder wide covariance")
def test_pairwise_ellipses_fix_the_joint_law(model, decide, add_figure, rng):
    """Conditions on pairs of components give draws as far out as those of the joint distribution.

    Source
        anracom's later posts, "Statistical vector generation I" (6 Jul 2023).
    Statement
        To draw from pairwise conditions is as good as to draw from the joint normal distribution.
    Statistic
        The median Mahalanobis distance of 300 draws from ellipses of three standard deviations over
        that of 300 draws from the normal distribution with the codes' mean and covariance, one
        value a replicate.
    Null
        None: the margin decides. A tenth is two standard deviations of that distance in 256
        dimensions: farther out than 97 % of normal draws.
    Decision
        Supported when the 95 % interval over replicates lies within a factor of 1.1 of 1; refuted
        when it lies outside; inconclusive otherwise.
    """
    draws = [PAIRWISE.draw(DRAWS, cloud, rng) for cloud in model.clouds]
    pairs = list(zip(model.clouds, draws, strict=True))
    evidence = estimate(
        lambda pair: relative_distance(*pair, rng), pairs, unit=DISTANCE, bounds=(0, np.inf)
    )

    add_figure(reach(pairs, rng), "Mahalanobis distances of held-out codes and of draws.")

    decide(evidence, SAME_LAW)


@pytest.mark.claim("X-10")
def test_control_pairs_suffice_for_independent_components(decide, add_figure, rng):
    """Where components are independent, conditions on pairs describe all of it."""
    pairs = [drawn(np.ones(64), rng) for _ in range(5)]
    evidence = [
        estimate(within, pairs, unit=INSIDE, bounds=(0, np.inf)),
        estimate(
            lambda pair: relative_distance(*pair, rng), pairs, unit=DISTANCE, bounds=(0, np.inf)
        ),
    ]

    add_figure(reach(pairs, rng), "Mahalanobis distances of independent codes and of draws.")

    decide(evidence, [WITHIN, SAME_LAW])


@pytest.mark.claim("X-10")
@pytest.mark.expect("refuted", because="no pair of components shows where the codes are thin")
@pytest.mark.parametrize("part", ["inside", "law"])
def test_control_pairs_do_not_suffice_for_thin_directions(part, decide, add_figure, rng):
    """Where codes are thin along diagonals of many axes, draws from pairs stick out there."""
    pairs = [drawn(1 / np.arange(1, 65) ** 2, rng) for _ in range(5)]

    add_figure(
        reach(pairs, rng), "Mahalanobis distances of codes with thin directions and of draws."
    )

    if part == "inside":
        decide(estimate(within, pairs, unit=INSIDE, bounds=(0, np.inf)), WITHIN)
    else:
        ratio = estimate(
            lambda pair: relative_distance(*pair, rng), pairs, unit=DISTANCE, bounds=(0, np.inf)
        )
        decide(ratio, SAME_LAW)


def within(pair):
    """Return the share of draws inside the codes' ellipsoid over that of the codes."""
    cloud, draws = pair
    return inside_ratio(draws, cloud, cloud.z_mean)


def relative_distance(cloud, draws, rng):
    """Return the median distance of draws over that of equally many Gaussian draws."""
    reference = Gaussian().draw(len(draws), cloud, rng)
    return float(np.median(distances(draws, cloud)) / np.median(distances(reference, cloud)))


def drawn(variances, rng, n=1000):
    """Draw normal codes with these variances along axes of any direction, and draws after them."""
    straight = synthetic.gaussian(n, np.zeros(len(variances)), np.diag(variances), rng)
    cloud = haar_rotations(straight, rng)
    return cloud, PAIRWISE.draw(DRAWS, cloud, rng)


def reach(pairs, rng):
    """Show the distances of codes, of pairwise draws, and of draws from the joint distribution."""
    joint = {
        "normal distribution": Gaussian(),
        "normal distribution, cut at 3 sd": Ellipse(LIMIT),
    }
    draws_of = {"pairs within 3 sd": [distances(draws, cloud) for cloud, draws in pairs]} | {
        name: [distances(sampler.draw(DRAWS, cloud, rng), cloud) for cloud, _ in pairs]
        for name, sampler in joint.items()
    }
    return distance_histogram([distances(cloud.z_mean, cloud) for cloud, _ in pairs], draws_of)


@scenario(test_pairwise_ellipses_draw_core_codes, null=0.02)
def so_thin_that_a_share_lies_inside(effect, rng):
    """Simulate codes with enough thin directions that a share of pairwise draws lies inside.

    The variances fall by a power of their rank, along axes of any direction; what share lies inside
    at each power was measured on 50,000 draws. The trainings show the same images: the logarithms
    of their distances scatter by 0.2 and correlate by 0.99, as in the stored models.
    """
    powers = [1, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.35, 1.4, 1.5, 1.6, 2]
    inside = [0.992, 0.957, 0.885, 0.759, 0.595, 0.404, 0.252, 0.139, 0.07, 0.017, 0.007, 0.001]
    powers, inside = [0.75, *powers], [1.01, *inside]
    wanted = effect + 0.2 * effect * (1 - effect) * rng.standard_normal(5)
    images = rng.standard_normal(1000)
    clouds = []
    for power in np.interp(wanted, inside[::-1], powers[::-1]):
        scores = 0.99**0.5 * images + 0.1 * rng.standard_normal(1000)
        lengths = 8 * np.exp(0.2 * scores - 0.2**2)  # of a mean square of 64
        clouds.append(thinning(power, lengths, rng))
    return {"model": SimulatedModel.of(clouds)}


def thinning(power, lengths, rng, d=64):
    """Draw codes of these distances, of variances that fall by a power of their rank."""
    axes = stats.ortho_group.rvs(d, random_state=rng)
    variances = np.arange(1, d + 1.0) ** -power
    codes = codes_of_lengths(lengths, d, rng)
    return LatentCloud(
        codes * np.sqrt(variances) @ axes,
        full_mean=np.zeros(d),
        full_covariance=axes.T * variances @ axes,
    )


@scenario(test_pairwise_ellipses_fix_the_joint_law, null=1.0)
def pairs_that_bind_too_much_or_too_little(effect, rng):
    """Simulate 24 components that correlate, so that draws lie too far out, or that others bind.

    Even of independent components the pairs cut off too much. They cut off more where a component
    is bound to three others that have no width, and so make no distance of their own. How far out
    draws lie for each number of such components, and for each correlation, was measured on 75,000
    draws.
    """
    bound = [24, 20, 16, 12, 8, 4, 0]
    nearer = [0.7909, 0.8163, 0.8402, 0.8657, 0.8882, 0.9127, 0.9383]
    correlations = np.linspace(0, 0.9, 10)
    farther = [0.9383, 0.9668, 1.0007, 1.0359, 1.0701, 1.1049, 1.1387, 1.1724, 1.2057, 1.2366]
    clouds = []
    for wanted in effect * (1 + 0.01 * rng.standard_normal(5)):
        count = np.interp(wanted, nearer, bound) + rng.uniform(-0.5, 0.5)
        clouds.append(binding(max(round(count), 0), np.interp(wanted, farther, correlations)))
    return {"model": SimulatedModel.of(clouds)}


def binding(bound, correlation, d=24, thin=1e-7):
    """Return a distribution of d components, with two codes; some are bound to three others.

    These three follow their component by 0.9 each, and differ in the rest: they point to the
    corners of a triangle.
    """
    corners = np.exp(2j * np.pi * np.arange(3) / 3)
    follow = np.column_stack([np.full(3, 0.9), 0.19**0.5 * corners.real, 0.19**0.5 * corners.imag])
    causes = np.eye(d + 2 * bound)
    causes[:d, :d] += correlation * (1 - np.eye(d))
    maps = np.zeros((d + 3 * bound, d + 2 * bound))
    maps[:d, :d] = np.eye(d)
    for i in range(bound):
        own = [i, d + 2 * i, d + 2 * i + 1]
        maps[d + 3 * i : d + 3 * i + 3, own] = thin * follow
    return LatentCloud(
        np.zeros((2, len(maps))),
        full_mean=np.zeros(len(maps)),
        full_covariance=maps @ causes @ maps.T,
    )
