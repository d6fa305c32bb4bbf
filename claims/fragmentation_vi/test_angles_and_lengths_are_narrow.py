"""The codes have narrow limits of angle and of length."""

from functools import partial

import numpy as np
import pytest

from aelatent import Above, Below, LatentCloud, contrast, estimate
from aelatent.figures import null_histogram, overlaid_histograms, radius_density
from aelatent.latent.synthetic import gaussian, student
from aelatent.simulation import SimulatedModel, SimulatedReplicate, scenario
from aelatent.statistics.axes import resultant_length
from aelatent.statistics.jackknife import contributions_of_codes, with_images
from aelatent.statistics.surrogates import sign_flips

ANGLE = Above(0.5)
LENGTH = Below(0.25)
COSINE = Above(0.1)
SCATTER = Below(0.8)
UNIT = "mean cosine to the mean direction beyond that of flipped codes"


@pytest.mark.claim("A-19", needs="trained autoencoder wide covariance")
def test_angles_and_lengths_are_narrow(model, decide, add_figure, rng):
    """The angles and lengths of the codes keep within narrow limits.

    Source
        anracom VI (30 Apr 2023), objective.
    Statement
        Correlations of the pixels of real images show up as narrow limits of the angles and lengths
        of the codes. Here it is tested that there are such limits; the next claim asks where they
        come from.
    Statistic
        Two numbers, one value a replicate: the mean cosine of the angle between a held-out code and
        the mean direction, minus the same of flipped codes; and the standard deviation of the radii
        over their mean.
    Null
        Sign flips: each code or its opposite at random, which keeps all lengths and all lines
        through the origin. Random rotations would change no angle between codes. The source gives
        no numbers; "narrow" is read as within 60 degrees of a common direction on average, a cosine
        of 0.5, and as lengths that scatter by less than a quarter.
    Decision
        Angle: Supported when the 95 % interval over replicates lies above 0.5; refuted when it lies
        below; inconclusive otherwise. Length: Supported when the 95 % interval over replicates lies
        below 0.25; refuted when it lies above; inconclusive otherwise.
    """
    evidence = limit_evidence(model.clouds, rng)

    add_figure(null_histogram(evidence[0].values, evidence[0].null, UNIT), "Mean cosine.")
    add_figure(radius_density(model.clouds), f"Radii of the codes of {model.name}.")

    decide(evidence, [ANGLE, LENGTH])


@pytest.mark.claim(
    "A-19", needs="trained autoencoder wide covariance encoder", amended="2026-11-28"
)
def test_limits_come_from_correlations_of_pixels(model, originals, decide, add_figure, rng):
    """Codes of images with shuffled pixels keep within wider limits of angle and length.

    Source
        anracom VI (30 Apr 2023), objective: the narrow limits of angle and length are those of real
        images, whose pixels are correlated.
    Statement
        Without correlations of pixels the limits are not there: the encoder puts images with
        shuffled pixels into wider ones.
    Statistic
        The held-out images and the same images, each with its pixels shuffled, go through the
        encoder. The mean cosine of the angle between a code and the mean direction: of images
        minus of shuffled ones; and the standard deviation of the radii over their mean: of images
        over that of shuffled ones, one value a replicate.
    Null
        0 and 1: shuffled pixels make no difference. The source has no number; "show up" is read as
        a tenth of a cosine, and as lengths that scatter by a fifth less.
    Decision
        Angle: Supported when the 95 % interval over replicates lies above 0.1; refuted when it lies
        below; inconclusive otherwise. Length: Supported when the 95 % interval over replicates lies
        below 0.8; refuted when it lies above; inconclusive otherwise.
    """
    pixels = originals(model)
    shuffled = with_shuffled_pixels(pixels, rng)
    pairs = [
        tuple(LatentCloud(r.encode(images)[0]) for images in (pixels, shuffled))
        for r in model.replicates
    ]
    evidence = shuffling_evidence(pairs)

    add_figure(
        overlaid_histograms(
            {"images": pairs[0][0].radii, "shuffled pixels": pairs[0][1].radii}, "radius of a code"
        ),
        f"Radii of codes of {model.name}, of images and of the same with shuffled pixels.",
    )

    decide(evidence, [COSINE, SCATTER])


@pytest.mark.claim("A-19")
@pytest.mark.expect("refuted", because="shuffling changes nothing about these codes")
def test_control_an_encoder_that_sees_no_order_has_equal_limits(decide, rng):
    """Where the encoder sees no order of pixels, the limits are equal."""
    pairs = [(cone(0.6, rng), cone(0.6, rng)) for _ in range(5)]

    decide(shuffling_evidence(pairs), [COSINE, SCATTER])


