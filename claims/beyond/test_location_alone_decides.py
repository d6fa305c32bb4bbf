"""The right covariance in the wrong place: location alone decides."""

from functools import partial

import numpy as np
import pytest

from aelatent import Below, LatentCloud, estimate
from aelatent.judges.figures import code_distances, judged_images
from aelatent.judges.judged_samples import (
    RECOGNISABLE,
    at_each_reading,
    decode_and_judge,
    judge_draws,
    ratio_to,
)
from aelatent.samplers.ladder import Gaussian
from aelatent.simulation import (
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    decoder_accepting,
    scenario,
)

DRAWS = 150
FAILS = Below(0.5)


@pytest.mark.claim("X-19", needs="trained autoencoder wide faces decoder")
def test_location_alone_decides(model, image_judge, decide, add_figure, rng):
    """Draws with the codes' covariance about the origin, not their mean, show no recognisable face.

    Source
        aelatent, a question none of the sources asks.
    Statement
        Gaussian draws with the true covariance decode to recognisable faces about the codes' mean
        and fail to do so about the origin.
    Statistic
        Rate of recognisable images (damaged or clean) of draws with the codes' covariance about the
        origin over that about their mean, one value a replicate.
    Null
        1 if the location does not matter; "fail" is read as one half.
    Decision
        Supported when the 95 % interval over replicates lies below 0.5; refuted when it lies above;
        inconclusive otherwise.
    """
    judge = image_judge(model)
    placed = judge_draws(model, Gaussian(), DRAWS, judge, rng)
    centred = [
        decode_and_judge(t.replicate, t.codes - t.replicate.train.mean, judge) for t in placed
    ]
    evidence = ratios(judge, zip(centred, placed, strict=True))

    add_figure(
        judged_images(centred, grade=RECOGNISABLE),
        "Draws with the codes' covariance about the origin, decoded.",
    )
    add_figure(judged_images(placed, grade=RECOGNISABLE), "The same draws about the codes' mean.")
    add_figure(
        code_distances(centred, "about the origin"),
        "Mahalanobis distance of these draws and of codes.",
    )

    decide(evidence, FAILS)


@pytest.mark.claim("X-19", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="both sets lie about the mean")
def test_control_draws_about_the_mean_do_not_fail(model, image_judge, decide, rng):
    """Two sets of draws about the mean are accepted equally often."""
    judge = image_judge(model)
    pairs = [
        [decode_and_judge(r, Gaussian().draw(DRAWS, r.train, rng), judge) for _ in range(2)]
        for r in model.replicates
    ]

    decide(ratios(judge, pairs), FAILS)


def ratios(judge, pairs):
    """Return the rate of the first samples over that of the second, at each reading."""
    pairs = list(pairs)
    return at_each_reading(
        judge,
        lambda reading: estimate(
            partial(ratio, reading=reading),
            pairs,
            unit="recognisable about the origin over recognisable about the mean",
            bounds=(0, np.inf),
        ),
    )


def ratio(pair, reading):
    """Return the rate of recognisable images of the first samples over that of the second."""
    return ratio_to(*pair, RECOGNISABLE, reading)


@scenario(test_location_alone_decides, null=0.9)
def decoders_of_fewer_faces_about_the_origin(effect, rng):
    """Simulate decoders that make faces of 0.97 of codes about the mean, of fewer about the origin.

    The smaller share over the larger scatters by 0.04 between trainings, as in the stored models.
    """
    judge = SimulatedJudge(rng)
    replicates = []
    for wanted in effect + 0.04 * rng.standard_normal(5):
        cloud = LatentCloud(10 + rng.standard_normal((1000, 8)))
        replicates.append(
            SimulatedReplicate(cloud, cloud, decoder_accepting(by_place(wanted, rng)))
        )
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


def by_place(ratio_of_shares, rng):
    """Return a region of many codes far from the origin, and of fewer about it."""

    def region(codes):
        placed = codes.mean(axis=1) > 5
        return rng.uniform(size=len(codes)) < 0.97 * np.where(placed, 1, ratio_of_shares)

    return region
