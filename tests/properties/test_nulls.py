"""Nulls and samplers go along with maps of the codes, and keep exactly what they promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aelatent.samplers.ladder import LADDER

from .nulls import NULLS, SAMPLERS
from .register import MAPS, Sample, samples

DRAWS = NULLS | SAMPLERS
FEW = settings(max_examples=settings.default.max_examples // 5)
seeds = st.integers(0, 2**32 - 1)


def mapped(change, codes, seed):
    labels = np.zeros(len(codes), int)
    return MAPS[change](Sample(codes, labels), np.random.default_rng(seed)).codes


@pytest.mark.parametrize("name", DRAWS)
@FEW
@given(st.data(), seeds, seeds)
def test_what_is_drawn_goes_along_with_the_codes(name, data, seed, draw):
    case = DRAWS[name]
    codes = data.draw(samples(case.d)).codes
    drawn = case.draw(codes, np.random.default_rng(draw))

    for change in (*case.commutes, *case.blind):
        after = case.draw(mapped(change, codes, seed), np.random.default_rng(draw))
        expected = mapped(change, drawn, seed) if change in case.commutes else drawn
        # Codes far from the origin round by what they are.
        size = np.abs(expected).max()
        np.testing.assert_allclose(after, expected, rtol=1e-6, atol=1e-6 * size, err_msg=change)


@pytest.mark.parametrize("name", [name for name, case in NULLS.items() if case.keeps])
@FEW
@given(st.data(), seeds)
def test_a_null_keeps_exactly_what_it_promises(name, data, seed):
    case = NULLS[name]
    codes = data.draw(samples(case.d)).codes
    kept, size = case.keeps(codes), np.square(codes).max()

    drawn = case.draw(codes, np.random.default_rng(seed))
    np.testing.assert_allclose(case.keeps(drawn), kept, rtol=1e-9, atol=1e-9 * size)
    assert np.abs(drawn - codes).max() > 1e-6 * np.sqrt(size)


def test_every_rung_of_the_ladder_is_here():
    assert SAMPLERS.keys() == LADDER.keys()
