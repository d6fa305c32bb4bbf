"""Two claims about codes on a line, with worlds: one whose interval is right, one's too narrow."""

import numpy as np
import pytest

from aelatent import Above, LatentCloud, Near, weigh
from aelatent.simulation import PlantedModel, world


@pytest.mark.claim("Z-01")
@pytest.mark.expect("refuted", because="this mark is no part of the code")
def test_codes_lie_beyond_one(model, judge, draw):
    """Codes lie beyond one.

    Decision
        Prose.
    """
    evidence = weigh(lambda cloud: float(cloud.z_mean.mean()), model.clouds)

    for cloud in model.clouds:
        draw(figure_that_must_not_be_made(cloud), "A figure.")
    draw(figure_that_must_not_be_made(model), "Another.")

    judge(evidence, Above(1.0))


@pytest.mark.claim("Z-02")
def test_one_code_is_taken_for_many(model, judge, draw):
    """A training's own scatter is overlooked: the same cloud is counted five times."""
    cloud = model.clouds[0]
    values = cloud.z_mean.mean() + np.linspace(-1e-3, 1e-3, 5)

    judge(weigh(float, values), Near(1.0, factor=2.0))


@world(test_codes_lie_beyond_one, null=0.0, count=400)
@world(test_one_code_is_taken_for_many, null=1.0, count=400)
def normal_codes(effect, rng):
    """Plant codes about `effect`, which differs from training to training."""
    centres = effect + 0.3 * rng.standard_normal(5)
    clouds = [LatentCloud(centre + rng.standard_normal((100, 1))) for centre in centres]
    return {"model": PlantedModel.of(clouds)}


def figure_that_must_not_be_made(*_):
    """Fail: a world needs no figure."""
    raise AssertionError("a figure was made")
