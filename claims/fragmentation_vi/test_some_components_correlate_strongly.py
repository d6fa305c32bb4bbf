"""Some components of the codes are strongly correlated."""

import numpy as np
import pytest
from scipy import stats

from aelatent import Above, Estimate, LatentCloud, contrast, estimate
from aelatent.figures import null_histogram
from aelatent.latent.synthetic import gaussian, standard_normal
from aelatent.simulation import SimulatedModel, scenario, stored_cloud
from aelatent.statistics.axes import correlations, strongest_correlation
from aelatent.statistics.surrogates import column_shuffles

BEYOND_CHANCE = Above(0.0)
STRONG = Above(0.5)
UNIT = "strongest absolute correlation"


@pytest.mark.claim("A-05", needs="trained autoencoder wide covariance", amended="2026-11-28")
def test_some_components_correlate_strongly(model, decide, add_figure, rng):
    """Some components of the codes are strongly correlated.

    Source
        anracom VI (30 Apr 2023), recap of fragmentation III; no number.
    Statement
        Among the components of the codes are some that depend strongly on one another.
    Statistic
        Two numbers by ranks, so that a few codes far out in all components do not make them
        correlate, one value a replicate: the largest absolute rank correlation of two components in
        the sample of held-out codes, minus the same after shuffling; and the rank correlation r in
        the sample of the two components that correlate most by the covariance of all held-out
        codes, with the sign that they have there, as the correlation 2 sin(pi r / 6) that normal
        components with it have.
    Null
        Column shuffles: each component keeps its values and loses all dependence. "Strongly" is
        read as more than 0.5, which Cohen (1988) calls a large correlation.
    Decision
        Beyond shuffled components: Supported when the 95 % interval over replicates lies above 0;
        refuted when it lies below; inconclusive otherwise. Strength: Supported when the 95 %
        interval over replicates lies above 0.5; refuted when it lies below; inconclusive otherwise.
    """
    evidence = correlation_evidence(model.clouds, rng)

    add_figure(
        null_histogram(evidence[0].values, evidence[0].null, evidence[0].unit), counts(model)
    )

    decide(evidence, [BEYOND_CHANCE, STRONG])


@pytest.mark.claim("A-05")
def test_control_a_chain_of_components_correlates_strongly(decide, add_figure, rng):
    """Components of which each follows its neighbour with 0.7 correlate strongly."""
    steps = np.abs(np.subtract.outer(np.arange(64), np.arange(64)))
    evidence = correlation_evidence(
        [gaussian(500, np.zeros(64), 0.7**steps, rng) for _ in range(5)], rng
    )

    add_figure(null_histogram(evidence[0].values, evidence[0].null, UNIT), "A chain of components.")

    decide(evidence, [BEYOND_CHANCE, STRONG])


@pytest.mark.claim("A-05")
@pytest.mark.expect("refuted", because="most codes have independent components")
def test_control_a_few_codes_far_out_do_not_correlate(decide, rng):
    """One code in a hundred, fifty times as far out in all components, correlates none of them."""
    clouds = [standard_normal(500, 64, rng).z_mean for _ in range(5)]
    for codes in clouds:
        codes[:5] = 50 * rng.choice([-1.0, 1.0], (5, 1))

    decide(correlation_evidence([LatentCloud(codes) for codes in clouds], rng)[1], STRONG)


@pytest.mark.claim("A-05")
@pytest.mark.expect("refuted", because="independent components correlate by chance alone")
def test_control_independent_components_do_not_correlate(decide, add_figure, rng):
    """Independent components correlate by chance alone."""
    evidence = correlation_evidence([standard_normal(500, 256, rng) for _ in range(5)], rng)

    add_figure(
        null_histogram(evidence[0].values, evidence[0].null, UNIT), "Independent components."
    )

    decide(evidence, [BEYOND_CHANCE, STRONG])


def correlation_evidence(clouds, rng):
    """Estimate the strongest rank correlation against shuffles, and how strong it is."""
    return [
        contrast(
            strongest_correlation,
            [ranked(cloud.z_mean) for cloud in clouds],
            column_shuffles,
            rng,
            surrogates=9,
            unit=f"{UNIT} of ranks beyond that of shuffled components",
        ),
        estimate(strength, clouds, unit=UNIT, bounds=(-1, 1)),
    ]


def ranked(codes):
    """Return the ranks of codes within each component, as a cloud."""
    return LatentCloud(stats.rankdata(codes, axis=0))


def strength(cloud):
    """Return how strongly those two components correlate that the covariance selects.

    Its error is that of the correlation of as many normal codes, but at least one code's.
    """
    found = correlations(cloud)
    strongest = int(np.abs(found).argmax())
    pair = [int(axis[strongest]) for axis in np.triu_indices(cloud.d, k=1)]
    own = float(correlations(ranked(cloud.z_mean[:, pair]))[0])
    value = float(2 * np.sin(np.pi * np.sign(found[strongest]) * own / 6))
    return Estimate(value, max((1 - value**2) / cloud.n**0.5, 1 / cloud.n))


def counts(model):
    """Return a sentence on how many pairs of components correlate."""
    sizes = np.abs([correlations(cloud) for cloud in model.clouds])
    above = {bound: f"{(sizes > bound).mean():.2%}" for bound in (0.3, 0.5)}
    return (
        f"Strongest correlation beyond that of shuffled components. Of all pairs {above[0.3]} "
        f"correlate by more than 0.3 and {above[0.5]} by more than 0.5."
    )


@scenario(test_some_components_correlate_strongly, null=0.3, part=1)
def pairs_of_components(effect, rng):
    """Simulate eight pairs of components that correlate by `effect`, each pair by 0.02 less."""
    clouds = [pairs(effect + 0.04 * rng.standard_normal(), rng) for _ in range(5)]
    return {"model": SimulatedModel.of(clouds)}


def pairs(strongest, rng):
    """Draw codes of 64 components."""
    codes = rng.standard_normal((3700, 64))
    for pair in range(8):
        r = np.clip(strongest - 0.02 * pair, 0, 1)
        codes[:, pair] = r * codes[:, -1 - pair] + np.sqrt(1 - r**2) * codes[:, pair]
    return stored_cloud(codes, kept=300)
