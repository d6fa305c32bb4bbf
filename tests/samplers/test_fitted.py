"""Samplers fitted to codes: they have the codes' moments, and travel as files."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import aelatent
from aelatent.latent.cloud import LatentCloud
from aelatent.runtime.files import StorageError
from aelatent.samplers import fitted
from aelatent.samplers.between_neighbours import BetweenNeighbours
from aelatent.samplers.hypersphere import Hypersphere
from aelatent.samplers.ladder import Ellipse, Gaussian, OwnRanges
from aelatent.samplers.mixture import Mixture
from aelatent.samplers.shrunk_gaussian import ShrunkGaussian


def codes_of(seed, n=600, d=6):
    rng = np.random.default_rng(seed)
    return rng.normal(3.0, 1.0, (n, d)) @ rng.normal(size=(d, d)) + rng.normal(size=d)


EVERY = pytest.mark.parametrize("unfitted", fitted.AUDITED.values(), ids=fitted.AUDITED)


@EVERY
def test_a_file_draws_what_was_stored(unfitted, tmp_path):
    sampler = fitted.fit(unfitted, codes_of(0), (2, 3))
    sampler.save(tmp_path / "sampler.npz")
    again = aelatent.load_sampler(tmp_path / "sampler.npz")
    assert again.name == sampler.name
    draws = [s.draw(50, np.random.default_rng(1)) for s in (sampler, again)]
    assert draws[0].shape == (50, 2, 3)
    np.testing.assert_array_equal(*draws)


@pytest.mark.parametrize("unfitted", [OwnRanges(), Gaussian(), ShrunkGaussian(), Mixture()])
@settings(max_examples=settings.default.max_examples // 2)
@given(seed=st.integers(0, 99))
def test_draws_have_the_means_and_widths_of_the_codes(unfitted, seed):
    codes = codes_of(seed)
    draws = fitted.fit(unfitted, codes, (6,)).rows(4000, np.random.default_rng(seed))
    width = codes.std(axis=0)
    np.testing.assert_allclose(draws.mean(axis=0), codes.mean(axis=0), atol=0.12 * width.max())
    np.testing.assert_allclose(draws.std(axis=0), width, rtol=0.12, atol=0.05 * width.max())


def test_names_tell_the_samplers_apart():
    names = [fitted.fit(unfitted, codes_of(0), (6,)).name for unfitted in fitted.AUDITED.values()]
    assert len(set(names)) == len(names)


def test_a_mixture_is_named_by_the_number_of_its_parts():
    assert fitted.fit(Mixture(), codes_of(0), (6,)).name == "mixture of 2 Gaussians"


def test_a_mixture_may_have_a_fixed_number_of_parts():
    assert fitted.fit(Mixture((10,)), codes_of(0), (6,)).name == "mixture of 10 Gaussians"
    few = fitted.fit(Mixture((10,)), codes_of(0, n=100), (6,))
    assert few.name == "mixture of 10 Gaussians, reduced to 1"


def test_a_hypersphere_has_the_radii_of_the_codes_in_all_directions():
    codes = codes_of(2)
    draws = fitted.fit(Hypersphere(), codes, (6,)).rows(4000, np.random.default_rng(0))
    wanted, found = (np.linalg.norm(rows, axis=1) for rows in (codes, draws))
    deciles = np.linspace(0, 1, 11)
    np.testing.assert_allclose(np.quantile(found, deciles), np.quantile(wanted, deciles), rtol=0.05)
    assert np.abs((draws / found[:, None]).mean(axis=0)).max() < 0.05


def test_codes_on_a_sphere_are_drawn_on_it():
    codes = codes_of(2)
    codes /= np.linalg.norm(codes, axis=1, keepdims=True)
    draws = fitted.fit(Hypersphere(), codes, (6,)).rows(100, np.random.default_rng(0))
    np.testing.assert_allclose(np.linalg.norm(draws, axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("unfitted", [OwnRanges(), BetweenNeighbours()])
def test_an_audit_draws_as_the_ladder_does(unfitted):
    codes = codes_of(4)
    stored = fitted.fit(unfitted, codes, (6,)).rows(50, np.random.default_rng(0))
    drawn = unfitted.draw(50, LatentCloud(codes), np.random.default_rng(0))
    np.testing.assert_allclose(stored, drawn, rtol=1e-4, atol=1e-4)


def test_the_gaussian_has_the_covariance_of_the_codes():
    codes = codes_of(3)
    rng = np.random.default_rng(0)
    target = np.corrcoef(codes, rowvar=False)
    whole = np.corrcoef(fitted.fit(Gaussian(), codes, (6,)).rows(5000, rng), rowvar=False)
    apart = np.corrcoef(fitted.fit(OwnRanges(), codes, (6,)).rows(5000, rng), rowvar=False)
    np.testing.assert_allclose(whole, target, atol=0.08)
    assert np.abs(apart - np.eye(6)).max() < 0.08


def test_an_ellipse_cuts_every_principal_component():
    codes = codes_of(1)
    draws = fitted.fit(Ellipse(1), codes, (6,)).rows(2000, np.random.default_rng(0))
    variances, axes = np.linalg.eigh(np.cov(codes, rowvar=False))
    scores = (draws - codes.mean(axis=0)) @ axes / np.sqrt(variances)
    assert np.abs(scores).max() <= 1 + 1e-4


def test_a_mixture_finds_two_clusters():
    rng = np.random.default_rng(0)
    codes = np.concatenate([rng.normal(-5, 1, (400, 2)), rng.normal(5, 1, (400, 2))])
    draws = fitted.fit(Mixture(), codes, (2,)).rows(1000, rng)
    assert np.abs(draws[:, 0]).min() > 0.5


def test_neighbours_stay_between_codes():
    codes = codes_of(2)
    draws = fitted.fit(BetweenNeighbours(), codes, (6,)).rows(500, np.random.default_rng(0))
    assert (draws >= codes.min(axis=0) - 1e-5).all()
    assert (draws <= codes.max(axis=0) + 1e-5).all()


def test_very_wide_codes_are_spanned_by_their_sample():
    codes = np.random.default_rng(0).normal(size=(50, fitted.WIDEST + 1))
    draws = fitted.fit(Gaussian(), codes, (fitted.WIDEST + 1,)).rows(10, np.random.default_rng(0))
    assert draws.shape == (10, fitted.WIDEST + 1)


@pytest.mark.parametrize("content", [b"", b"PK", b"name: sampler"])
def test_what_is_no_sampler_is_refused_by_name(tmp_path, content):
    (tmp_path / "sampler.npz").write_bytes(content)
    with pytest.raises(StorageError, match=r"sampler\.npz: expected"):
        fitted.load_sampler(tmp_path / "sampler.npz")
    np.savez(tmp_path / "sampler.npz", codes=np.zeros(3))
    with pytest.raises(StorageError, match=r"expected a sampler that an audit wrote"):
        fitted.load_sampler(tmp_path / "sampler.npz")


def test_a_missing_sampler_is_named(tmp_path):
    with pytest.raises(StorageError, match=r"found no such file\. Run: aelatent audit"):
        fitted.load_sampler(tmp_path / "sampler.npz")


def test_no_draw_is_refused():
    with pytest.raises(ValueError, match="one draw or more"):
        fitted.fit(Gaussian(), codes_of(0), (6,)).draw(0, np.random.default_rng(0))


def test_a_mixture_is_fitted_to_a_cloud_once():
    cloud = LatentCloud(codes_of(0))

    assert Mixture().fit(cloud) is Mixture().fit(cloud)
    assert Mixture().fit(cloud) is not Mixture().fit(LatentCloud(codes_of(0)))
