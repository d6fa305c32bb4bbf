"""Numbers that the catalogue of claims gives (its table 2.7 and traps), computed anew."""

import math

import numpy as np
import pytest
from scipy import stats

from aelatent.latent.cloud import LatentCloud
from aelatent.samplers.ladder import LADDER, StandardNormal, Uniform
from aelatent.statistics.generalised_chi import GeneralisedChi
from aelatent.statistics.radius import peak_over_predicted, peak_over_root_n
from aelatent.statistics.region import distances

FWHM = 2 * math.sqrt(2 * math.log(2))  # of a normal density, in standard deviations
N = 256

# Centre and width of the twelve axes that the source lists (000 part 2; claim B-05).
AXES = [
    (5, 8),
    (1, 3),
    (0, 5.5),
    (-0.5, 5),
    (0, 4),
    (0, 4),
    (1, 3),
    (-2, 9),
    (0.7, 5),
    (0.75, 2.75),
    (0.5, 11),
    (-1, 8),
]

ANY_CLOUD = LatentCloud(np.array([np.zeros(N), np.ones(N)]))


def listed_law(width_in_sd, bulk_sd):
    """The normal law with the listed axes, read as `width_in_sd` wide, and 244 others."""
    centres, widths = np.array(AXES, dtype=np.float64).T
    sd = np.concatenate([widths / width_in_sd, np.full(N - len(AXES), bulk_sd)])
    return GeneralisedChi(sd**2, np.concatenate([centres, np.zeros(N - len(AXES))]))


@pytest.mark.parametrize(("d", "mean"), [(256, 15.984), (65_536, 255.999)])
def test_standard_normal_radii_lie_near_root_d(d, mean):
    """Of 65,536 equal variances the closed form is used, of 256 the general law."""
    law = stats.chi(d) if d > 256 else GeneralisedChi(np.ones(d), np.zeros(d))
    found = (law.mean(), law.std()) if d > 256 else (law.mean, law.sd)

    assert found == pytest.approx((mean, 0.707), abs=6e-4)


def test_standard_normal_draws_have_these_radii():
    radii = np.linalg.norm(StandardNormal().draw(4000, ANY_CLOUD, np.random.default_rng(0)), axis=1)

    assert (radii.mean(), radii.std()) == pytest.approx((15.984, 0.707), abs=0.04)


@pytest.mark.parametrize(
    ("b", "mean", "sd"), [(1.0, 9.23, 0.26), (1.5, 13.85, 0.39), (2.0, 18.47, 0.52)]
)
def test_uniform_draws_lie_on_a_thin_shell(b, mean, sd):
    radii = np.linalg.norm(Uniform(b).draw(4000, ANY_CLOUD, np.random.default_rng(0)), axis=1)

    assert (radii.mean(), radii.std()) == pytest.approx((mean, sd), abs=0.02)
    assert mean == pytest.approx(b * math.sqrt(N / 3), abs=0.02)
    assert sd == pytest.approx(b / math.sqrt(15), abs=0.005)


def test_uniform_draws_stay_below_the_sources_peak():
    """With b = 1.5 a share of 99.8 % lies between 12.6 and 15.1; 16.5 is out of reach."""
    radii = np.linalg.norm(Uniform(1.5).draw(20_000, ANY_CLOUD, np.random.default_rng(0)), axis=1)

    assert np.mean((radii > 12.6) & (radii < 15.1)) == pytest.approx(0.998, abs=0.002)
    assert radii.max() < 16


@pytest.mark.parametrize(
    ("rung", "radius"), [("S0 b=1", 9.24), ("S0 b=2", 18.48), ("S0 b=1.786", 16.5)]
)
def test_the_ladders_ranges_reach_the_sources_radii(rung, radius):
    squares = LADDER[rung].draw(4000, ANY_CLOUD, np.random.default_rng(0)) ** 2

    assert math.sqrt(squares.sum(axis=1).mean()) == pytest.approx(radius, abs=0.03)


@pytest.mark.parametrize(("share", "radius"), [(0.5, 15.98), (0.8, 16.58), (0.9973, 17.98)])
def test_shares_of_mahalanobis_distances_are_those_of_chi(share, radius):
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(N, N))
    cloud = LatentCloud(
        rng.normal(size=(2, N)), full_mean=np.ones(N), full_covariance=matrix @ matrix.T
    )
    far = distances(rng.normal(size=(8000, N)) @ matrix.T + 1, cloud)

    assert math.sqrt(stats.chi2(N).ppf(share)) == pytest.approx(radius, abs=0.006)
    assert np.quantile(far, share) == pytest.approx(radius, abs=0.06)


def test_half_of_normal_codes_lie_within_three_sigma():
    draws = np.abs(StandardNormal().draw(4000, ANY_CLOUD, np.random.default_rng(0)))

    assert np.mean((draws < 3).all(axis=1)) == pytest.approx(0.50, abs=0.03)
    assert np.mean((draws < 3.33).all(axis=1)) == pytest.approx(0.80, abs=0.03)


