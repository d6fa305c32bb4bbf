"""A VAE makes the last coding level fuzzy, by as much as one likes."""

import numpy as np
import pytest

from aelatent import Above, LatentCloud, estimate
from aelatent.figures import image_grid, trend
from aelatent.simulation import SimulatedModel, SimulatedReplicate, scenario

SCALES = (0.25, 0.5, 1.0, 1.5, 2.0)
CONTROLLED = Above(2.0)


@pytest.mark.claim("C-18", needs="trained vae decoder")
def test_the_last_level_is_controllably_fuzzy(model, decide, add_figure, rng):
    """The wider the noise on the code, the more the decoded image varies.

    Source
        Cross Validated, the answer: VAEs make the last coding level controllably fuzzy.
    Statement
        The output follows the scale of the noise that is put on the code.
    Statistic
        Mean squared change of the decoded image under posterior noise of twice the width over that
        under half the width, one value a replicate. It is 16 where the decoder is linear, 1 where
        the output ignores the scale.
    Null
        None: "controllably" is read as at least twice.
    Decision
        Supported when the 95 % interval over replicates lies above 2; refuted when it lies below;
        inconclusive otherwise.
    """
    curves = [response(r, SCALES, rng) for r in model.replicates]
    evidence = estimate(
        lambda c: c[2.0] / c[0.5], curves, unit="change at 2 over change at 0.5", bounds=(0, np.inf)
    )

    series = {scale: [curve[scale] for curve in curves] for scale in SCALES}
    add_figure(
        trend(
            {"codes": series},
            "width of the noise over the posterior's",
            "mean squared change of a pixel",
            log="xy",
        ),
        "How far the decoded image moves under noise of growing width.",
    )
    add_figure(strip(model.replicates[0], rng), "One code under noise of growing width.")

    decide(evidence, CONTROLLED)


@pytest.mark.claim("C-18", needs="trained vae decoder wide")
@pytest.mark.expect("refuted", because="the noise is the same on both sides")
def test_control_noise_of_one_width_changes_the_image_by_one_amount(model, decide, add_figure, rng):
    """Noise of one width changes the image as much as other noise of that width."""
    curves = [(response(r, [1.0], rng), response(r, [1.0], rng)) for r in model.replicates]

    add_figure(strip(model.replicates[0], rng), "One code under noise of growing width.")

    decide(
        estimate(lambda pair: pair[0][1.0] / pair[1][1.0], curves, bounds=(0, np.inf)), CONTROLLED
    )


def response(replicate, scales, rng):
    """Return the mean squared change of a pixel under posterior noise of each width."""
    cloud = replicate.held_out
    count = min(cloud.n, 100)
    copies = replicate.decode(cloud.z_mean[:count]) / 255
    return {
        scale: float(np.mean((noisy(replicate, scale, rng, count) / 255 - copies) ** 2))
        for scale in scales
    }


def noisy(replicate, scale, rng, count):
    """Decode held-out codes under posterior noise of a width."""
    cloud = replicate.held_out
    noise = rng.standard_normal((count, cloud.d)) * np.exp(0.5 * cloud.z_log_var[:count])
    return replicate.decode(cloud.z_mean[:count] + scale * noise)


def strip(replicate, rng):
    """Show the first codes under noise of each width."""
    return image_grid({f"width {s:g}": noisy(replicate, s, rng, 14) for s in SCALES})


@scenario(test_the_last_level_is_controllably_fuzzy, null=1.0)
def decoders_that_follow_a_power_of_the_noise(effect, rng):
    """Simulate decoders whose change is a power of the noise, and `effect` times the linear one."""
    codes = LatentCloud(np.zeros((200, 32)), z_log_var=np.zeros((200, 32)))
    replicates = []
    for times in effect * (1 + 0.08 * rng.standard_normal(5)):
        decode = power(np.log(times) / np.log(16))
        replicates.append(SimulatedReplicate(codes, codes, decode))
    return {"model": SimulatedModel(replicates)}


def power(exponent):
    """Return a decoder to one pixel a dimension, a power of its distance from 0."""

    def decode(codes):
        change = 40 * np.sign(codes) * np.maximum(np.abs(codes), 1e-9) ** exponent
        return np.rint(128 + change).clip(0, 255).astype(np.uint8)[:, :, None, None]

    return decode
