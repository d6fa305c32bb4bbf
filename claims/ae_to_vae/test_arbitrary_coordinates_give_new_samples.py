"""Arbitrary coordinates give new samples, fewer clean ones where no codes lie."""

from functools import partial

import numpy as np
import pytest
from scipy import stats
from scipy.spatial import Delaunay
from sklearn.neighbors import NearestNeighbors

from aelatent import Above, LatentCloud, estimate
from aelatent.figures import overlaid_histograms
from aelatent.inference.rules import THRESHOLD
from aelatent.judges.figures import judged_images
from aelatent.judges.grade import Grade
from aelatent.judges.judged_samples import at_each_reading, decode_and_judge
from aelatent.simulation import (
    DIGITS_CARD,
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    decoder_accepting,
    scenario,
)
from aelatent.statistics.discrimination import auc_estimate

POINTS = 300
NEW = Above(0.5)
RELATED = Above(0.6)


@pytest.mark.claim("D-02", needs="trained autoencoder plane digits encoder")
def test_arbitrary_coordinates_give_new_samples(model, decide, add_figure, rng):
    """Decoded arbitrary coordinates are wholly new samples, no copies of training images.

    Source
        Yeo (11 Oct 2020), Fig. 3: a grid over the range of the codes.
    Statement
        What the decoder makes of points anywhere in the range of the codes is new.
    Statistic
        Median distance of a decoded point, uniform in the bounding box of the codes, to the nearest
        decoded training code, over the same distance of decoded held-out codes, one value a
        replicate. Training images are not stored; the decoded stored training codes stand for them.
    Null
        1 if decoded points are as new as unseen images; 0 if they are copies. Half is the margin.
    Decision
        Supported when the 95 % interval over replicates lies above 0.5; refuted when it lies below;
        inconclusive otherwise.
    """
    found = [novelty(r, boxed(r, rng)) for r in model.replicates]
    evidence = estimate(
        lambda pair: np.median(pair[0]) / np.median(pair[1]),
        found,
        unit="distance to training decodes over held-out's",
    )

    add_figure(
        overlaid_histograms(
            {"draws": found[0][0], "reconstructions": found[0][1]},
            "distance to the nearest decoded training code",
        ),
        "How far decoded points, and decoded held-out codes, lie from decoded training codes.",
    )

    decide(evidence, NEW)


@pytest.mark.claim("D-02", needs="trained autoencoder plane digits encoder")
@pytest.mark.expect("refuted", because="the points are training codes")
def test_control_training_codes_are_copies(model, decide):
    """Training codes decode to copies of training decodes."""
    found = [novelty(r, r.train.z_mean[:POINTS] + 1e-4) for r in model.replicates]

    decide(estimate(lambda pair: np.median(pair[0]) / np.median(pair[1]), found), NEW)


@pytest.mark.claim("D-03", needs="trained autoencoder plane decoder", amended="2026-11-28")
def test_points_far_from_codes_decode_poorly(model, image_judge, decide, add_figure, rng):
    """Within the region, points far from any code decode to clean images less often.

    Source
        Yeo (11 Oct 2020), limitation 1: the decoder overfits where codes lie.
    Statement
        Points of empty places between the codes decode poorly: less often to a clean image.
    Statistic
        Area under the ROC curve of the distance to the nearest training code between points that
        decode to clean images and all others, among points uniform in the convex hull of the codes,
        so that gaps count and not what lies outside, one value a replicate.
    Null
        0.5 if the distance carries no information; 0.6 is read as a relation.
    Decision
        Supported when the 95 % interval over replicates lies above 0.6; refuted when it lies below;
        inconclusive otherwise.
    """
    judge = image_judge(model)
    judged = [decode_and_judge(r, hulled(r, rng), judge) for r in model.replicates]
    evidence = at_each_reading(
        judge,
        lambda reading: estimate(
            partial(distance_auc, reading=reading),
            judged,
            unit="AUC of the distance to the nearest code",
        ),
    )

    add_figure(judged_images(judged, count=14), "Points uniform in the hull of the codes, decoded.")

    decide(evidence, RELATED)


@pytest.mark.claim("D-03", needs="trained autoencoder plane decoder")
@pytest.mark.expect("refuted", because="the verdicts were shuffled over the points")
def test_control_shuffled_verdicts_have_no_relation(model, image_judge, decide, rng):
    """Verdicts assigned at random do not depend on the distance."""
    judge = image_judge(model)
    judged = [decode_and_judge(r, hulled(r, rng), judge) for r in model.replicates]

    decide(estimate(lambda t: distance_auc(t, rng.permutation(t.accepted())), judged), RELATED)


@pytest.mark.claim("D-03", needs="trained autoencoder plane decoder")
def test_control_a_judge_of_distances_is_told(model, image_judge, decide, rng):
    """Where what lies near a code counts as clean, the distance predicts the verdicts."""
    judge = image_judge(model)
    judged = [decode_and_judge(r, hulled(r, rng), judge) for r in model.replicates]

    decide(estimate(lambda t: distance_auc(t, nearer_half(t)), judged), RELATED)


