"""Makers of images that show neither a face nor a digit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelatent.judges import nonimages

GREY, RGB = (28, 28, 1), (96, 96, 3)


@pytest.fixture
def photographs(rng):
    return rng.integers(60, 190, (6, 32, 32, 3)).astype(np.uint8)


@pytest.fixture
def bars():
    """Twelve drawings of three classes: an upright, a level, and a slanting bar."""
    upright, level = np.zeros((2, *GREY), np.uint8)
    upright[4:24, 12:16] = 255
    level[12:16, 4:24] = 255
    slanting = 255 * np.eye(28, dtype=np.uint8)[..., None]
    return np.tile(np.stack([upright, level, slanting]), (4, 1, 1, 1)), np.tile(np.arange(3), 4)


@pytest.mark.parametrize("shape", [GREY, RGB])
@pytest.mark.parametrize("make", [nonimages.pixel_noise, nonimages.strokes])
def test_makers_repeat_themselves_from_the_same_seed_only(make, shape):
    first, again, other = (make(3, shape, np.random.default_rng(seed)) for seed in (0, 0, 1))

    assert first.shape == (3, *shape)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_grey_strokes_have_the_ink_of_digits(rng):
    drawn = nonimages.strokes(50, GREY, rng) / 255

    assert drawn[:, 0].max() == 0
    assert 50 < np.median(drawn.sum(axis=(1, 2, 3))) < 200


def test_phase_scrambles_keep_the_amplitudes(photographs, rng):
    """Mid-grey originals of little contrast leave nothing to clip; rounding is all that is lost."""
    originals = (photographs // 8 + 110).astype(np.uint8)
    scrambled = nonimages.phase_scrambles(1, originals[:1], rng)

    assert (scrambled != originals[:1]).mean() > 0.5
    before, after = (np.abs(np.fft.fft2(p, axes=(1, 2))) for p in (originals[:1], scrambled))
    assert np.corrcoef(before.ravel()[3:], after.ravel()[3:])[0, 1] > 0.99


def test_both_digits_of_a_pair_stay_visible(bars, rng):
    pixels, labels = bars
    pairs = nonimages.overlaid_pairs(20, pixels, labels, rng)

    ink = pixels[:3].sum(axis=(1, 2, 3), dtype=float)
    sums = pairs.sum(axis=(1, 2, 3), dtype=float)
    assert np.isin(np.round(sums / 255), np.round(_unions(pixels[:3]) / 255)).all()
    assert (sums > ink.min()).all()


def test_a_digit_that_hides_in_another_makes_no_pair(rng):
    """A dot where two bars cross adds no ink to either; so only the cross remains."""
    pixels = np.zeros((3, *GREY), np.uint8)
    pixels[0, 4:24, 12:16] = 255
    pixels[1, 12:15, 12:16] = 255
    pixels[2, 12:16, 4:24] = 255

    pairs = nonimages.overlaid_pairs(10, pixels, np.arange(3), rng)

    np.testing.assert_array_equal(pairs, np.tile(pixels[[0]] | pixels[[2]], (10, 1, 1, 1)))


def test_digits_that_all_hide_in_each_other_make_no_pairs(rng):
    alike = np.full((2, *GREY), 255, np.uint8)

    with pytest.raises(ValueError, match="received 5 hidden pairs"):
        nonimages.overlaid_pairs(5, alike, np.arange(2), rng)


@pytest.mark.parametrize("make", [nonimages.overlaid_pairs, nonimages.double_exposures])
def test_pairs_need_two_labels(make, bars, rng):
    with pytest.raises(ValueError, match="expected two labels or more"):
        make(3, bars[0], np.zeros(12, np.int64), rng)


def test_double_exposures_are_means_of_different_people(rng):
    dark, light = np.full((4, *RGB), 11, np.uint8), np.full((4, *RGB), 250, np.uint8)
    people = np.repeat([5, 9], 4)

    exposures = nonimages.double_exposures(20, np.concatenate([dark, light]), people, rng)

    assert np.unique(exposures).tolist() == [131]


@given(seed=st.integers(0, 2**32 - 1))
def test_shuffled_tiles_keep_every_pixel(seed):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (1, 8, 16, 3), dtype=np.uint8)

    shuffled = nonimages.shuffled_tiles(1, pixels, rng)

    np.testing.assert_array_equal(_sorted_colours(shuffled), _sorted_colours(pixels))


def test_shuffled_tiles_keep_tiles_whole(rng):
    pixels = np.repeat(np.repeat(np.arange(16, dtype=np.uint8).reshape(4, 4), 2, 0), 2, 1)

    shuffled = nonimages.shuffled_tiles(5, pixels[None, ..., None], rng)[..., 0]

    np.testing.assert_array_equal(shuffled, shuffled[:, ::2, ::2].repeat(2, 1).repeat(2, 2))
    assert (shuffled != pixels).any()


def test_shuffled_tiles_leave_the_rest_of_odd_sides(rng):
    pixels = np.arange(30 * 29, dtype=np.float32).astype(np.uint8).reshape(1, 30, 29, 1)
    shuffled = nonimages.shuffled_tiles(1, pixels, rng)
    assert shuffled.shape == pixels.shape
    np.testing.assert_array_equal(shuffled[:, 28:], pixels[:, 28:])
    np.testing.assert_array_equal(shuffled[:, :, 28:], pixels[:, :, 28:])
    assert (shuffled[:, :28, :28] != pixels[:, :28, :28]).any()


def test_shuffled_tiles_need_four_pixels_a_side(rng):
    with pytest.raises(ValueError, match="expected sides of 4 pixels or more"):
        nonimages.shuffled_tiles(1, np.zeros((1, 3, 28, 1), np.uint8), rng)


def test_recasting_changes_size_and_channels_and_leaves_the_rest(photographs):
    assert nonimages.recast(photographs, GREY).shape == (6, *GREY)
    assert nonimages.recast(photographs[..., :1], RGB).shape == (6, *RGB)
    assert nonimages.recast(photographs, (32, 32, 3)) is photographs


def _unions(kinds):
    pairs = [(0, 1), (0, 2), (1, 2)]
    return np.array([np.maximum(kinds[i], kinds[j]).sum(dtype=float) for i, j in pairs])


def _sorted_colours(pixels):
    colours = pixels.reshape(-1, 3)
    return colours[np.lexsort(colours.T)]
