"""What is recommended, on models of which the answer is known."""

import numpy as np
import pytest

from aelatent.audit.measuring import measure
from aelatent.audit.recommendation import Row, recommend
from aelatent.audit.subject import read


def row(name="law", hits=1.0, recall=1.0, coverage=1.0):
    one = (1.0, (1.0, 1.0))
    return Row(
        name, None, (hits, (hits - 0.02, hits + 0.02)), one, one, (recall, (recall, recall)), one,
        (coverage, (coverage, coverage)),
    )  # fmt: skip


def test_the_worth_sees_through_one_sided_draws():
    codes = row()
    assert row(hits=1.0, recall=0.02, coverage=0.97).against(codes).worth < 0.05
    assert row(hits=0.1, recall=0.9, coverage=0.9).against(codes).worth < 0.2
    assert row(hits=0.9, recall=0.9, coverage=0.9).against(codes).worth == pytest.approx(0.9)
    assert row(hits=0.0, recall=0.0, coverage=0.0).against(codes).worth == 0


def test_a_linear_code_of_digits_is_drawn_from_its_own_law(describe):
    found = recommend(measure(read(describe())), np.random.default_rng(0))
    names = [law.name for law in found.rows]
    assert names.index("Gaussian with the codes' mean and covariance") < names.index("N(0, I)")
    assert found.best.worth > 0.5
    assert found.reference.hits[0] > 0.9
    assert all(low <= value <= high for value, (low, high) in (r.hits for r in found.rows))
    assert found.advice[0].startswith("Draw from this law")


def test_a_standard_normal_cloud_does_not_refuse_its_prior(describe, home):
    rng = np.random.default_rng(0)
    np.save(home / "codes.npy", rng.normal(size=(1500, 16)))
    only = {"encoder": None, "images": None, "codes": "codes.npy"}
    found = recommend(measure(read(describe(**only))), rng)
    assert not any(line.startswith("Do not draw from N(0, I)") for line in found.advice)


def test_a_shifted_cloud_refuses_its_prior(describe, home):
    rng = np.random.default_rng(0)
    np.save(home / "codes.npy", rng.normal(3.0, 0.2, size=(1500, 16)))
    only = {"encoder": None, "images": None, "codes": "codes.npy"}
    found = recommend(measure(read(describe(**only))), rng)
    assert any(line.startswith("Do not draw from N(0, I): 0 %") for line in found.advice)
