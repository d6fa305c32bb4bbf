"""Likeness to originals and copies: clean, damaged, none."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from aelatent.audit import similarity_judge
from aelatent.audit.similarity_judge import (
    LIKENESS,
    PASSED,
    SimilarityJudge,
    blurred,
    calibrate,
    layout,
    sharpness,
)
from aelatent.judges.grade import Grade


def drawings(n, seed, side=32):
    """Draw a bright disc with a dark bar across it, here and there on a grey ground."""
    rng = np.random.default_rng(seed)
    down, across = np.mgrid[:side, :side]
    made = []
    for _ in range(n):
        y, x = rng.normal(side / 2, 1.5, 2)
        radius = rng.normal(side / 4, 1)
        image = np.full((side, side), 90.0)
        image[np.hypot(down - y, across - x) < radius] = 210 + rng.normal(0, 10)
        image[np.abs(down - y) < 2] -= 80
        made.append(image + rng.normal(0, 4, (side, side)))
    return np.clip(made, 0, 255).astype(np.uint8)[..., None]


def smoothed(pixels, width):
    smooth = gaussian_filter(pixels.astype(float), (0, width, width, 0))
    return np.rint(smooth).astype(np.uint8)


ORIGINALS, OTHERS, FRESH = (drawings(150, seed) for seed in range(3))


def judge(width):
    """Return the judge of a model that blurs its copies so much."""
    copies, others = smoothed(ORIGINALS, width), smoothed(OTHERS, width)
    return SimilarityJudge(calibrate(copies, others, ORIGINALS, OTHERS))


def shares(graded):
    return [float((graded.grades == grade).mean()) for grade in Grade]


@pytest.fixture(scope="module")
def fair():
    return judge(0.4)


@pytest.fixture(scope="module")
def soft():
    return judge(3.0)


def test_copies_of_a_fair_model_are_clean(fair):
    assert shares(fair.grade(smoothed(FRESH, 0.4)))[Grade.CLEAN] > 0.9


def test_copies_of_a_model_that_blurs_are_damaged(soft):
    _, damaged, clean = shares(soft.grade(smoothed(FRESH, 3.0)))
    assert clean < 0.02
    assert damaged > 0.9
    assert np.mean(soft.measures(smoothed(FRESH, 3.0))[LIKENESS] >= PASSED) > 0.9


def test_what_is_like_no_reference_is_none(fair):
    rng = np.random.default_rng(3)
    noise = rng.integers(0, 256, FRESH.shape, dtype=np.uint8)
    flat = np.full_like(FRESH, 120)
    for pixels in (noise, flat, FRESH[:, ::-1, ::-1][:, :, :16].repeat(2, axis=2)):
        assert shares(fair.grade(pixels))[Grade.CLEAN] < 0.1
    assert shares(fair.grade(noise))[Grade.NONE] > 0.9
    assert shares(fair.grade(flat))[Grade.NONE] > 0.9


def test_scores_and_grades_agree(fair):
    pixels = np.concatenate([FRESH, smoothed(FRESH, 0.4), blurred(FRESH)])
    graded = fair.grade(pixels)
    np.testing.assert_array_equal(graded.grades == Grade.CLEAN, graded.scores >= PASSED)
    np.testing.assert_array_equal(graded.grades, fair.grades(fair.measures(pixels)))


def test_without_originals_copies_are_the_measure():
    alone = SimilarityJudge(calibrate(smoothed(ORIGINALS, 0.4), smoothed(OTHERS, 0.4)))
    assert shares(alone.grade(smoothed(FRESH, 0.4)))[Grade.CLEAN] > 0.9
    assert shares(alone.grade(smoothed(FRESH, 2.0)))[Grade.CLEAN] < 0.1


def test_sharpness_tells_blur_from_low_contrast():
    faint = (FRESH // 4 + 90).astype(np.uint8)
    own, pale, soft = (np.median(sharpness(p)) for p in (FRESH, faint, blurred(FRESH)))
    assert pale == pytest.approx(own, rel=0.1)
    assert soft < 0.5 * own


def test_the_layout_knows_no_brightness_and_no_contrast():
    faint = (FRESH // 2 + 20).astype(np.uint8)
    assert np.abs(layout(faint) - layout(FRESH)).max() < 0.02
    assert np.all(np.isfinite(layout(np.zeros_like(FRESH))))


def test_few_references_are_refused():
    with pytest.raises(ValueError, match="expected 60 copies or more"):
        calibrate(ORIGINALS[:59], OTHERS)
    with pytest.raises(ValueError, match="expected 60 originals or more"):
        calibrate(ORIGINALS, OTHERS, ORIGINALS[:59], OTHERS)


def test_diversity_is_measured_in_colours_and_edges():
    wide = similarity_judge.features(FRESH[:3])
    assert wide.shape == (3, 16 * 16 + 8 * 8 * 4)