def nearer_half(samples):
    """Accept the half of the points that lies nearer to training codes, and a few others."""
    neighbours = NearestNeighbors(n_neighbors=2).fit(samples.replicate.train.z_mean)
    second = neighbours.kneighbors(samples.codes)[0][:, 1]
    return second < np.median(second)


def boxed(replicate, rng):
    """Draw points uniformly from the bounding box of the codes."""
    codes = replicate.held_out.z_mean
    return rng.uniform(codes.min(axis=0), codes.max(axis=0), (POINTS, 2))


def hulled(replicate, rng):
    """Draw points uniformly from the convex hull of the codes."""
    hull = Delaunay(replicate.held_out.z_mean)
    points = np.concatenate([boxed(replicate, rng) for _ in range(12)])
    return points[hull.find_simplex(points) >= 0][: 2 * POINTS]


def novelty(replicate, points):
    """Return the distances of decoded points and of decoded held-out codes to training decodes."""
    neighbours = NearestNeighbors(n_neighbors=1).fit(flat(replicate, replicate.train.z_mean))
    sets = (points, replicate.held_out.z_mean[:POINTS])
    return [neighbours.kneighbors(flat(replicate, codes))[0][:, 0] for codes in sets]


def distance_auc(samples, accepted=None, reading=THRESHOLD):
    """Return the AUC of the distance to the nearest code between clean points and all others."""
    neighbours = NearestNeighbors(n_neighbors=1).fit(samples.replicate.train.z_mean)
    distance = neighbours.kneighbors(samples.codes)[0][:, 0]
    good = samples.accepted(reading=reading) if accepted is None else accepted
    return auc_estimate(distance[~good], distance[good])


def flat(replicate, codes):
    """Decode codes to rows on the scale [0, 1]."""
    return replicate.decode(codes).reshape(len(codes), -1) / 255


@scenario(test_arbitrary_coordinates_give_new_samples, null=0.0, count=200)
def images_apart_from_training(effect, rng):
    """Simulate decoders whose images off the codes are `effect` times as new as unseen images.

    Codes lie on circles, those of training on the inner one, whose images are all the same.
    """
    replicates = []
    for seed, novel in enumerate(np.abs(effect + 0.06 * rng.standard_normal(5))):
        train, held_out = (LatentCloud(radius * on_a_circle(1000, rng)) for radius in (0.01, 1))
        replicates.append(SimulatedReplicate(held_out, train, differing(novel, rng), seed=seed))
    return {"model": SimulatedModel(replicates)}


def on_a_circle(n, rng):
    """Draw codes from the unit circle."""
    angles = rng.uniform(0, 2 * np.pi, n)
    return np.column_stack([np.cos(angles), np.sin(angles)])


def differing(novel, rng):
    """Return a decoder to 16 pixels: one kind of image near the origin, on the circle, off it."""

    def decode(codes):
        radii = np.linalg.norm(codes, axis=1)
        size = np.where(radii < 0.02, 0, np.where(np.abs(radii - 1) < 1e-9, 1, novel))
        amounts = 200 * size * rng.lognormal(0, 0.3, len(codes))
        pixels = np.abs(rng.standard_normal((len(codes), 16)))
        pixels *= (amounts / np.linalg.norm(pixels, axis=1))[:, None]
        return np.round(pixels).clip(0, 255).astype(np.uint8)[:, :, None, None]

    return decode


@scenario(test_points_far_from_codes_decode_poorly, null=0.5, count=200)
def decoders_that_fail_far_from_codes(effect, rng):
    """Simulate decoders whose points are clean more often the nearer they rank to a code.

    The others are damaged; seven in ten are accepted. If the chance falls by b from the nearest to
    the farthest, the area under the curve is 1/2 + b / (12 * 0.7 * 0.3).
    """
    judge = SimulatedJudge(rng, DIGITS_CARD)
    replicates = []
    for seed, area in enumerate(effect + 0.03 * rng.standard_normal(5)):
        train, held_out = (LatentCloud(rng.standard_normal((1000, 2))) for _ in range(2))
        region = near_codes(train, 12 * 0.7 * 0.3 * (area - 0.5), judge, rng)
        replicates.append(
            SimulatedReplicate(held_out, train, decoder_accepting(region, damaged=True), seed=seed)
        )
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


def near_codes(train, fall, judge, rng):
    """Return a region whose acceptance falls by `fall` from the first rank to the last."""
    neighbours = NearestNeighbors(n_neighbors=1).fit(train.z_mean)
    sensitivity, false_acceptance = judge.chances(Grade.CLEAN, THRESHOLD)

    def region(codes):
        ranks = stats.rankdata(neighbours.kneighbors(codes)[0][:, 0]) / len(codes)
        accepted = 0.7 - fall * (ranks - 0.5)
        good = (accepted - false_acceptance) / (sensitivity - false_acceptance)
        return rng.random(len(codes)) < good

    return region
