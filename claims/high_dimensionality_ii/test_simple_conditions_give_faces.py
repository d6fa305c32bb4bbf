"""A random point that meets some simple conditions gives a face."""

import pytest

from aelatent import Above
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import hit_rate, judge_draws
from aelatent.samplers.ladder import PairwiseEllipse, Uniform
from aelatent.simulation import beta_shares, model_with_hit_rates, normal_clouds, scenario

DRAWS = 150
HALF = Above(0.5)


@pytest.mark.claim("B-21", needs="trained autoencoder wide faces decoder")
def test_simple_conditions_give_faces(model, image_judge, decide, add_figure, rng):
    """A random point whose pairs of components lie within their ellipses decodes to a face.

    Source
        000 part 2 (11 Nov 2022), last line: a random point "with some simple conditions". They are
        not named; the later posts' conditions on pairs of components are taken, the widest rung of
        the ladder (three standard deviations).
    Statement
        Simple conditions on its components suffice for a random point to decode to a face.
    Statistic
        Corrected hit rate of draws whose pairs of components lie within ellipses of three standard
        deviations, one value a replicate.
    Null
        None: the margin is that of A-18, one half.
    Decision
        Supported when the 95 % interval over replicates lies above 0.5; refuted when it lies below;
        inconclusive otherwise.
    """
    judge = image_judge(model)
    judged = judge_draws(model, PairwiseEllipse(3.0), DRAWS, judge, rng)

    add_figure(
        judged_images(judged),
        "Draws within pairwise ellipses of three standard deviations, decoded.",
    )

    decide(hit_rate(judged), HALF)


@pytest.mark.claim("B-21", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="one interval for all components is no such condition")
def test_control_one_interval_for_all_is_too_simple(model, image_judge, decide, add_figure, rng):
    """Points uniform in [-2, 2] decode to no face."""
    judge = image_judge(model)
    judged = judge_draws(model, Uniform(2.0), DRAWS, judge, rng)

    add_figure(judged_images(judged), "Draws uniform in [-2, 2], decoded.")

    decide(hit_rate(judged), HALF)


@scenario(test_simple_conditions_give_faces, null=0.1)
def decoders_of_a_share_of_faces(effect, rng):
    """Simulate decoders that make faces of a share of the draws, which scatters by 0.03."""
    return model_with_hit_rates(normal_clouds(rng), beta_shares(effect, 250, rng), rng)
