"""Every statistic that has a public reference agrees with it, to the precision that it states."""

import numpy as np
import pytest

from .register import CASES
from .table import DOCUMENT, WITHOUT, document


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


def test_the_document_has_the_table():
    """`python -m tests.parity.table` writes it anew."""
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_what_is_said_to_have_no_reference_has_none():
    assert not CASES.keys() & WITHOUT.keys()
