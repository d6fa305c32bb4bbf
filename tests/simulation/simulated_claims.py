"""Two claims about codes on a line, with a scenario: one interval is right, one too narrow."""

import numpy as np
import pytest

from aelatent import Above, LatentCloud, Near, estimate
from aelatent.simulation import SimulatedModel, scenario


@pytest.mark.claim("Z-01")
@pytest.mark.expect("refuted", because="this mark is no part of the code")
def test_codes_lie_beyond_one(model, decide, add_figure):
    """Codes lie beyond one.

    Decision
        Prose.
    """
    evidence = estimate(lambda cloud: float(cloud.z_mean.mean()), model.clouds)

    for cloud in model.clouds:
        add_figure(figure_that_must_not_be_made(cloud), "A figure.")
    add_figure(figure_that_must_not_be_made(model), "Another.")

    decide(evidence, Above(1.0))


@pytest.mark.claim("Z-02")
def test_one_code_is_taken_for_many(model, decide, add_figure):
    """The scatter between trainings is overlooked: the same cloud is counted five times."""
    cloud = model.clouds[0]
    values = cloud.z_mean.mean() + np.linspace(-1e-3, 1e-3, 5)

    decide(estimate(float, values), Near(1.0, factor=2.0))


@scenario(test_codes_lie_beyond_one, null=0.0, count=400)
@scenario(test_one_code_is_taken_for_many, null=1.0, count=400)
def normal_codes(effect, rng):
    """Simulate codes about `effect`, which differs between trainings."""
    centres = effect + 0.3 * rng.standard_normal(5)
    clouds = [LatentCloud(centre + rng.standard_normal((100, 1))) for centre in centres]
    return {"model": SimulatedModel.of(clouds)}


def figure_that_must_not_be_made(*_):
    """Fail: a simulation needs no figure."""
    raise AssertionError("a figure was made")
