"""The origin of the latent space lies at the border of the bulk of the codes."""

import numpy as np
import pytest
from scipy import special

from aelatent import Between, estimate
from aelatent.figures import distance_histogram
from aelatent.latent.synthetic import gaussian, listed_axes
from aelatent.simulation import SimulatedModel, SimulatedReplicate, scenario, stored_cloud
from aelatent.statistics.axes import diagonal_law, standing_of_origin
from aelatent.statistics.region import distances

BORDER = Between(0, 3.72)
UNIT = "standard deviations beyond the codes' mean distance"
MEASURES = ["full", "diagonal"]


@pytest.mark.claim("A-11", needs="trained autoencoder wide covariance")
@pytest.mark.parametrize("covariance", MEASURES)
def test_the_origin_lies_at_the_border(model, covariance, decide, add_figure):
    """The origin lies at the border of the bulk of the codes.

    Source
        anracom VI (30 Apr 2023), section on the path; no number.
    Statement
        Seen from the centre of the region, the origin lies at the border of the bulk: neither well
        inside nor far outside.
    Statistic
        `standing_of_origin`: Mahalanobis distance of the origin from the mean code, minus the mean
        distance of held-out codes, in standard deviations of their distances. Once with the full
        covariance and once with the components' variances alone, one value a replicate. Mean and
        covariance are those of the training codes; where these are not stored, those of all
        held-out codes, which makes the origin look too far out by a factor of sqrt(N / (N - d)) for
        N codes: by 4 % of its distance for 256 dimensions of 3,708 faces.
    Null
        None: the margins decide. The catalogue calls the origin central if fewer than half of the
        codes lie nearer to the centre, and far outside if more than 99.99 % do; for distances that
        scatter normally these are 0 and 3.72 standard deviations.
    Decision
        Supported when the 95 % interval over replicates lies between 0 and 3.72; refuted when it
        lies outside; inconclusive otherwise.
    """
    references = [measured(codes_for_moments(r), covariance) for r in model.replicates]
    evidence = place_of_origin(model.clouds, references)

    add_figure(
        origin_figure(model.clouds, references),
        f"Mahalanobis distances of codes and of the origin, {covariance} covariance.",
    )

    decide(evidence, BORDER)


@pytest.mark.claim("A-11")
@pytest.mark.parametrize("covariance", MEASURES)
def test_control_a_centre_two_scatters_out_puts_the_origin_at_the_border(
    covariance, decide, add_figure, rng
):
    """Codes whose centre lies as far from the origin as their outer shell have it at the border."""
    mean = np.full(64, (64**0.5 + 1.4) / 8)
    clouds = [gaussian(500, mean, np.eye(64), rng) for _ in range(5)]
    references = [measured(gaussian(5000, mean, np.eye(64), rng), covariance) for _ in range(5)]
    evidence = place_of_origin(clouds, references)

    add_figure(origin_figure(clouds, references), "The origin among the distances of codes.")

    decide(evidence, BORDER)


@pytest.mark.claim("A-11")
@pytest.mark.expect(
    "refuted", because="by the source's own list the origin is two units off centre"
)
@pytest.mark.parametrize("covariance", MEASURES)
def test_control_codes_as_the_source_lists_them_hold_the_origin(
    covariance, decide, add_figure, rng
):
    """Codes as source anracom II lists its axes have the origin deep inside."""
    clouds = [listed_axes(500, rng) for _ in range(5)]
    references = [measured(listed_axes(3000, rng), covariance) for _ in range(5)]
    evidence = place_of_origin(clouds, references)

    add_figure(origin_figure(clouds, references), "The origin far inside the distances of codes.")

    decide(evidence, BORDER)


def codes_for_moments(replicate):
    """Return the codes whose moments give the distances: other codes than the compared ones."""
    stored = replicate.specification.store.train_codes != 0
    return replicate.train if stored else replicate.held_out


def measured(cloud, covariance):
    """Return the cloud whose mean and covariance define the distances."""
    return diagonal_law(cloud) if covariance == "diagonal" else cloud


def place_of_origin(clouds, references):
    """Estimate where the origin lies among the codes."""
    pairs = zip(clouds, references, strict=True)
    return estimate(lambda pair: standing_of_origin(*pair), pairs, unit=UNIT)


def origin_figure(clouds, references):
    """Show the distances of codes and that of the origin."""
    pairs = list(zip(clouds, references, strict=True))
    return distance_histogram(
        [distances(cloud.z_mean, reference) for cloud, reference in pairs],
        {
            "the origin": [
                distances(np.zeros((1, cloud.d)), reference) for cloud, reference in pairs
            ]
        },
    )


@scenario(test_the_origin_lies_at_the_border, null=1.86)
def origins_at_a_distance(effect, rng):
    """Simulate normal codes, and the origin at the distance that gives `effect`."""
    typical = np.sqrt(2) * special.poch(32, 0.5)  # mean length of 64 components of N(0, 1)
    scatter = np.sqrt(64 - typical**2)
    replicates = []
    for place in effect + 0.3 * rng.standard_normal(5):
        centre = np.full(64, (typical + place * scatter) / 8)
        train, held_out = (
            stored_cloud(centre + rng.standard_normal((n, 64))) for n in (5800, 3700)
        )
        replicates.append(SimulatedReplicate(held_out, train))
    return {"model": SimulatedModel(replicates), "covariance": "full"}
