"""Statistics keep what they promise, on codes of several laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aelatent.inference.estimates import Estimate

from . import promises  # noqa: F401 (imported for what it registers)
from .register import MAPS, PROPERTIES, samples

EACH = pytest.mark.parametrize("name", PROPERTIES)
FEW = settings(max_examples=settings.default.max_examples // 5)
seeds = st.integers(0, 2**32 - 1)


def measured(case, sample):
    found = case.measure(sample)
    if isinstance(found, Estimate):  # what each image adds comes in the order of the images
        found = (found.value, found.error, found.shared, found.standard_error)
    return np.asarray(found, np.float64)


@EACH
@FEW
@given(st.data(), seeds)
def test_a_statistic_ignores_what_it_promises_to_ignore(name, data, seed):
    case = PROPERTIES[name]
    sample = data.draw(samples(case.d))
    before = measured(case, sample)

    for change in case.unchanged:
        after = measured(case, MAPS[change](sample, np.random.default_rng(seed)))
        np.testing.assert_allclose(after, before, rtol=case.off, atol=case.off, err_msg=change)


@EACH
@FEW
@given(st.data(), st.floats(-3, 3))
def test_a_statistic_keeps_within_its_bounds_and_follows_a_scale(name, data, power):
    case = PROPERTIES[name]
    sample = data.draw(samples(case.d))
    values = measured(case, sample)

    assert not np.isnan(values).any()
    assert (values >= case.low - 1e-9).all()
    assert (values <= case.high + 1e-9).all()
    if case.degree is not None:
        scaled = measured(case, type(sample)(10**power * sample.codes, sample.labels))
        np.testing.assert_allclose(
            scaled / 10 ** (power * case.degree), values, rtol=case.off, atol=case.off
        )
