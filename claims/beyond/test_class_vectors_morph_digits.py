"""Vectors between the means of two attributes morph images of one into the other."""

import numpy as np
import pytest

from aelatent import Above, LatentCloud, estimate
from aelatent.figures import image_grid
from aelatent.judges.judged_samples import decode_and_judge
from aelatent.simulation import (
    DIGITS_CARD,
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    decoder_accepting,
    scenario,
)
from aelatent.statistics.rates import share

MOST = Above(0.5)


@pytest.mark.claim("X-15", needs="trained vae mnist decoder", source_value=1.0)
def test_class_vectors_morph_digits(model, image_judge, decide, add_figure, rng):
    """Adding the vector between the means of two digits turns codes of one into the other.

    Source
        GDL, notebook 03_06: attribute vectors and morphs of a VAE of faces. Photographs here have
        no attributes, so digits stand for them, the digit being the attribute.
    Statement
        A code plus the difference of two attributes' mean codes decodes to an image of the other
        attribute.
    Statistic
        Share of held-out codes that, moved by the vector from their digit's mean to that of another
        digit, decode to that digit according to the judge, one value a replicate.
    Null
        Chance is one in ten; "works" is read as half.
    Decision
        Supported when the 95 % interval over replicates lies above 0.5; refuted when it lies below;
        inconclusive otherwise.
    """
    judge = image_judge(model)
    moved = [morph(r, rng) for r in model.replicates]
    judged = [
        decode_and_judge(r, m[0], judge) for r, m in zip(model.replicates, moved, strict=True)
    ]
    evidence = estimate(
        lambda pair: share(judge.classes(pair[0].pixels) == pair[1][1]),
        zip(judged, moved, strict=True),
        unit="share that shows the other digit",
    )

    first = model.replicates[0]
    rows = {
        "before": first.decode(first.held_out.z_mean[:14]),
        f"towards {' '.join(map(str, moved[0][1][:14]))}": judged[0].pixels[:14],
    }
    add_figure(image_grid(rows), "Decoded codes before and after the vector between two digits.")

    decide(evidence, MOST)


@pytest.mark.claim("X-15", compares="mnist_vae_2d")
@pytest.mark.expect("refuted", because="the vectors have random directions")
def test_control_random_vectors_do_not_morph(models, image_judge, decide, rng):
    """Vectors of the same lengths in random directions hit the digit by chance."""
    model = models("mnist_vae_2d")
    judge = image_judge(model)
    shares = []
    for r in model.replicates:
        codes, targets = morph(r, rng)
        steps = codes - r.held_out.z_mean
        turned = rng.standard_normal(steps.shape)
        turned *= lengths(steps) / lengths(turned)
        samples = decode_and_judge(r, r.held_out.z_mean + turned, judge)
        shares.append(share(judge.classes(samples.pixels) == targets))

    decide(estimate(lambda accepted: accepted, shares), MOST)


def lengths(vectors):
    """Return the lengths of vectors as a column."""
    return np.linalg.norm(vectors, axis=1, keepdims=True)


def morph(replicate, rng):
    """Move each held-out code by the vector from its digit's mean to that of another digit."""
    cloud = replicate.held_out
    digits = np.unique(cloud.labels)
    means = {digit: cloud.z_mean[cloud.labels == digit].mean(axis=0) for digit in digits}
    targets = np.array([rng.choice(digits[digits != label]) for label in cloud.labels])
    vectors = np.array(
        [means[t] - means[label] for t, label in zip(targets, cloud.labels, strict=True)]
    )
    return cloud.z_mean + vectors, targets


@scenario(test_class_vectors_morph_digits, null=0.1)
def decoders_that_follow_a_share_of_vectors(effect, rng):
    """Simulate ten digits far apart, and decoders that show a share of codes as the nearest digit.

    All other codes show the digit after it. The share scatters by 0.03 between trainings.
    """
    judge = SimulatedJudge(rng, DIGITS_CARD)
    labels = np.arange(1000) % 10
    replicates = []
    for shown in np.clip(effect + 0.03 * rng.standard_normal(5), 0, 1):
        codes = 10 * np.eye(10)[labels] + rng.standard_normal((1000, 10))
        cloud = LatentCloud(codes, labels=labels)
        replicates.append(SimulatedReplicate(cloud, cloud, following(shown, rng)))
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


def following(shown, rng):
    """Return a decoder that shows a given share of codes as the digit whose codes lie there."""
    return decoder_accepting(
        lambda codes: np.ones(len(codes), bool),
        lambda codes: (codes.argmax(axis=1) + (rng.uniform(size=len(codes)) > shown)) % 10,
    )
