"""The right covariance in the wrong place: location alone decides."""

import numpy as np
import pytest

from aelatent import Below, Estimate, LatentCloud, weigh
from aelatent.judges.figures import reach, wall
from aelatent.judges.judged_samples import attempt
from aelatent.samplers.ladder import Gaussian
from aelatent.simulation import PlantedJudge, PlantedModel, PlantedReplicate, showing, world
from aelatent.statistics.rates import share

DRAWS = 150
FAILS = Below(0.5)


@pytest.mark.claim("X-19", needs="trained autoencoder wide faces decoder")
def test_location_alone_decides(model, recognise, judge, draw, rng):
    """Draws with the codes' covariance about the origin instead of their mean fail.

    Source
        aelatent, a question none of the sources asks.
    Statement
        Gaussian draws with the true covariance decode to faces about the codes' mean and fail about
        the origin.
    Statistic
        Share accepted of draws with the codes' covariance about the origin over that about their
        mean, one value a replicate.
    Null
        1 if the location does not matter; "fail" is read as one half.
    Decision
        Supported when the 95 % interval over replicates lies below 0.5; refuted when it lies above;
        inconclusive otherwise.
    """
    eye = recognise(model)
    placed = [attempt(r, Gaussian().draw(DRAWS, r.train, rng), eye) for r in model.replicates]
    centred = [attempt(t.replicate, t.codes - t.replicate.train.mean, eye) for t in placed]
    evidence = weigh(
        ratio,
        zip(centred, placed, strict=True),
        unit="hits about the origin over hits about the mean",
    )

    draw(wall(centred), "Draws with the codes' covariance about the origin, decoded.")
    draw(wall(placed), "The same draws about the codes' mean.")
    draw(reach(centred, "about the origin"), "Mahalanobis distance of these draws and of codes.")

    judge(evidence, FAILS)


@pytest.mark.claim("X-19", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="both stand at the mean")
def test_control_draws_about_the_mean_do_not_fail(model, recognise, judge, rng):
    """Two sets of draws about the mean are accepted equally often."""
    eye = recognise(model)
    pairs = [
        [attempt(r, Gaussian().draw(DRAWS, r.train, rng), eye) for _ in range(2)]
        for r in model.replicates
    ]

    judge(weigh(ratio, pairs), FAILS)


def ratio(pair):
    """Return the share accepted of the first trial over that of the second."""
    first, second = (share(trial.accepted) for trial in pair)
    value = first.value / second.value
    return Estimate(value, np.hypot(first.error, value * second.error) / second.value)


@world(test_location_alone_decides, null=0.9)
def decoders_of_fewer_faces_about_the_origin(effect, rng):
    """Plant decoders to faces of 0.97 of all codes about their mean, of fewer about the origin.

    The smaller share over the larger scatters by 0.04 between trainings, as in the stored models.
    """
    judge = PlantedJudge(rng)
    replicates = []
    for wanted in effect + 0.04 * rng.standard_normal(5):
        cloud = LatentCloud(10 + rng.standard_normal((1000, 8)))
        replicates.append(PlantedReplicate(cloud, cloud, showing(by_place(wanted, rng))))
    return {"model": PlantedModel(replicates), "recognise": lambda _: judge}


def by_place(ratio_of_shares, rng):
    """Return a region of many codes far from the origin, and of fewer about it."""

    def region(codes):
        placed = codes.mean(axis=1) > 5
        return rng.uniform(size=len(codes)) < 0.97 * np.where(placed, 1, ratio_of_shares)

    return region
