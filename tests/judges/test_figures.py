"""Figures of judged samples."""

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.text import Text

from aelatent.judges.figures import code_distances, judged_images
from aelatent.judges.grade import Grade
from aelatent.latent.cloud import LatentCloud


@pytest.fixture
def samples(rng):
    """Draws of two replicates, three times as far from the centre as the codes."""
    cloud = LatentCloud(rng.standard_normal((200, 2)))
    return [
        SimpleNamespace(
            replicate=SimpleNamespace(name=f"tiny seed {seed}", train=cloud, held_out=cloud),
            codes=3 * rng.standard_normal((20, 2)),
            pixels=rng.integers(0, 256, (20, 8, 8, 1), dtype=np.uint8),
            accepted=lambda grade: np.arange(20) < (2 if grade == Grade.CLEAN else 4),
        )
        for seed in (0, 1)
    ]


def test_judged_images_have_a_row_a_replicate(samples):
    for grade, share in ((Grade.CLEAN, "2 of 5"), (Grade.DAMAGED, "4 of 5")):
        figure = judged_images(samples, 5, grade)
        words = {text.get_text() for text in figure.findobj(Text)}
        assert {"tiny seed 0", "tiny seed 1"} <= words
        assert sum(share in word for word in words) == 1


def test_distances_of_draws_stand_beside_those_of_codes(samples):
    (axes, *_) = code_distances(samples, "normal").axes

    assert axes.get_xlim()[1] > 5
    assert axes.get_xlabel().startswith("Mahalanobis distance")
