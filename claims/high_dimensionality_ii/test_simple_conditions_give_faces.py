"""Random points that meet some simple conditions give clean and varied faces."""

import pytest

from aelatent import Above
from aelatent.judges.controls import judge_one_image
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import hit_ratio, judge_draws
from aelatent.judges.variety import relative_recall
from aelatent.samplers.ladder import PairwiseEllipse, Uniform
from aelatent.simulation import beta_shares, model_with_variety, normal_clouds, scenario

DRAWS = 150
HALF = Above(0.5)


@pytest.mark.claim("B-21", needs="trained autoencoder wide faces decoder", amended="2026-11-28")
def test_simple_conditions_give_faces(model, image_judge, decide, add_figure, rng):
    """Points whose pairs of components lie within their ellipses decode to clean, varied faces.

    Source
        anracom II (11 Nov 2022), last line: a random point "with some simple conditions". They are
        not named; the later posts' conditions on pairs of components are taken, the widest rung of
        the ladder (three standard deviations).
    Statement
        Simple conditions on its components suffice for a random point to decode to a face.
    Statistic
        For draws whose pairs of components lie within ellipses of three standard deviations, one
        value a replicate each: the rate of clean images over that of reconstructions of held-out
        images; and variety, the recall of reconstructions among the clean draws over that among as
        many other reconstructions. This reading dates from 28 Nov 2026, when models and verdicts
        under an earlier one, without variety, existed.
    Null
        None: the margins are those of A-18, one half. One face for all points has a recall of 0.
    Decision
        Clean: Supported when the 95 % interval over replicates lies above 0.5; refuted when it lies
        below; inconclusive otherwise. Variety: Supported when the 95 % interval over replicates
        lies above 0.5; refuted when it lies below; inconclusive otherwise.
    """
    judge = image_judge(model)
    judged = judge_draws(model, PairwiseEllipse(3.0), DRAWS, judge, rng)

    add_figure(
        judged_images(judged),
        "Draws within pairwise ellipses of three standard deviations, decoded.",
    )

    decide(quality_and_variety(judged), [HALF, HALF])


@pytest.mark.claim("B-21", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="all points decode to one face")
def test_control_one_face_for_all_points_meets_no_condition(model, image_judge, decide):
    """A decoder that ignores its code, and always makes the face of the mean, has no variety."""
    judged = judge_one_image(model, DRAWS, image_judge(model))

    decide(quality_and_variety(judged), [HALF, HALF])


@pytest.mark.claim("B-21", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="one interval for all components is no such condition")
def test_control_one_interval_for_all_is_too_simple(model, image_judge, decide, add_figure, rng):
    """Points uniform in [-2, 2] decode to nothing clean."""
    judge = image_judge(model)
    judged = judge_draws(model, Uniform(2.0), DRAWS, judge, rng)

    add_figure(judged_images(judged), "Draws uniform in [-2, 2], decoded.")

    decide(quality_and_variety(judged), [HALF, HALF])


def quality_and_variety(judged):
    """Return rate of clean images and recall, each over that of held-out codes."""
    return [
        hit_ratio(judged),
        relative_recall(judged),
    ]


@scenario(test_simple_conditions_give_faces, null=0.1)
def decoders_of_a_share_of_faces(effect, rng):
    """Simulate decoders that make clean faces of a share of the draws, which scatters by 0.03.

    All kinds of faces are among them; the other images are damaged.
    """
    return model_with_variety(normal_clouds(rng), beta_shares(effect, 250, rng), rng, draws=DRAWS)


@scenario(test_simple_conditions_give_faces, null=0.1, part=1, count=200)
def decoders_of_some_kinds_of_faces(effect, rng):
    """Simulate decoders that make clean faces of nine tenths of the draws, of some kinds only.

    The share of the kinds scatters by 0.03 between trainings.
    """
    kinds = beta_shares(effect, 250, rng)
    return model_with_variety(normal_clouds(rng), [0.9] * 5, rng, kinds=kinds, draws=DRAWS)
