"""Every statistic that has a public reference agrees with it, to the precision that it states."""

import numpy as np
import pytest

# Imported for what they register.
from . import inferences, judgements, laws, linear, neighbours  # noqa: F401
from .register import CASES


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", CASES)
def test_a_statistic_agrees_with_its_reference(name, seed):
    case = CASES[name]
    found, expected = case.compare(np.random.default_rng(seed))

    np.testing.assert_allclose(
        np.asarray(found, np.float64),
        np.asarray(expected, np.float64),
        rtol=case.precision,
        atol=case.precision,
    )
