"""A statistic against surrogates of the same replicate."""

import numpy as np
import pytest

from aelatent.inference.contrasts import contrast
from aelatent.inference.estimates import InsufficientEvidence


def noise(item, rng):
    return item + rng.standard_normal()


def test_scales_say_the_same_in_other_units():
    units, rng = [10.0, 12.0, 11.0], np.random.default_rng
    null = lambda _, rng: 5.0 + 0.1 * rng.standard_normal()  # noqa: E731

    difference, ratio, score = (
        contrast(float, units, null, rng(0), 99, scale)
        for scale in ("difference", "ratio", "score")
    )

    assert difference.effect == pytest.approx(6.0, abs=0.1)
    assert ratio.effect == pytest.approx(11 / 5, abs=0.02)
    assert score.effect == pytest.approx(60, rel=0.3)
    assert difference.null.shape == (3 * 99,)
    assert {e.surrogate_pvalues for e in (difference, ratio, score)} == {(1 / 100, 1.0)}


def test_the_pvalue_is_uniform_where_the_null_holds():
    """Rejections at 5 % stay near 5 % over two hundred runs."""
    rng = np.random.default_rng(1)
    pvalues = [
        contrast(lambda v: v, rng.standard_normal(3), lambda _, r: r.standard_normal(), rng, 39)
        for _ in range(200)
    ]
    rejected = np.mean([evidence.surrogate_pvalues[0] <= 0.05 for evidence in pvalues])

    assert 0.01 <= rejected <= 0.10


def test_ties_count_against_the_claim():
    """Surrogates that equal what was observed, but for a lower one in the first place."""
    lower = iter([0.5, 1.0, 1.0, 1.5, 2.0, 2.0])

    evidence = contrast(float, [1.0, 2.0], lambda *_: next(lower), np.random.default_rng(0), 3)

    assert evidence.surrogate_pvalues == (3 / 4, 1.0)


def test_ties_but_for_rounding_count_against_the_claim():
    """Shuffling codes changes no sum of squares, though its last digits."""
    rng = np.random.default_rng(0)
    clouds = [rng.standard_normal((50, 4)) for _ in range(5)]
    shuffled = lambda codes, rng: rng.permuted(codes, axis=0)  # noqa: E731

    for scale in ("difference", "ratio"):
        evidence = contrast(
            lambda z: float((z**2).sum()),
            clouds,
            shuffled,
            rng,
            19,
            scale,
            images=lambda _: (0.1,),
        )

        assert evidence.surrogate_pvalues == (1, 1)


def test_what_subtraction_leaves_of_equal_numbers_is_no_spread():
    """Shuffled codes have the sum of squares of the codes, but for rounding."""
    rng = np.random.default_rng(0)
    clouds = [rng.standard_normal((50, 4)) for _ in range(5)]

    with pytest.raises(InsufficientEvidence, match="differ or have an error"):
        contrast(
            lambda z: float((z**2).sum()),
            clouds,
            lambda z, rng: rng.permuted(z, axis=0),
            rng,
            19,
        )


def test_surrogates_without_spread_give_no_score():
    with pytest.raises(InsufficientEvidence, match="allow a score"):
        contrast(float, [1.0, 2.0], lambda *_: 5.0, np.random.default_rng(0), 3, scale="score")


def test_without_replicates_there_is_no_evidence():
    with pytest.raises(InsufficientEvidence, match="expected two replicates or more"):
        contrast(float, [], noise, np.random.default_rng(0), 3)


def test_one_surrogate_is_too_few():
    with pytest.raises(ValueError, match="two surrogates"):
        contrast(float, [1.0, 2.0], noise, np.random.default_rng(0), 1)
