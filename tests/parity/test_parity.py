"""Every statistic that has a public reference agrees with it, to the precision that it states."""

import numpy as np
import pytest

from .register import CASES
from .table import DOCUMENT, WITHOUT, document


@pytest.mark.parametrize("seeds", [[0], pytest.param([1, 2], marks=pytest.mark.slow)], ids=str)
@pytest.mark.parametrize("name", CASES)
def test_a_statistic_agrees_with_its_reference(name, seeds):
    case = CASES[name]
    for seed in seeds:
        found, expected = case.compare(np.random.default_rng(seed))

        np.testing.assert_allclose(
            np.asarray(found, np.float64),
            np.asarray(expected, np.float64),
            rtol=case.precision,
            atol=case.precision,
            err_msg=f"seed {seed}",
        )


def test_the_document_has_the_table():
    """`python -m tests.parity.table` writes it anew."""
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_what_is_said_to_have_no_reference_has_none():
    assert not CASES.keys() & WITHOUT.keys()
