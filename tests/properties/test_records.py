"""Records and arrays come back as they were from everything that carries them."""

import dataclasses
import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from aelatent.inference.estimates import Estimate, estimate, fact
from aelatent.inference.record import Record
from aelatent.inference.rules import Above, Below, Between, Equals, Near, verdict
from aelatent.plugin.result_cache import CachedResult
from aelatent.runtime.arrays import pack, unpack

finite = st.floats(allow_nan=False, allow_infinity=False)
margins = st.floats(0.01, 100)
measured = st.lists(
    st.builds(Estimate, st.floats(-1e6, 1e6), st.floats(1e-6, 1e3)), min_size=2, max_size=6
).map(lambda values: estimate(lambda estimate: estimate, values, "share"))
parts = st.one_of(
    st.tuples(
        measured,
        st.one_of(
            st.builds(Above, finite),
            st.builds(Below, finite),
            st.builds(Near, margins, st.floats(1.01, 9)),
            st.tuples(margins, margins).map(lambda ends: Between(-ends[0], ends[1])),
        ),
    ),
    st.tuples(st.builds(fact, st.floats(-1e6, 1e6)), st.builds(Equals, finite, margins)),
)


@st.composite
def records(draw):
    """A claim with a verdict of one to three parts, and any text around it."""
    record = Record(
        **{name: draw(st.text()) for name in ("id", "name", "title", "source", "model")},
        outcome="error",
        expected=draw(st.text()),
        message=draw(st.text()),
        source_value=draw(st.none() | finite),
        sections=draw(st.dictionaries(st.text(), st.text(), max_size=3)),
    )
    pieces, rules = zip(*draw(st.lists(parts, min_size=1, max_size=3)), strict=True)
    record.include(verdict(pieces, rules))
    return record


def plain(record):
    """Return a record with tuples as lists, which is all that JSON changes."""
    return json.loads(json.dumps(dataclasses.asdict(record)))


@given(records())
def test_a_record_travels_between_processes(record):
    """As the plugin sends it from a worker, and the collector takes it out."""
    arrived = Record(**json.loads(json.dumps(dataclasses.asdict(record))))

    assert plain(arrived) == plain(record)
    assert tuple(arrived.interval) == record.interval
    assert arrived.finding() == record.finding()


@given(records())
def test_a_record_is_made_of_plain_types(record):
    def check(value):
        match value:
            case dict():
                for inner in value.values():
                    check(inner)
            case list() | tuple():
                for inner in value:
                    check(inner)
            case _:
                assert type(value) in (str, int, float, bool, type(None))

    check(dataclasses.asdict(record))


pictures = st.dictionaries(
    st.from_regex(r"figures/[a-z]{1,9}\.(svg|webp)", fullmatch=True), st.binary(), max_size=3
)


@given(records(), pictures)
def test_a_result_is_cached_with_its_figures(record, figures):
    cached = CachedResult.unpack(CachedResult(record, figures).pack())

    assert plain(cached.record) == plain(record)
    assert cached.figures == figures


arrays = stn.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, np.uint8, np.bool_]),
    stn.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,3}", fullmatch=True), arrays, max_size=3))
def test_stored_arrays_come_back_and_equal_ones_give_equal_bytes(stored):
    content = pack(stored)
    found = unpack(content, "test")

    assert content == pack(stored)
    assert found.keys() == stored.keys()
    for name, values in stored.items():
        assert (found[name].dtype, found[name].shape) == (values.dtype, values.shape)
        np.testing.assert_array_equal(found[name], values)
