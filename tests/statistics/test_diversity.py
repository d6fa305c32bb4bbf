"""How varied draws are: known answers on small sets of points."""

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist, pdist

from aelatent.statistics.diversity import (
    Distances,
    Scores,
    coverage,
    density,
    mean_distance,
    precision,
    recall,
    relative_diversity,
    scores,
)

LINE = np.arange(6.0)[:, None]
SCORES = pytest.mark.parametrize("score", [precision, recall, density, coverage])


def rng():
    return np.random.default_rng(7)


def normal(n, d, seed):
    return np.random.default_rng(seed).standard_normal((n, d))


@settings(deadline=None)
@given(st.integers(0, 99), st.sampled_from([1e-3, 1.0, 1e3]), st.floats(-10, 10))
def test_the_mean_distance_is_that_over_all_pairs(seed, scale, shift):
    items = normal(20, 4, seed)

    assert mean_distance(scale * (items + shift), rng()).value == pytest.approx(
        scale * pdist(items).mean()
    )


def test_images_are_compared_pixel_by_pixel():
    images = np.zeros((3, 2, 2, 1), np.uint8)
    images[2] = 255

    assert mean_distance(images, rng()).value == pytest.approx(2 / 3 * 510)


def test_equal_items_have_no_diversity():
    assert mean_distance(np.full((5, 3), 0.1), rng()).value == 0.0
    assert relative_diversity(np.full((5, 3), 0.1), normal(5, 3, 0), rng()).value == 0.0


def test_of_many_items_a_random_selection_is_taken():
    items = normal(3000, 5, 0)

    assert mean_distance(items, rng()).value == pytest.approx(
        mean_distance(items, rng(), most=3000).value, rel=0.02
    )


def test_the_error_is_the_scatter_of_the_mean_distance():
    estimates = [mean_distance(normal(60, 3, seed), rng()) for seed in range(300)]
    scatter = np.std([estimate.value for estimate in estimates])

    assert np.mean([estimate.error for estimate in estimates]) == pytest.approx(scatter, rel=0.15)


def test_shrunken_draws_are_less_diverse():
    ratio = relative_diversity(normal(300, 8, 0) / 2, normal(300, 8, 1), rng())

    assert ratio.value == pytest.approx(0.5, abs=4 * ratio.error)
    assert 0 < ratio.error < 0.02


def test_references_that_are_equal_measure_nothing():
    with pytest.raises(ValueError, match="references that differ"):
        relative_diversity(normal(5, 2, 0), np.ones((5, 2)), rng())


@SCORES
@pytest.mark.parametrize(
    ("draws", "known"),
    [
        (LINE + 100, {}),
        (LINE, {"precision": 1, "recall": 1, "density": 8 / 6 / 2, "coverage": 1}),
        (np.full((4, 1), 2.5), {"precision": 1, "density": 2 / 2, "coverage": 2 / 6}),
        (100 * LINE, {"precision": 1 / 6, "recall": 1, "density": 1 / 6 / 2, "coverage": 1 / 6}),
    ],
    ids=["elsewhere", "equal", "collapsed", "stretched"],
)
def test_six_points_on_a_line_have_known_scores(score, draws, known):
    """References 0 to 5 and k = 2: balls of radius 1, at either end 2, without their border.

    So 2.5 lies in the balls of 2 and 3, 1 in those of 0 and 1, and 0 in its own alone.
    """
    assert score(LINE, draws, k=2) == pytest.approx(known.get(score.__name__, 0.0))


@pytest.mark.parametrize("law", ["normal", "lattice", "collapsed"])
def test_scores_are_those_of_all_distances(law):
    """On a lattice most distances are ties, and a ball does not hold its border."""
    rng, k = np.random.default_rng(0), 4
    a, b = (
        {
            "normal": rng.standard_normal((n, 5)),
            "lattice": rng.integers(0, 4, (n, 5)).astype(float),
            "collapsed": np.repeat(rng.standard_normal((1, 5)), n, axis=0),
        }[law]
        for n in (150, 90)
    )
    held, back = (cdist(x, y) < np.sort(cdist(x, x), axis=1)[:, [k]] for x, y in ((a, b), (b, a)))

    assert scores(a, b, k) == Scores(
        precision=held.any(axis=0).mean(),
        recall=back.any(axis=0).mean(),
        density=held.sum() / 90 / k,
        coverage=held.any(axis=1).mean(),
    )


def test_scores_are_the_four_scores():
    a, b = normal(60, 3, 0), normal(50, 3, 1) + 0.5

    assert astuple(scores(a, b)) == tuple(f(a, b) for f in (precision, recall, density, coverage))


def test_recall_is_precision_the_other_way_round():
    a, b = normal(40, 3, 0), normal(50, 3, 1) + 1

    assert recall(a, b) == precision(b, a)


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(st.integers(0, 99), st.sampled_from([1e-3, 1e3]))
def test_scores_ignore_scale_and_shift(seed, scale):
    a, b = normal(30, 3, seed), normal(40, 3, seed + 1) + 0.5

    for score in (precision, recall, density, coverage):
        assert score(scale * (a + 1), scale * (b + 1)) == pytest.approx(score(a, b))