@pytest.mark.parametrize(
    ("n", "norm", "nats"),
    [(1000, 3.72, 6.91), (60_000, 4.69, 11.00), (165_000, 4.90, 12.01), (202_599, 4.94, 12.22)],
)
def test_a_mixture_leaves_the_prior_at_rate_log_n(n, norm, nats):
    """KL(N(mu, I), N(0, I)) = |mu|^2 / 2 reaches ln n at |mu| = sqrt(2 ln n)."""
    assert math.log(n) == pytest.approx(nats, abs=0.005)
    assert math.sqrt(2 * math.log(n)) == pytest.approx(norm, abs=0.006)
    assert norm**2 / 2 == pytest.approx(nats, abs=0.03)


@pytest.mark.parametrize(("norm", "separable"), [(1.5, False), (8.0, True)])
def test_below_that_norm_a_mixture_is_the_prior(norm, separable):
    """A thousand near-orthogonal centres: the exact ratio tells a draw of the mixture, or not."""
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((1000, 2000))
    centres *= norm / np.linalg.norm(centres, axis=1, keepdims=True)
    prior = rng.standard_normal((400, 2000))
    mixture = rng.standard_normal((400, 2000)) + centres[rng.integers(1000, size=400)]
    scores = [np.exp(z @ centres.T - norm**2 / 2).mean(axis=1) for z in (prior, mixture)]
    auc = stats.mannwhitneyu(scores[1], scores[0]).statistic / 400**2

    assert (auc > 0.98) if separable else (auc < 0.6)


@pytest.mark.parametrize(("kl", "n", "forced"), [(59.04, 202_599, 46.8), (5.62, 60_000, 0.0)])
def test_a_rate_above_log_n_forces_a_gap_to_the_prior(kl, n, forced):
    assert max(kl - math.log(n), 0.0) == pytest.approx(forced, abs=0.05)


@pytest.mark.parametrize("d", [2, 256])
@pytest.mark.parametrize("norm", [0.5, 2.0])
def test_the_overlap_of_bubbles_depends_on_distance_only(d, norm):
    """TV(N(0, I), N(mu, I)) = 2 Phi(|mu| / 2) - 1, met by the best test between draws of both."""
    rng = np.random.default_rng(0)
    cloud = LatentCloud(np.array([np.zeros(d), np.ones(d)]))
    mu = np.full(d, norm / math.sqrt(d))
    here, there = (StandardNormal().draw(20_000, cloud, rng) + shift for shift in (0.0, mu))
    variation = np.mean(there @ mu > norm**2 / 2) - np.mean(here @ mu > norm**2 / 2)

    assert variation == pytest.approx(2 * stats.norm.cdf(norm / 2) - 1, abs=0.02)


def test_tiny_shifts_part_two_bubbles_of_one_radius():
    """0.05 in each of 65,536 dimensions: an overlap of 1.6e-10, and 0.45 of a shell's width."""
    norm = 0.05 * math.sqrt(65_536)
    overlap = 2 * stats.norm.sf(norm / 2)

    assert norm == pytest.approx(12.8)
    assert overlap == pytest.approx(1.6e-10, rel=0.03)
    assert (math.hypot(256, norm) - 256) / math.sqrt(0.5) == pytest.approx(0.45, abs=0.005)


def test_full_widths_give_the_sources_peak():
    """Mode in the source's bin 16 to 16.5, mean 17.1, sd 1.75, and nothing beyond 32."""
    law = listed_law(width_in_sd=FWHM, bulk_sd=2 / FWHM)
    radii = np.linspace(32, 60, 200)

    assert 16 < law.peak < 16.5
    assert (law.mean, law.sd) == pytest.approx((17.1, 1.75), abs=0.05)
    assert np.trapezoid(law.density(radii), radii) < 1e-7


def test_half_widths_contradict_the_source():
    """Mode at 21.4, near the catalogue's simulated 21.8, and 2.8 % beyond 32, against none."""
    law = listed_law(width_in_sd=FWHM / 2, bulk_sd=2 / FWHM)
    radii = np.linspace(32, 90, 500)

    assert law.peak == pytest.approx(21.4, abs=0.05)
    assert np.trapezoid(law.density(radii), radii) == pytest.approx(0.028, abs=0.002)


def test_unit_width_and_the_sources_own_axes_overshoot():
    assert listed_law(width_in_sd=FWHM, bulk_sd=1.0).peak == pytest.approx(18.25, abs=0.2)


def test_off_centre_axes_broaden_the_radii():
    """B-10: a width of 1.75 with the list, 0.71 without."""
    assert listed_law(FWHM, 2 / FWHM).sd > 2.4 * GeneralisedChi(np.ones(N), np.zeros(N)).sd


def test_codes_of_the_sources_list_peak_where_predicted():
    """The check of B-08 on codes whose law is known."""
    law = listed_law(FWHM, 2 / FWHM)
    rng = np.random.default_rng(0)
    cloud = LatentCloud(law.offsets + np.sqrt(law.variances) * rng.standard_normal((3700, N)))

    assert peak_over_predicted(cloud).value == pytest.approx(1.0, abs=0.03)
    assert peak_over_root_n(cloud).value == pytest.approx(law.peak / 16, abs=0.03)
