"""Dominant axes change the image more than directions at random, at equal Mahalanobis length."""

import numpy as np
import pytest

from aelatent import Above, LatentCloud, estimate
from aelatent.figures import image_grid
from aelatent.simulation import SimulatedModel, SimulatedReplicate, scenario

AXES = 5
LENGTH = 2.0  # Mahalanobis length of a step from the mean
RANDOM = 20
CONSTANT = 0.1  # of the median standard deviation
MORE = Above(1.0)
CHANGE = "change along dominant axes over random directions"


@pytest.mark.claim("X-27", needs="trained autoencoder wide faces decoder", amended="2026-11-28")
def test_dominant_axes_change_the_image_more_than_others(model, decide, add_figure, rng):
    """Steps along dominant axes change the image more than steps in random directions.

    Source
        aelatent: the sequel of A-14. It was a part of A-14 until 2026-11-28, and its verdicts were
        known by then; the rule is unchanged.
    Statement
        At equal Mahalanobis length a step along the coordinate axes of largest variance changes the
        image more than one in any direction.
    Statistic
        Distance of the decoded image from the decoded mean after a step of Mahalanobis length 2:
        the mean over the five coordinate axes of largest variance over that in 20 random
        directions, one value a replicate. Components that hardly vary, by less than a tenth of the
        median standard deviation, are left out: a direction along one of them is long at once.
    Null
        1 where dominant axes are no different: the catalogue's comparison.
    Decision
        Supported when the 95 % interval over replicates lies above 1; refuted when it lies below;
        inconclusive otherwise.
    """
    evidence = estimate(
        lambda r: change(r, dominant(r), rng), model.replicates, unit=CHANGE, bounds=(0, np.inf)
    )

    first = model.replicates[0]
    rows = {
        "dominant axes": first.decode(steps(first, dominant(first))),
        "random directions": first.decode(steps(first, random(first, AXES, rng))),
    }
    add_figure(image_grid(rows), "Decoded steps of Mahalanobis length 2 from the mean.")

    decide(evidence, MORE)


@pytest.mark.claim("X-27", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="the narrowest principal axes move the code least")
def test_control_the_narrowest_axes_change_the_image_less(model, decide, add_figure, rng):
    """Steps along the five narrowest principal axes change the image less than random ones."""
    narrowest = [r.train.principal[1][:, :AXES].T for r in model.replicates]
    pairs = list(zip(model.replicates, narrowest, strict=True))

    first, axes = pairs[0]
    add_figure(image_grid({"narrowest axes": first.decode(steps(first, axes))}), "Narrowest axes.")

    decide(estimate(lambda pair: change(*pair, rng), pairs, bounds=(0, np.inf)), MORE)


@pytest.mark.claim("X-27", needs="trained autoencoder wide faces decoder")
def test_control_the_widest_principal_axes_change_the_image_more(model, decide, add_figure, rng):
    """Steps along the five widest principal axes change the image more than random ones."""
    widest = [r.train.principal[1][:, -AXES:].T for r in model.replicates]
    pairs = list(zip(model.replicates, widest, strict=True))

    first, axes = pairs[0]
    add_figure(image_grid({"widest axes": first.decode(steps(first, axes))}), "Widest axes.")

    decide(estimate(lambda pair: change(*pair, rng), pairs, bounds=(0, np.inf)), MORE)


def dominant(replicate):
    """Return the coordinate axes of largest variance as rows."""
    order = np.argsort(replicate.train.deviations)[::-1][:AXES]
    return np.eye(replicate.train.d)[order]


def random(replicate, count, rng):
    """Return random directions of the components that vary, as rows."""
    return rng.standard_normal((count, replicate.train.d)) * varies(replicate.train)


def varies(cloud):
    """Tell which components vary by a tenth of the median standard deviation or more."""
    return cloud.deviations > CONSTANT * np.median(cloud.deviations)


def steps(replicate, directions):
    """Return the mean displaced along each direction by a step of one Mahalanobis length."""
    live = np.flatnonzero(varies(replicate.train))
    precision = np.linalg.inv(replicate.train.covariance[np.ix_(live, live)])
    along = directions[:, live]
    lengths = np.sqrt(np.einsum("ij,jk,ik->i", along, precision, along))
    return replicate.train.mean + LENGTH * directions / lengths[:, None]


def moved(replicate, codes):
    """Return the distance of each decoded code from the decoded mean."""
    centre = replicate.decode(replicate.train.mean[None]).astype(float)
    difference = replicate.decode(codes) - centre
    return np.linalg.norm(difference.reshape(len(codes), -1), axis=1)


def change(replicate, axes, rng):
    """Return the change along `axes` over that in random directions."""
    random_steps = steps(replicate, random(replicate, RANDOM, rng))
    return moved(replicate, steps(replicate, axes)).mean() / moved(replicate, random_steps).mean()


@scenario(test_dominant_axes_change_the_image_more_than_others, null=0.8)
def decoders_with_strong_axes(effect, rng):
    """Simulate linear decoders; a few axes change the image `effect` times as much as others.

    With gains g along a of d axes and 1 along the others, a step along one of the a is longer in
    the image by g / sqrt(1 + (g² - 1) a / d) than one in a random direction.
    """
    share = AXES / 64
    gain = effect * np.sqrt((1 - share) / (1 - effect**2 * share))
    return {"model": SimulatedModel([linear(gain, rng) for _ in range(5)])}


def linear(gain, rng):
    """Return a replicate whose decoder turns 64 components into 64 pixels."""
    variances, gains = np.ones(64), np.ones(64)
    variances[:AXES] += 1e-4  # tells which axes dominate
    gains[:AXES] = gain * (1 + 0.1 * rng.standard_normal(AXES))
    turn, _ = np.linalg.qr(rng.standard_normal((64, 64)))
    cloud = LatentCloud(np.eye(64), full_mean=np.zeros(64), full_covariance=np.diag(variances))

    def decode(codes):
        pixels = 128 + 60 * (codes * gains) @ turn
        return np.rint(pixels.clip(0, 255)).astype(np.uint8).reshape(-1, 8, 8, 1)

    return SimulatedReplicate(cloud, cloud, decode)
