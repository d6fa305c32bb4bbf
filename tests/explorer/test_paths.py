"""Paths lead where their titles say, and show no photograph of a person."""

import numpy as np
import pytest

from aelatent.explorer.paths import PAIRS, STEPS, latent_paths
from aelatent.latent import interpolation
from aelatent.latent.cloud import LatentCloud

from .samples import cloud

TRAIN, HELD_OUT = cloud(200, 4, 0), cloud(150, 4, 1)
CLASS_NAMES = tuple("0123456789")


def found(*, shown=True, class_names=CLASS_NAMES, held_out=HELD_OUT):
    return latent_paths(TRAIN, held_out, np.random.default_rng(0), class_names, shown=shown)


def test_every_path_has_as_many_points():
    assert {way.codes.shape for way in found()} == {(STEPS, 4)}
    assert len(found()) == 3 + 2 * PAIRS


def test_the_first_path_leads_from_the_origin_through_the_centre():
    codes = found()[0].codes

    np.testing.assert_allclose(codes[0], 0)
    np.testing.assert_allclose(codes[STEPS // 2], TRAIN.mean)
    np.testing.assert_allclose(codes[-1], 2 * TRAIN.mean)


def test_paths_through_the_centre_have_it_in_their_middle():
    for way in found()[1:3]:
        np.testing.assert_allclose(way.codes[STEPS // 2], TRAIN.mean)


def test_shown_paths_join_held_out_codes_of_the_named_classes():
    for way in found()[3:]:
        away = [np.linalg.norm(HELD_OUT.z_mean - way.codes[i], axis=1) for i in (0, -1)]
        ends = [int(distances.argmin()) for distances in away]
        assert max(distances.min() for distances in away) < 1e-9
        class_names = [CLASS_NAMES[HELD_OUT.labels[end]] for end in ends]
        assert class_names[0] != class_names[1]
        assert way.title.endswith("from {} to {}".format(*class_names))
        assert [way.ends[0], way.ends[2]] == class_names


def test_hidden_paths_leave_out_the_fifth_next_to_either_end():
    whole, part = found(class_names=None)[3], found(class_names=None, shown=False)[3]

    start, end = whole.codes[0], whole.codes[-1]
    np.testing.assert_allclose(part.codes[0], start + 0.2 * (end - start))
    np.testing.assert_allclose(part.codes[-1], start + 0.8 * (end - start))


def test_spherical_and_straight_paths_join_the_same_codes():
    straight, spherical = found()[3:5]

    walked = interpolation.spherical(straight.codes[0], straight.codes[-1], STEPS)
    np.testing.assert_allclose(spherical.codes, walked)


def test_no_code_is_in_two_pairs():
    starts = [way.codes[0] for way in found()[3::2]] + [way.codes[-1] for way in found()[3::2]]
    assert len(np.unique(np.array(starts), axis=0)) == 2 * PAIRS


def test_codes_of_one_kind_are_joined_by_no_path():
    alike = LatentCloud(HELD_OUT.z_mean, labels=np.zeros(HELD_OUT.n, np.int64))

    assert len(found(held_out=alike)) == 3


def test_the_same_random_numbers_give_the_same_paths():
    for one, other in zip(found(), found(), strict=True):
        np.testing.assert_array_equal(one.codes, other.codes)


@pytest.mark.parametrize("shown", [True, False])
def test_a_centre_at_the_origin_leaves_out_the_path_to_it(shown):
    centred = LatentCloud(TRAIN.z_mean, full_mean=np.zeros(4), full_covariance=np.eye(4))
    ways = latent_paths(centred, HELD_OUT, np.random.default_rng(0), shown=shown)

    assert "origin" not in ways[0].title
