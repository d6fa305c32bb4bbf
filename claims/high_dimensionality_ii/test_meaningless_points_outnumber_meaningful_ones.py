"""Meaningless points of the latent space far outnumber the meaningful ones."""

import pytest

from aelatent import Below
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import RECOGNISABLE, decode_and_judge, hit_rate
from aelatent.simulation import beta_shares, model_with_hit_rates, normal_clouds, scenario

DRAWS = 150
OUTNUMBERED = Below(0.1)


@pytest.mark.claim("B-03", needs="trained autoencoder wide faces decoder")
def test_meaningless_points_outnumber_meaningful_ones(model, image_judge, decide, add_figure, rng):
    """In the box that just holds the codes fewer than a tenth of points show recognisable faces.

    Source
        anracom II (11 Nov 2022), introduction. It names no measure; the smallest box of coordinate
        intervals that holds the codes is the stated distribution here, and the most favourable of
        its kind.
    Statement
        Positions that decode to nothing recognisable far outnumber those that decode to faces,
        damaged or clean.
    Statistic
        Corrected rate of recognisable images of points uniform in the box from the smallest to the
        largest value of each component over the held-out codes, one value a replicate.
    Null
        None: "far outnumber" is read as ten to one.
    Decision
        Supported when the 95 % interval over replicates lies below 0.1; refuted when it lies above;
        inconclusive otherwise.
    """
    judge = image_judge(model)
    judged = [decode_and_judge(r, box(r.held_out.z_mean, rng), judge) for r in model.replicates]

    add_figure(
        judged_images(judged, grade=RECOGNISABLE),
        "Points uniform in the bounding box of the codes, decoded.",
    )

    decide(hit_rate(judged, RECOGNISABLE), OUTNUMBERED)


@pytest.mark.claim("B-03", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="the points are codes of faces")
def test_control_codes_are_meaningful_points(model, image_judge, decide):
    """Held-out codes decode to faces."""
    judge = image_judge(model)
    judged = [decode_and_judge(r, r.held_out.z_mean[:DRAWS], judge) for r in model.replicates]

    decide(hit_rate(judged, RECOGNISABLE), OUTNUMBERED)


def box(codes, rng):
    """Draw points uniformly from the bounding box of codes."""
    return rng.uniform(codes.min(axis=0), codes.max(axis=0), (DRAWS, codes.shape[1]))


@scenario(test_meaningless_points_outnumber_meaningful_ones, null=0.19)
def decoders_of_a_share_of_faces(effect, rng):
    """Simulate decoders that make faces of a share of the draws, which scatters by 0.02."""
    return model_with_hit_rates(normal_clouds(rng), beta_shares(effect, 200, rng), rng)