def test_draws_from_the_law_of_the_references_score_as_expected():
    n, k = 400, 5
    scores = np.mean(
        [
            [density(a, b, k), coverage(a, b, k)]
            for a, b in ((normal(n, 8, i), normal(n, 8, 1000 + i)) for i in range(20))
        ],
        axis=0,
    )
    steps = np.arange(1, k + 1)

    assert scores == pytest.approx([1.0, 1 - np.prod((n - steps) / (2 * n - steps))], abs=0.02)


def test_an_outlier_raises_precision_more_than_density():
    """One reference far off gets a ball that swallows draws which resemble no reference."""
    references = np.vstack([normal(100, 2, 0), [[60.0, 0.0]]])
    draws = normal(100, 2, 1) + np.array([30.0, 0.0])

    assert precision(references, draws) > 0.9
    assert density(references, draws) < 0.25


@SCORES
@pytest.mark.parametrize(
    ("references", "draws", "k"),
    [
        (LINE[:2], LINE[:2], 2),
        (LINE, np.zeros((0, 1)), 2),
        (LINE, np.full((6, 1), np.nan), 2),
        (LINE, np.zeros((6, 2)), 2),
        (LINE, np.zeros(6), 2),
        (LINE, LINE, 0),
    ],
    ids=["too few", "no draw", "NaN", "other size", "vector", "k=0"],
)
def test_what_has_no_neighbours_is_refused(score, references, draws, k):
    with pytest.raises(ValueError, match="expected"):
        score(references, draws, k)


def test_recall_needs_more_draws_than_neighbours():
    with pytest.raises(ValueError, match="expected 6 items or more"):
        scores(normal(20, 2, 0), normal(5, 2, 1))


@pytest.mark.parametrize("items", [np.zeros((2, 3)), np.zeros(5), np.full((5, 2), np.inf)])
def test_items_without_a_mean_distance_are_refused(items):
    with pytest.raises(ValueError, match="expected"):
        mean_distance(items, rng())


@SCORES
@pytest.mark.parametrize(("n", "d"), [(60, 2), (300, 256), (60, 256)], ids=["d=2", "d=256", "n<d"])
def test_clouds_of_every_shape_have_scores(score, n, d):
    assert 0 <= score(normal(n, d, 0), normal(n, d, 1)) < 3


@SCORES
def test_distances_measured_once_give_the_same_measures(score):
    known, drawn = normal(30, 3, 1), normal(25, 3, 2)
    found = Distances.of(known, drawn)

    assert getattr(found, score.__name__)() == score(known, drawn)
    part = found.part(np.arange(20), np.arange(10))
    assert getattr(part, score.__name__)() == score(known[:20], drawn[:10])


def test_remoteness_is_one_within_a_law_and_grows_with_distance():
    known = normal(400, 3, 1)

    assert Distances.of(known, known).remoteness() < 1
    assert Distances.of(known, normal(400, 3, 2)).remoteness() == pytest.approx(1, abs=0.1)
    assert Distances.of(known, normal(400, 3, 2) + 9).remoteness() > 5


@pytest.mark.parametrize(
    ("kinds", "draws", "least", "most"),
    [(20, 200, 0.15, 0.25), (60, 200, 0.0, 0.12), (60, 1200, 0.14, 0.22), (120, 200, -0.05, 0.05)],
)
def test_recall_sees_lost_kinds_if_there_are_ten_draws_of_each(kinds, draws, least, most):
    """A fifth of the kinds is never drawn; balls of few draws reach from kind to kind."""
    rng = np.random.default_rng(0)

    def sample(of, n):
        return of[rng.integers(0, len(of), n)] + rng.normal(0, 2, (n, 4))

    losses = []
    for _ in range(8):
        centres = rng.permutation(4 * kinds).reshape(kinds, 4) * 2.0
        references = sample(centres, 120)
        found = [recall(references, sample(centres[:n], draws)) for n in (kinds, 4 * kinds // 5)]
        losses.append(found[0] - found[1])

    assert least < np.mean(losses) < most


@pytest.mark.parametrize("side", [4, 40])
@pytest.mark.parametrize("kind", ["different", "equal", "near"])
def test_images_score_as_the_same_numbers_do(side, kind):
    """Pixels take a way of their own, in which ties stay ties."""
    draws = rng().integers(0, 256, (30, side, side, 1), dtype=np.uint8)
    references = rng().integers(0, 3, (20, side, side, 1), dtype=np.uint8) * 100
    if kind == "equal":
        draws[:] = draws[0]
    if kind == "near":
        draws[:20] = references // 2 + draws[:20] // 2

    assert scores(references, draws) == scores(references.astype(float), draws.astype(float))
    assert recall(references, draws) == recall(references.astype(float), draws.astype(float))


def test_distances_of_pixels_are_those_of_numbers():
    references, draws = (rng().integers(0, 256, (n, 9, 9, 3), dtype=np.uint8) for n in (8, 12))
    expected = Distances.of(references, draws)

    found = Distances.of_pixels(references, draws)
    again = Distances.of_pixels(references, draws, found.references)

    for name in ("references", "between", "draws"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
        np.testing.assert_array_equal(getattr(again, name), getattr(expected, name))
