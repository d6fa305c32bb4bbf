"""With so much room, each training image gets a slice of its own and nothing global is learnt."""

import numpy as np
import pytest

from aelatent import Below, weigh
from aelatent.figures import overlaid_histograms
from aelatent.inference import Estimate
from aelatent.statistics.rates import share

APART = Below(0.05)
NOTHING_GLOBAL = Below(0.5)


@pytest.mark.claim("C-14", needs="trained vae mnist decoder wide train_codes")
@pytest.mark.expect(
    "refuted",
    because="posteriors of different images do not overlap, yet a linear classifier of the "
    "means tells 84 to 94 % of held-out digits right",
)
def test_each_image_has_a_slice_of_its_own(model, judge, draw):
    """Each image has a slice of the latent space of its own, and the code knows nothing global.

    Source
        001, the answer: with so much room the optimiser gives each training image its own
        non-overlapping slice, without global features.
    Statement
        Posteriors of different images do not overlap, even within a digit, and the code does not
        tell what the image shows.
    Statistic
        The mean Bhattacharyya coefficient (1: equal, 0: disjoint) between posteriors of held-out
        images of one digit; and the share of held-out images whose digit a linear classifier of the
        means tells right, fitted to 5,000 others, one value a replicate.
    Null
        A coefficient of 0.05 and less counts as no overlap. Chance is one tenth for the classifier;
        half of the digits told right is read as knowing something global.
    Decision
        Overlap: Supported when the 95 % interval over replicates lies below 0.05; refuted when it
        lies above; inconclusive otherwise. Classifier: Supported when the 95 % interval over
        replicates lies below 0.5; refuted when it lies above; inconclusive otherwise.
    """
    overlaps = [coefficients(r.held_out) for r in model.replicates]
    evidence = [
        weigh(mean, overlaps, unit="overlap of posteriors within a digit"),
        weigh(
            lambda r: share(r.posteriors("held_out")["probe"] > 0.5),
            model.replicates,
            unit="digits told right",
        ),
    ]

    named = {r.name: c for r, c in zip(model.replicates, overlaps, strict=False)}
    draw(
        overlaid_histograms(
            named, "Bhattacharyya coefficient of two images of one digit", 0.05, True
        ),
        "Overlap of the posteriors of pairs of images that show the same digit, and the margin.",
    )

    judge(evidence, [APART, NOTHING_GLOBAL])


@pytest.mark.claim("C-14")
def test_control_random_slices_know_nothing(judge, rng):
    """Far centres at random are slices of their own, from which no digit can be told."""
    clouds = [Slices(1.5 * rng.standard_normal((200, 64)), rng) for _ in range(5)]
    guesses = [rng.random(500) < 0.1 for _ in range(5)]

    judge(
        [weigh(lambda c: mean(coefficients(c)), clouds), weigh(share, guesses)],
        [APART, NOTHING_GLOBAL],
    )


class Slices:
    """Posteriors of unit width about given means, with labels at random."""

    def __init__(self, means, rng):
        self.z_mean, self.z_log_var = means, np.zeros_like(means)
        self.labels = rng.integers(10, size=len(means))


def coefficients(cloud):
    """Return the Bhattacharyya coefficient of neighbouring pairs of one digit."""
    values = []
    for label in np.unique(cloud.labels):
        rows = np.flatnonzero(cloud.labels == label)
        first, second = rows[:-1], rows[1:]
        variances = np.exp(cloud.z_log_var)
        middle = (variances[first] + variances[second]) / 2
        gap = np.square(cloud.z_mean[first] - cloud.z_mean[second]) / middle / 8
        shape = 0.5 * np.log(middle) - 0.25 * (cloud.z_log_var[first] + cloud.z_log_var[second])
        values.append(np.exp(-(gap + shape).sum(axis=1)))
    return np.concatenate(values)


def mean(values):
    """Return a mean with its standard error."""
    return Estimate(values.mean(), values.std(ddof=1) / len(values) ** 0.5)
