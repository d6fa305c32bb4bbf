"""Synthetic clouds follow the distributions that they are named after."""

import numpy as np
import pytest

from aelatent.latent import synthetic


def test_listed_axes_reproduce_the_sources_radius_density(rng):
    """Catalogue, trap 2: mode 16.25, mean 17.1, sd 1.75, nothing beyond 32."""
    radii = synthetic.listed_axes(20_000, rng).radii
    assert radii.mean() == pytest.approx(17.1, abs=0.1)
    assert radii.std() == pytest.approx(1.75, abs=0.05)
    assert radii.max() < 32


def test_student_clouds_have_the_covariance_that_they_are_given(rng):
    covariance = np.diag([1.0, 4.0])
    cloud = synthetic.student(200_000, [1.0, -1.0], covariance, 8.0, rng)
    assert cloud.mean == pytest.approx([1.0, -1.0], abs=0.03)
    assert cloud.covariance == pytest.approx(covariance, abs=0.12)


def test_student_clouds_refuse_laws_without_a_covariance(rng):
    with pytest.raises(ValueError, match="degrees > 2"):
        synthetic.student(10, [0.0], [[1.0]], 2.0, rng)


def test_blobs_lie_as_far_apart_as_asked(rng):
    cloud = synthetic.blobs(20_000, 3, 6.0, rng)
    centres = [cloud.z_mean[cloud.labels == label].mean(axis=0) for label in (0, 1)]
    assert np.linalg.norm(centres[1] - centres[0]) == pytest.approx(6.0, abs=0.1)


def test_curves_without_noise_pass_through_one_dimension(rng):
    """The neighbours of a point on a curve lie on a line."""
    cloud = synthetic.curves(4000, 20, 2, 0.0, rng)
    one = cloud.z_mean[cloud.labels == 0]
    near = one[np.argsort(np.linalg.norm(one - one[0], axis=1))[:20]]
    strengths = np.linalg.svd(near - near.mean(axis=0), compute_uv=False)
    assert strengths[1] < 0.05 * strengths[0]


def test_unit_centres_have_the_length_asked_for(rng):
    assert np.linalg.norm(synthetic.unit_centres(50, 9, 3.0, rng), axis=1) == pytest.approx(3.0)
