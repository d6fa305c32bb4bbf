import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelatent.data import DataError
from aelatent.data.split import HELD_OUT_SHARE, position, training_part

keys = st.lists(st.text(max_size=5), min_size=2, max_size=40).filter(lambda k: len(set(k)) > 1)


@given(keys)
def test_both_sides_are_occupied(keys):
    assert 0 < training_part(keys, "keys").sum() < len(keys)


def test_an_empty_side_gets_the_key_nearest_to_the_threshold():
    low, high = ["anchor 0", "anchor 2"], ["anchor 1", "anchor 3"]
    assert training_part(low, "all below it").tolist() == [False, True]
    assert training_part(high, "all above it").tolist() == [False, True]


@given(keys)
def test_a_key_lies_on_one_side(keys):
    train = training_part(keys, "keys")
    sides = {(key, bool(side)) for key, side in zip(keys, train, strict=True)}
    assert len(sides) == len(set(keys))


@given(keys, st.randoms(use_true_random=False))
def test_order_moves_no_image(keys, random):
    order = list(range(len(keys)))
    random.shuffle(order)
    shuffled = training_part([keys[i] for i in order], "keys")
    assert np.array_equal(shuffled, training_part(keys, "keys")[order])


@given(keys)
def test_repeating_the_split_gives_the_same(keys):
    assert np.array_equal(training_part(keys, "keys"), training_part(list(keys), "keys"))


@given(st.text(), st.lists(st.text(), max_size=20))
def test_additions_move_no_image_of_a_set_with_a_natural_split(key, more):
    anchors = ["anchor 0", "anchor 1"]  # one on either side of the threshold
    small = training_part([*anchors, key], "keys")
    assert np.array_equal(training_part([*anchors, key, *more], "keys")[:3], small)


def test_the_anchors_lie_on_either_side():
    sides = [position(key) < HELD_OUT_SHARE for key in ("anchor 0", "anchor 1")]
    assert sorted(sides) == [False, True]


def test_about_a_fifth_is_held_out():
    train = training_part([str(i) for i in range(10_000)], "numbers")
    assert train.mean() == pytest.approx(0.8, abs=0.015)


@pytest.mark.parametrize("keys", [[], ["alone"], ["twin", "twin"]])
def test_fewer_than_two_groups_cannot_be_split(keys):
    with pytest.raises(DataError, match=r"my folder: expected two or more different .* received"):
        training_part(keys, "my folder")
