"""Classes of labelled codes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelatent.statistics.classes import areas, entropy, explained, purity, unevenness


@pytest.fixture
def labelled(rng):
    """Three classes of 100 codes in the plane, of sizes 1, 2 and 3, ten apart."""
    labels = np.repeat([0, 1, 2], 100)
    codes = rng.standard_normal((300, 2)) * (1 + labels)[:, None] + 20 * labels[:, None]
    return codes, labels


def test_classes_that_lie_apart_are_pure(labelled):
    assert purity(*labelled) == pytest.approx(np.ones(3), abs=0.02)


def test_shuffled_labels_are_as_pure_as_they_are_frequent(labelled, rng):
    codes, labels = labelled

    assert purity(codes, rng.permutation(labels)) == pytest.approx(np.full(3, 1 / 3), abs=0.06)


def test_areas_grow_with_the_square_of_the_scale(labelled):
    codes, labels = labelled

    assert areas(codes, labels) == pytest.approx([1, 4, 9], rel=0.3)
    assert areas(3 * codes + 5, labels) == pytest.approx(9 * areas(codes, labels))


def test_the_share_between_classes_matches_anova(labelled):
    """Against the sums of squares about the means, written out."""
    codes, labels = labelled
    means = np.array([codes[labels == label].mean(axis=0) for label in range(3)])
    between = 100 * np.square(means - codes.mean(axis=0)).sum()

    assert explained(codes, labels) == pytest.approx(
        between / np.square(codes - codes.mean(axis=0)).sum()
    )


@given(st.lists(st.integers(0, 4), min_size=1))
def test_entropy_lies_between_none_and_all(labels):
    assert -1e-12 <= entropy(labels, 5) <= 1 + 1e-12


@pytest.mark.parametrize("seed", range(9))
def test_flat_classes_have_no_area(seed):
    """Rounding gives their covariance a determinant on either side of 0."""
    rng = np.random.default_rng(seed)
    line = np.outer(rng.standard_normal(20), rng.standard_normal(3))

    assert areas(line, [0] * 20) == pytest.approx([0.0], abs=1e-7)


def test_equal_sizes_are_even():
    assert unevenness([2.0, 2.0]) == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: purity([[0.0]], [0]), "more than 10"),
        (lambda: purity([[0.0]], [0, 1]), "with n labels"),
        (lambda: areas([[0.0, 1.0]], [0]), "more codes than dimensions"),
        (lambda: purity([[np.nan], [1.0]], [0, 1], k=1), "finite codes"),
        (lambda: areas([[np.inf], [1.0]], [0, 0]), "finite codes"),
        (lambda: explained([[1.0], [1.0]], [0, 1]), "codes that differ"),
        (lambda: explained([[np.nan], [1.0], [2.0]], [0, 0, 1]), "finite codes"),
        (lambda: explained([[0.0], [1.0], [2.0]], [0.2, 0.9, 1.0]), "labels that are integers"),
        (lambda: entropy([0.2, 0.9], 2), "labels that are integers"),
        (lambda: entropy([-1], 3), "none that counts"),
        (lambda: entropy([0, 0], 1), "two labels or more"),
        (lambda: unevenness([]), r"sizes of shape \(n >= 1,\)"),
        (lambda: unevenness([0.0, 0.0]), "not all of them 0"),
        (lambda: unevenness([1.0, -2.0]), "sizes >= 0"),
    ],
)
def test_what_cannot_be_measured_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
