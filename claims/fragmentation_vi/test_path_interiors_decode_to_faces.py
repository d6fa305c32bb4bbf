"""Straight paths through the centre of the region, inside coordinate planes, give faces."""

from itertools import cycle, islice

import numpy as np
import pytest

from aelatent import Above, LatentCloud, estimate
from aelatent.figures import filmstrips
from aelatent.judges.judged_samples import decode_and_judge
from aelatent.latent.interpolation import random_planes, through_centre
from aelatent.simulation import (
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    decoder_accepting,
    reconstruction_scores,
    scenario,
)

PLANES = 200
STEPS = 6
FACES = Above(0.9)


@pytest.mark.claim("A-13", needs="trained autoencoder wide faces decoder")
def test_path_interiors_decode_to_faces(model, image_judge, decide, add_figure, rng):
    """Segments through the centre inside arbitrary coordinate planes decode to faces.

    Source
        000 part 1 (30 Apr 2023), the sections on planes: ten planes, hand-picked; the first four of
        the later nine are said to stay in the core.
    Statement
        Points of straight segments through the vector of component means, inside a plane of two
        coordinate axes and within one standard deviation, give recognisable faces, although
        correlations are ignored.
    Statistic
        The judged hit rate at six points on each of 200 segments over that of reconstructions of
        held-out images, one value a replicate. Planes and angles are drawn at random.
    Null
        None: the margin decides. "Give faces" is read as at least nine tenths as often as the
        model's own reconstructions.
    Decision
        Supported when the 95 % interval over replicates lies above 0.9; refuted when it lies below;
        inconclusive otherwise.
    """
    judged = [decode_and_judge(r, segments(r, rng), image_judge(model)) for r in model.replicates]
    evidence = estimate(ratio_by_path, judged, unit="hit rate over that of reconstructions")

    add_figure(strips(judged[0]), "Decoded points along ten segments, one row a segment.")

    decide(evidence, FACES)


@pytest.mark.claim("A-13", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="the segments run sixty standard deviations out")
def test_control_paths_far_outside_decode_to_no_faces(model, image_judge, decide, add_figure, rng):
    """Segments in the same planes that run sixty standard deviations out leave the faces."""
    judged = [
        decode_and_judge(r, segments(r, rng, reach=60), image_judge(model))
        for r in model.replicates
    ]
    evidence = estimate(ratio_by_path, judged, unit="hit rate over that of reconstructions")

    add_figure(strips(judged[0], reach=60), "Decoded points along ten segments that run far out.")

    decide(evidence, FACES)


def segments(replicate, rng, reach=1.0):
    """Draw 200 segments at random angles, each in a plane of its own, while there are planes.

    Points of the segments, (200 * 6, d).
    """
    cloud = replicate.train
    angles = rng.uniform(0, np.pi, PLANES)
    planes = islice(cycle(random_planes(cloud.d, PLANES, rng)), PLANES)
    paths = [
        through_centre(cloud, plane, angle, STEPS, reach)
        for plane, angle in zip(planes, angles, strict=True)
    ]
    return np.concatenate(paths)


def ratio_by_path(samples):
    """Return the hit ratio; points of one segment are not independent."""
    return samples.ratio(groups=np.repeat(np.arange(PLANES), STEPS))


def strips(samples, reach=1.0):
    """Show the first ten segments."""
    shape = (PLANES, STEPS, *samples.pixels.shape[1:])
    positions = np.linspace(-reach, reach, STEPS)
    accepted = samples.accepted.reshape(PLANES, STEPS)
    return filmstrips(samples.pixels.reshape(shape)[:10], positions, accepted[:10])


@scenario(test_path_interiors_decode_to_faces, null=0.8)
def decoders_of_a_share_of_segments(effect, rng):
    """Simulate decoders that make faces of all points of a share of the segments."""
    judge = SimulatedJudge(rng)
    replicates = []
    for share in effect + 0.01 * rng.standard_normal(5):
        cloud = LatentCloud(rng.standard_normal((1000, 32)))
        decoder = decoder_accepting(whole_segments(share, rng))
        scores = reconstruction_scores(judge, 1000)
        replicates.append(SimulatedReplicate(cloud, cloud, decoder, scores))
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


def whole_segments(share, rng):
    """Return a region to which a segment belongs with all of its points, or with none."""
    return lambda codes: np.repeat(rng.uniform(size=len(codes) // STEPS) < share, STEPS)
