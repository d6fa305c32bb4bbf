"""The errors of a record's parts are those of its evidence, whether it holds them or not."""

import json
import math
from dataclasses import fields

import numpy as np
import pytest

from aelatent.inference.estimates import Estimate, estimate, fact, independent_images
from aelatent.inference.intervals import EXACT, Errors, KindError
from aelatent.inference.record import Record
from aelatent.inference.recorded_errors import errors_of, part_of, parts_of
from aelatent.inference.rules import Above, Between, verdict

VALUES = [0.5, 0.6, 0.78]


def recorded(evidence, rule, *, old=False):
    """Return the parts of a record; an old one does not hold errors."""
    record = Record("B-08", "", "", "", "", "", "")
    record.include(verdict(evidence, rule))
    for part in record.parts:
        if old:
            del part["errors"]
    return record.parts


def measured(shared=0.0, error=0.0, **more):
    """Measure three trainings."""
    return estimate(lambda v: Estimate(v, error, shared, **more), VALUES)


def test_a_record_holds_the_errors_of_its_evidence():
    evidence = measured(shared=0.1, kind=KindError(0.1, 3, 0.2, -1.0))
    (part,) = recorded(evidence, Above(0.4))

    assert errors_of(part, (0.4, math.inf)) == evidence.errors


def test_numbers_of_numpy_are_stored_as_plain_ones():
    kind = KindError(np.float32(0.5), np.int64(3), np.float64(1.0))
    errors = Errors(np.float64(0.25), np.int64(2), np.float32(0.5), kind, (0, math.inf))

    stored = json.loads(json.dumps(errors.stored()))

    assert stored.keys() == {field.name for field in fields(Errors)}
    assert stored["kind"].keys() == {field.name for field in fields(KindError)}
    assert Errors.of(stored) == errors


def test_bounds_are_kept_where_they_are_infinite():
    evidence = estimate(float, VALUES, bounds=(0, math.inf))
    (part,) = recorded(evidence, Above(0.4))

    assert part["errors"]["bounds"] == [0, None]
    assert errors_of(part, (0.4, math.inf)).bounds == (0, math.inf)


def test_a_record_tells_parts_of_one_training_from_trainings():
    with independent_images():
        evidence = measured()
    (part,) = recorded(evidence, Above(0.4))

    assert errors_of(part, (0.4, math.inf)).of_images


@pytest.mark.parametrize("old", [True, False])
def test_a_fact_has_no_error(old):
    (part,) = recorded(fact(0.7), Above(0.4), old=old)

    assert errors_of(part, (0.4, math.inf)) == EXACT


@pytest.mark.parametrize(("shared", "error"), [(0.0, 0.0), (0.1, 0.0), (0.0, 0.4), (0.1, 0.4)])
@pytest.mark.parametrize("rule", [Above(0.4), Above(0.75), Between(0.5, 0.9)])
def test_interval_and_pvalue_give_the_errors_of_old_records(rule, shared, error):
    evidence = measured(shared=shared, error=error)

    (part,) = recorded(evidence, rule, old=True)
    found = errors_of(part, rule.limits)

    assert found.own == pytest.approx(evidence.errors.own, rel=0.01)
    assert found.shared == pytest.approx(evidence.errors.shared, rel=0.02, abs=0.002)


def test_the_wide_interval_gives_them_for_one_of_several_parts():
    evidence = measured(shared=0.1, error=0.4)
    rules = [Above(0.64), Above(0.64)]

    first, _ = parts_of(recorded([evidence, evidence], rules, old=True))

    assert first.parts == 2
    assert first.errors.own == pytest.approx(evidence.errors.own, rel=0.01)
    assert first.errors.shared == pytest.approx(0.1, rel=0.02)


@pytest.mark.parametrize("bounds", [(0, 1), (0, math.inf)])
def test_uneven_intervals_show_their_bounds(bounds):
    evidence = estimate(float, [0.1, 0.2, 0.24], bounds=bounds)

    (part,) = recorded(evidence, Above(0.3), old=True)
    found = errors_of(part, (0.3, math.inf))

    assert found.bounds == bounds
    assert found.shared == 0
    assert found.interval(evidence.effect, 0.025) == pytest.approx(evidence.interval, rel=1e-3)


def test_a_rule_without_limits_has_no_precision():
    assert part_of({"limits": None, "effect": 1.0, "interval": [0.5, 1.5]}) is None


def test_an_interval_that_ends_at_its_mean_is_taken_from_its_other_half():
    part = {"effect": 0.0, "interval": [0.0, 0.2], "limits": [-0.1, None]}

    found = part_of({**part, "per_replicate": [-0.02, 0.0, 0.02], "outcome": "supported"})

    assert found.errors.total > 0


@pytest.mark.parametrize("pvalue", [0.0, 1e-300, 1.0])
def test_extreme_pvalues_break_nothing(pvalue):
    part = {"effect": 0.5, "interval": [0.4, 0.6], "limits": [0.5, None], "pvalue": pvalue}

    assert part_of({**part, "per_replicate": [0.5, 0.5, 0.5]}).errors.shared > 0
