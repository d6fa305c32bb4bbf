"""With so much room, each training image gets a slice of its own and nothing global is learnt."""

import numpy as np
import pytest
from scipy.special import ndtri

from aelatent import Below, LatentCloud, estimate, shared_error
from aelatent.figures import overlaid_histograms
from aelatent.inference.estimates import Estimate
from aelatent.simulation import SimulatedModel, SimulatedReplicate, scenario
from aelatent.statistics.rates import share

APART = Below(0.05)
NOTHING_GLOBAL = Below(0.5)
NEXT = 10  # images that each is compared with


@pytest.mark.claim("C-14", needs="trained vae mnist decoder wide train_codes")
def test_each_image_has_a_slice_of_its_own(model, decide, add_figure):
    """Each image has a slice of the latent space of its own, and the code knows nothing global.

    Source
        Cross Validated, the answer: with so much room the optimiser gives each training image its
        own non-overlapping slice, without global features.
    Statement
        Posteriors of different images do not overlap, even within a digit, and the code does not
        reveal what the image shows.
    Statistic
        The mean Bhattacharyya coefficient (1: equal, 0: disjoint) between the posteriors of each
        held-out image and the next ten of its digit; and the share of held-out images whose digit a
        linear classifier of the means recognises, fitted to 5,000 others, one value a replicate.
    Null
        A coefficient of 0.05 and less counts as no overlap. Chance is one tenth for the classifier;
        half of the digits recognised is read as knowing something global.
    Decision
        Overlap: Supported when the 95 % interval over replicates lies below 0.05; refuted when it
        lies above; inconclusive otherwise. Classifier: Supported when the 95 % interval over
        replicates lies below 0.5; refuted when it lies above; inconclusive otherwise.
    """
    overlaps = [coefficients(r.held_out) for r in model.replicates]
    evidence = [
        estimate(mean, overlaps, unit="overlap of posteriors within a digit", bounds=(0, 1)),
        estimate(
            lambda r: shared_error(share(r.posteriors("held_out")["probe"] > 0.5)),
            model.replicates,
            unit="digits recognised",
            bounds=(0, 1),
        ),
    ]

    named = {r.name: c[0] for r, c in zip(model.replicates, overlaps, strict=False)}
    add_figure(
        overlaid_histograms(
            named, "Bhattacharyya coefficient of two images of one digit", 0.05, True
        ),
        "Overlap of the posteriors of pairs of images that show the same digit, and the margin.",
    )

    decide(evidence, [APART, NOTHING_GLOBAL])


@pytest.mark.claim("C-14")
def test_control_random_slices_know_nothing(decide, rng):
    """Far centres at random are slices of their own, from which no digit can be recognised."""
    clouds = [Slices(1.5 * rng.standard_normal((200, 64)), rng) for _ in range(5)]
    guesses = [rng.random(500) < 0.1 for _ in range(5)]

    decide(
        [
            estimate(lambda c: mean(coefficients(c)), clouds, bounds=(0, 1)),
            estimate(share, guesses, bounds=(0, 1)),
        ],
        [APART, NOTHING_GLOBAL],
    )


class Slices:
    """Posteriors of unit width about given means, with labels at random."""

    def __init__(self, means, rng):
        self.z_mean, self.z_log_var = means, np.zeros_like(means)
        self.labels = rng.integers(10, size=len(means))


def coefficients(cloud):
    """Return the Bhattacharyya coefficients of pairs of one digit, and the places of either.

    Each image is compared with the ten that follow it among those of its digit, with wrap-around.
    """
    pairs = [
        (rows, np.roll(rows, -step))
        for rows in (np.flatnonzero(cloud.labels == label) for label in np.unique(cloud.labels))
        for step in range(1, min(NEXT, len(rows) // 2) + 1)
    ]
    values = [bhattacharyya(cloud, *pair) for pair in pairs]
    return np.concatenate(values), np.concatenate(pairs, axis=1)


def bhattacharyya(cloud, first, second):
    """Return the coefficients of normal posteriors at some places and others, shape (pairs,)."""
    middle = (np.exp(cloud.z_log_var[first]) + np.exp(cloud.z_log_var[second])) / 2
    gap = np.square(cloud.z_mean[first] - cloud.z_mean[second]) / middle / 8
    shape = 0.5 * np.log(middle) - 0.25 * (cloud.z_log_var[first] + cloud.z_log_var[second])
    return np.exp(-(gap + shape).sum(axis=1))


def mean(overlaps):
    """Return the mean over pairs, with what each image adds to its error.

    Each image takes part in many pairs: it adds twice what the mean of its own pairs is off the
    mean of all (Sen, 1960).
    """
    values, places = overlaps
    both = np.ravel(places)
    taken = np.bincount(both)
    own = np.bincount(both, weights=np.tile(values, 2))[taken > 0] / taken[taken > 0]
    return Estimate(values.mean(), images=tuple(2 * (own - own.mean()) / len(own)))


@scenario(test_each_image_has_a_slice_of_its_own, null=0.9, part=1)
def classifiers_that_tell_so_many_digits(effect, rng):
    """Simulate classifiers that are right on a share of the digits, largely the same in each."""
    return slices(np.full(5, 1e-4), effect + 0.005 * rng.standard_normal(5), rng)


@scenario(test_each_image_has_a_slice_of_its_own, null=0.09)
def posteriors_that_overlap_so_much(effect, rng):
    """Simulate unit posteriors whose centres scatter so that two of them overlap by `effect`.

    Of centres in the plane that scatter with variance v, the mean coefficient is 1 / (1 + v / 2).
    All trainings have the same images, whose centres are nearly alike.
    """
    return slices(effect * (1 + 0.05 * rng.standard_normal(5)), np.full(5, 0.1), rng)


def slices(overlaps, recognised, rng):
    """Simulate trainings of 200 images by overlap of posteriors and share of right digits."""
    centres, labels = rng.standard_normal((200, 2)), rng.integers(10, size=200)
    difficulty = rng.standard_normal(500)
    replicates = []
    for overlap, right in zip(overlaps, recognised, strict=True):
        means = 0.995 * centres + 0.1 * rng.standard_normal(centres.shape)
        means *= np.sqrt(2 * (1 / overlap - 1))
        codes = LatentCloud(means, labels=labels, z_log_var=np.zeros_like(means))
        own = 0.95 * difficulty + 0.31 * rng.standard_normal(500)
        probe = (own < ndtri(right)).astype(float)
        replicates.append(SimulatedReplicate(codes, codes, measured={"held_out": {"probe": probe}}))
    return {"model": SimulatedModel(replicates)}
