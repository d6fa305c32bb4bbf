"""From a meaningful point only very few directions lead to another one."""

import numpy as np
import pytest

from aelatent import Below
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import decode_and_judge, hit_rate
from aelatent.latent.synthetic import unit_centres
from aelatent.simulation import beta_shares, model_with_hit_rates, normal_clouds, scenario

POINTS = 150
FEW = Below(0.1)


@pytest.mark.claim("B-24", needs="trained autoencoder wide faces decoder")
def test_few_directions_lead_to_another_face(model, image_judge, decide, add_figure, rng):
    """From the code of a face, a step in a random direction rarely ends at another face.

    Source
        000 part 2 (11 Nov 2022), introduction: "very few" directions.
    Statement
        Of all directions from a code, very few lead to another point that decodes to a face.
    Statistic
        Corrected hit rate after a step from a held-out code in a direction uniform on the sphere,
        as long as the codes are spread (the root of the sum of their variances), one value a
        replicate.
    Null
        None: "very few" is read as one in ten. Steps shorter than that stay at the same face.
    Decision
        Supported when the 95 % interval over replicates lies below 0.1; refuted when it lies above;
        inconclusive otherwise.
    """
    judge = image_judge(model)
    judged = [decode_and_judge(r, random_steps(r, rng), judge) for r in model.replicates]

    add_figure(judged_images(judged), "One step from a code in a random direction, decoded.")

    decide(hit_rate(judged), FEW)


@pytest.mark.claim("B-24", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="the steps lead to other codes")
def test_control_steps_towards_other_codes_end_at_faces(model, image_judge, decide):
    """A step from one code to another ends at a face."""
    judge = image_judge(model)
    judged = [
        decode_and_judge(r, np.roll(r.held_out.z_mean[:POINTS], 1, axis=0), judge)
        for r in model.replicates
    ]

    decide(hit_rate(judged), FEW)


@pytest.mark.claim("B-24", needs="trained autoencoder wide faces decoder")
def test_control_far_steps_leave_all_faces(model, image_judge, decide, add_figure, rng):
    """A step ten times as long in a random direction ends at no face."""
    judge = image_judge(model)
    judged = []
    for r in model.replicates:
        codes = r.held_out.z_mean[:POINTS]
        judged.append(decode_and_judge(r, codes + 10 * (random_steps(r, rng) - codes), judge))

    add_figure(judged_images(judged), "A step ten times as long in a random direction, decoded.")

    decide(hit_rate(judged), FEW)


def random_steps(replicate, rng):
    """Step from codes in directions uniform on the sphere, as far as the codes are spread."""
    codes = replicate.held_out.z_mean[:POINTS]
    length = np.sqrt(np.trace(replicate.train.covariance))
    return codes + unit_centres(*codes.shape, length, rng)


@scenario(test_few_directions_lead_to_another_face, null=0.19)
def decoders_of_a_share_of_faces(effect, rng):
    """Simulate decoders that make faces of a share of the draws, which scatters by 0.02."""
    return model_with_hit_rates(normal_clouds(rng), beta_shares(effect, 200, rng), rng)