@pytest.mark.claim("A-19")
def test_control_codes_about_a_distant_centre_are_narrow(decide, add_figure, rng):
    """Codes about a centre that is twice as far away as they are wide keep within narrow limits."""
    clouds = [gaussian(500, np.full(64, 2.0), np.eye(64), rng) for _ in range(5)]
    evidence = limit_evidence(clouds, rng)

    add_figure(null_histogram(evidence[0].values, evidence[0].null, UNIT), "A distant centre.")

    decide(evidence, [ANGLE, LENGTH])


@pytest.mark.claim("A-19")
@pytest.mark.expect("refuted", because="they point everywhere, and their lengths vary widely")
def test_control_codes_about_the_origin_point_everywhere(decide, add_figure, rng):
    """Codes with heavy tails about the origin point everywhere, and their lengths vary."""
    clouds = [student(500, np.zeros(64), np.eye(64), 3, rng) for _ in range(5)]
    evidence = limit_evidence(clouds, rng)

    add_figure(
        null_histogram(evidence[0].values, evidence[0].null, UNIT), "Codes about the origin."
    )

    decide(evidence, [ANGLE, LENGTH])


def limit_evidence(clouds, rng):
    """Estimate the angles against flipped codes, and the scatter of the lengths."""
    return [
        contrast(
            cosine,
            clouds,
            sign_flips,
            rng,
            surrogates=19,
            unit=UNIT,
            images=partial(contributions_of_codes, cosine),
        ),
        estimate(
            with_images(scatter),
            clouds,
            unit="standard deviation of the radii over their mean",
            bounds=(0, np.inf),
        ),
    ]


def with_shuffled_pixels(images, rng):
    """Shuffle the places of the pixels of each image, its channels together, (n, h, w, c)."""
    flat = images.reshape(len(images), -1, images.shape[-1])
    order = rng.permuted(np.tile(np.arange(flat.shape[1]), (len(flat), 1)), axis=1)
    return np.take_along_axis(flat, order[:, :, None], axis=1).reshape(images.shape)


def shuffling_evidence(pairs):
    """Compare angles and lengths of codes of images with those of shuffled images."""
    return [
        estimate(
            lambda pair: cosine(pair[0]) - cosine(pair[1]),
            pairs,
            unit="mean cosine to the mean direction minus that of shuffled images",
        ),
        estimate(
            lambda pair: scatter(pair[0]) / scatter(pair[1]),
            pairs,
            unit="relative scatter of the radii over that of shuffled images",
            bounds=(0, np.inf),
        ),
    ]


def cosine(cloud):
    """Return the mean cosine to the mean direction."""
    return resultant_length(cloud.z_mean)


def scatter(cloud):
    """Return the standard deviation of the radii over their mean."""
    return float(cloud.radii.std(ddof=1) / cloud.radii.mean())


@scenario(test_angles_and_lengths_are_narrow, null=0.25)
def cones_of_codes(effect, rng):
    """Simulate codes about a direction to which their mean cosine is `effect`, of narrow lengths.

    A thousand flipped codes have a mean cosine of 0.031 to their mean direction, which the claim
    takes off; it is added here.
    """
    return {
        "model": SimulatedModel.of(
            [cone(effect + 0.031 + 0.02 * rng.standard_normal(), rng) for _ in range(5)]
        )
    }


def cone(cosine, rng, n=1000, d=32):
    """Draw codes whose cosine to the first axis is uniform within 0.15 of its mean."""
    along = np.clip(cosine + rng.uniform(-0.15, 0.15, (n, 1)), -1, 1)
    across = rng.standard_normal((n, d - 1))
    across *= np.sqrt(1 - along**2) / np.linalg.norm(across, axis=1, keepdims=True)
    return LatentCloud(rng.normal(5, 0.6, (n, 1)) * np.hstack([along, across]))


@scenario(test_limits_come_from_correlations_of_pixels, null=0.0)
def encoders_that_see_the_order_of_pixels(effect, rng):
    """Simulate encoders that put ramps of pixels into a cone narrower by `effect` than others.

    Lengths of the codes of ramps scatter half as much.
    """
    ramps = np.sort(rng.integers(0, 256, (400, 8, 8, 1), dtype=np.uint8).reshape(400, 64), axis=1)

    def encoder(cosine):
        def encode(pixels):
            flat = pixels.reshape(len(pixels), -1).astype(int)
            ordered = bool((np.diff(flat, axis=1) >= 0).all())
            codes = cone(cosine if ordered else 0.4, rng, len(pixels)).z_mean
            lengths = 1 + (0.05 if ordered else 0.1) * rng.standard_normal((len(pixels), 1))
            return codes / np.linalg.norm(codes, axis=1, keepdims=True) * lengths, None

        return encode

    cloud = LatentCloud(np.zeros((2, 2)))
    replicates = [
        SimulatedReplicate(cloud, cloud, encoder=encoder(0.4 + effect + more))
        for more in 0.02 * rng.standard_normal(5)
    ]
    images = ramps.reshape(400, 8, 8, 1)
    return {"model": SimulatedModel(replicates), "originals": lambda _: images}
