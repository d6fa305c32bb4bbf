"""Trials become figures."""

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.text import Text

from aelatent.judges.figures import reach, wall
from aelatent.latent.cloud import LatentCloud


@pytest.fixture
def trials(rng):
    """Two trials of draws that lie three times as far out as the codes."""
    cloud = LatentCloud(rng.standard_normal((200, 2)))
    return [
        SimpleNamespace(
            replicate=SimpleNamespace(name=f"tiny seed {seed}", train=cloud, held_out=cloud),
            codes=3 * rng.standard_normal((20, 2)),
            pixels=rng.integers(0, 256, (20, 8, 8, 1), dtype=np.uint8),
            accepted=np.arange(20) < 2,
        )
        for seed in (0, 1)
    ]


def test_a_wall_has_a_row_a_replicate(trials):
    figure = wall(trials, 5)
    words = {text.get_text() for text in figure.findobj(Text)}

    assert {"tiny seed 0", "tiny seed 1"} <= words
    assert sum("2 of 5" in word for word in words) == 1


def test_reach_shows_the_law_beside_the_codes(trials):
    (axes, *_) = reach(trials, "normal").axes

    assert axes.get_xlim()[1] > 5
    assert axes.get_xlabel().startswith("Mahalanobis distance")
