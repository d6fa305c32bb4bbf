"""Arguments are checked by shape first, then for numbers that are not finite."""

import numpy as np
import pytest

from aelatent.statistics.validation import finite, matrix, vector, youden_index


@pytest.mark.parametrize(
    ("values", "limits", "message"),
    [
        ([1.0, 2.0], {}, r"expected codes of shape \(n, d >= 1\), received \(2,\)"),
        (np.zeros((3, 0)), {}, r"\(n, d >= 1\)"),
        (np.zeros((3, 2)), {"least": 4}, r"\(n >= 4, d >= 1\), received \(3, 2\)"),
        (np.zeros((3, 2)), {"d": 3}, r"\(n, 3\)"),
        (np.zeros((3, 2)), {"least_d": 3}, r"\(n, d >= 3\)"),
        ([[np.nan]], {}, "expected finite codes, received NaN or infinity"),
        ([[np.inf]], {"what": "points"}, "expected finite points"),
    ],
)
def test_a_matrix_that_does_not_fit_is_refused(values, limits, message):
    with pytest.raises(ValueError, match=message):
        matrix(values, **limits)


@pytest.mark.parametrize(
    ("values", "limits", "message"),
    [
        ([[1.0]], {}, r"expected values of shape \(n >= 1,\), received \(1, 1\)"),
        ([], {}, r"\(n >= 1,\)"),
        ([1.0], {"least": 2, "what": "radii"}, r"expected radii of shape \(n >= 2,\)"),
        ([1.0, -1.0], {"low": 0}, "expected values >= 0, received -1.0"),
        ([1.0, np.nan], {"low": 0}, "expected finite values"),
    ],
)
def test_a_vector_that_does_not_fit_is_refused(values, limits, message):
    with pytest.raises(ValueError, match=message):
        vector(values, **limits)


def test_what_fits_becomes_float64_and_is_not_copied():
    codes = np.ones((3, 2))

    assert matrix(codes, least=3, d=2) is codes
    assert matrix(codes.astype(np.float32)).dtype == np.float64
    assert vector([0, 1], low=0).tolist() == [0.0, 1.0]
    assert finite(codes) is codes


@pytest.mark.parametrize("rates", [(0.3, 0.4), (0.4, 0.4), (np.nan, 0.1)])
def test_a_judge_that_knows_nothing_is_refused(rates):
    with pytest.raises(ValueError, match="accepts meaningful images more often than others"):
        youden_index(*rates)
