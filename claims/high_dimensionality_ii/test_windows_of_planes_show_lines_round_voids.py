"""Windows of planes through the codes: lines round voids, or what chance scatters."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from aelatent import Above, LatentCloud, contrast, estimate
from aelatent.figures import null_histogram
from aelatent.figures.patterns import pattern_panels
from aelatent.latent.interpolation import random_planes
from aelatent.latent.synthetic import curves, standard_normal
from aelatent.simulation import SimulatedModel, scenario
from aelatent.statistics.point_patterns import (
    central_window,
    crowding,
    departures,
    ripley_l,
    scattered,
    void_share,
)
from aelatent.statistics.rates import share
from aelatent.statistics.surrogates import gaussian_twins

# A viewer sees a difference of a quarter between voids. Points on lines round voids have nearer
# neighbours than scattered ones, by a tenth at least.
MORE_VOIDS = Above(1.25)
NEARER = Above(1.1)
MOST_PLANES = Above(0.5)
SHOWN = 0.16  # of the codes: 160 of 1,000, where the source's window held 160 to 550 of 165,000
BY_CHANCE = math.exp(-math.pi * 0.75**2)
RADII = np.linspace(0.2, 2.0, 10)
PLANES, SURROGATES = 100, 19
VOIDS, NEAR = "share of voids, ratio to", "nearness of neighbours, ratio to"
TWINS, CHANCE = "Gaussian twins", "complete spatial randomness"


@pytest.mark.claim("B-16", needs="trained autoencoder wide covariance")
def test_a_window_of_the_first_plane_shows_lines_round_voids(model, decide, add_figure, rng):
    """In a small window of the plane PC1-PC2 the codes form lines round voids, more than by chance.

    Source
        anracom II (11 Nov 2022), section on PCA: windows of side 5 and 0.5 about the centre; by the
        spread of the components the smaller one held about 160 to 550 of 165,000 codes.
    Statement
        The plane of the first two principal components looks dense from afar, but in a small window
        the codes are made of lines round voids.
    Statistic
        In the square about the mean that holds 16 % of the held-out codes (160 of 1,000, as many as
        the source's window held; 48 of 300), two statistics compared with two nulls, one value a
        replicate each: the share of the window farther than three quarters of the mean spacing from
        any code, and how many times nearer than by chance a neighbour is (the inverse of Clark and
        Evans' R). Lengths are measured in spacings: fewer codes in a wider window look the same.
    Null
        Complete spatial randomness of the window's own density, in closed form; and 39
        `gaussian_twins` of the plane for each replicate.
    Decision
        Voids over both nulls: Supported when the 95 % interval over replicates lies above 1.25;
        refuted when it lies below; inconclusive otherwise. Nearness over both nulls: Supported when
        the 95 % interval over replicates lies above 1.1; refuted when it lies below; inconclusive
        otherwise.
    """
    planes = [first_plane(cloud) for cloud in model.clouds]
    evidence = window_evidence(planes, rng)

    add_figure(
        panels(planes[0], rng), "A window of codes, of a Gaussian twin, and of scattered points."
    )
    add_figure(
        null_histogram(evidence[0].values, evidence[0].null, f"{VOIDS} {TWINS}"), "Voids of twins."
    )

    decide(evidence, [MORE_VOIDS, NEARER, MORE_VOIDS, NEARER])


@pytest.mark.claim("B-16")
def test_control_a_window_of_strings_shows_lines_round_voids(decide, add_figure, rng):
    """Points of a plane on sixteen curves are found to lie on lines round voids."""
    planes = [curves(1000, 2, 16, 0.0, rng) for _ in range(5)]
    evidence = window_evidence(planes, rng)

    add_figure(
        panels(planes[0], rng), "A window of strings, of a Gaussian twin, and of scattered points."
    )

    decide(evidence, [MORE_VOIDS, NEARER, MORE_VOIDS, NEARER])


@pytest.mark.claim("B-16")
@pytest.mark.expect("refuted", because="the codes are normal, and chance alone makes their voids")
def test_control_a_window_of_normal_codes_shows_what_chance_scatters(decide, add_figure, rng):
    """Normal codes have voids and near neighbours too, as many as chance makes."""
    planes = [first_plane(standard_normal(1000, 64, rng)) for _ in range(5)]
    evidence = window_evidence(planes, rng)

    add_figure(
        panels(planes[0], rng), "A window of normal codes, of a twin, and of scattered points."
    )

    decide(evidence, [MORE_VOIDS, NEARER, MORE_VOIDS, NEARER])


@pytest.mark.claim("B-17", needs="trained autoencoder wide covariance decoder")
def test_windows_of_random_planes_show_lines_round_voids(model, decide, add_figure, rng):
    """Windows of other planes show lines round voids too, more than Gaussian codes do.

    Source
        anracom II (11 Nov 2022), section on PCA: the planes PC1-PC18, PC8-PC35 and that of the
        coordinate axes 52 and 221. Numbers of axes mean nothing for another network.
    Statement
        Whatever plane the codes are projected onto, a small window shows lines round voids.
    Statistic
        100 planes drawn at random, half of them of two of the first 35 principal axes, half of two
        coordinate axes; in each the square that holds 160 of 1,000 codes. Three numbers, one value
        a replicate: the share of voids, and the nearness of neighbours, means over the planes and
        over those of twins; and the share of planes in which Ripley's L leaves its envelope.
    Null
        19 `gaussian_twins` for each replicate, projected onto the same planes. The envelope is
        family-wise: it holds all planes of 19 twins in 20.
    Decision
        Voids: Supported when the 95 % interval over replicates lies above 1.25; refuted when it
        lies below; inconclusive otherwise. Nearness: Supported when the 95 % interval over
        replicates lies above 1.1; refuted when it lies below; inconclusive otherwise. Share of
        planes: Supported when the 95 % interval over replicates lies above 0.5; refuted when it
        lies below; inconclusive otherwise.
    """
    sights = [Sight(cloud, some_planes(cloud, rng)) for cloud in model.clouds]
    evidence = planes_evidence(sights, rng)

    add_figure(
        null_histogram(evidence[0].values, evidence[0].null, evidence[0].unit),
        "Voids in a hundred planes, observed and in Gaussian twins.",
    )

    decide(evidence, [MORE_VOIDS, NEARER, MOST_PLANES])


@pytest.mark.claim("B-17")
def test_control_planes_of_strings_show_lines_round_voids(decide, add_figure, rng):
    """Strings that run in a few dimensions are seen in most of their planes."""
    clouds = [curves(1000, 3, 4, 0.0, rng) for _ in range(5)]
    sights = [Sight(cloud, some_planes(cloud, rng)) for cloud in clouds]
    evidence = planes_evidence(sights, rng)

    add_figure(
        panels(first_plane(clouds[0]), rng), "A plane of strings, of a twin, scattered points."
    )

    decide(evidence, [MORE_VOIDS, NEARER, MOST_PLANES])


@pytest.mark.claim("B-17")
@pytest.mark.expect("refuted", because="the codes are normal, as their twins are")
def test_control_planes_of_normal_codes_stay_in_the_envelope(decide, add_figure, rng):
    """Planes of normal codes look like those of their twins."""
    clouds = [standard_normal(1000, 4, rng) for _ in range(5)]
    sights = [Sight(cloud, some_planes(cloud, rng)) for cloud in clouds]
    evidence = planes_evidence(sights, rng)

    add_figure(
        panels(first_plane(clouds[0]), rng), "A plane of normal codes, a twin, scattered points."
    )

    decide(evidence, [MORE_VOIDS, NEARER, MOST_PLANES])


@dataclass(frozen=True, eq=False)
class Sight:
    """A cloud, and planes to look at it in, each two directions: shape (planes, d, 2)."""

    cloud: LatentCloud
    planes: np.ndarray

    def patterns(self):
        """Project the codes onto each plane and open a window about their centre."""
        count = round(SHOWN * self.cloud.n)
        return [central_window(self.cloud.z_mean @ plane, count) for plane in self.planes]


def some_planes(cloud, rng):
    """Draw planes, half of principal axes and half of coordinate axes; all where there are few."""
    _, axes = cloud.principal
    first = axes[:, ::-1][:, :35]
    principal = random_planes(first.shape[1], PLANES // 2, rng)
    coordinate = random_planes(cloud.d, PLANES // 2, rng)
    return np.array(
        [first[:, list(pair)] for pair in principal]
        + [np.eye(cloud.d)[:, list(pair)] for pair in coordinate]
    )


def first_plane(cloud):
    """Return the codes in the plane of the first two principal components, with its moments."""
    plane = cloud.principal[1][:, ::-1][:, :2]
    return LatentCloud(
        cloud.z_mean @ plane,
        full_mean=cloud.mean @ plane,
        full_covariance=plane.T @ cloud.covariance @ plane,
    )


def window(plane):
    """Open the window of a cloud of two dimensions."""
    return central_window(plane.z_mean, round(SHOWN * plane.n))


def window_evidence(planes, rng):
    """Compare voids and nearness in the windows with twins, and with chance."""
    voids, near = (lambda plane: void_share(window(plane))), (lambda plane: crowding(window(plane)))
    return [
        contrast(
            voids,
            planes,
            gaussian_twins,
            rng,
            39,
            scale="ratio",
            unit=f"{VOIDS} {TWINS}",
            bounds=(0, np.inf),
        ),
        contrast(
            near,
            planes,
            gaussian_twins,
            rng,
            39,
            scale="ratio",
            unit=f"{NEAR} {TWINS}",
            bounds=(0, np.inf),
        ),
        estimate(
            lambda plane: voids(plane) / BY_CHANCE,
            planes,
            unit=f"{VOIDS} {CHANCE}",
            bounds=(0, np.inf),
        ),
        estimate(near, planes, unit=f"{NEAR} {CHANCE}", bounds=(0, np.inf)),
    ]


def planes_evidence(sights, rng):
    """Compare all planes of each replicate with those of its twins."""
    decks, outside = [], []
    for sight in sights:
        twins = [Sight(gaussian_twins(sight.cloud, rng), sight.planes) for _ in range(SURROGATES)]
        tables = [summary(each) for each in (sight, *twins)]
        curves_ = np.array([table[2:].T for table in tables])
        outside.append(departures(curves_[0], curves_[1:]))
        decks.append(np.array([table[:2].mean(axis=1) for table in tables]))
    return [
        contrast_with_twins(decks, 0, rng, f"{VOIDS} {TWINS}, mean over planes"),
        contrast_with_twins(decks, 1, rng, f"{NEAR} {TWINS}, mean over planes"),
        estimate(
            share, outside, unit="share of planes outside the family-wise envelope", bounds=(0, 1)
        ),
    ]


def summary(sight):
    """Return voids, nearness and L at each radius in each plane, shape (2 + radii, planes)."""
    rows = [(void_share(p), crowding(p), *ripley_l(p, RADII)) for p in sight.patterns()]
    return np.array(rows).T


def contrast_with_twins(decks, row, rng, unit):
    """Contrast the first entry of each deck with the others, which are its twins."""
    piles = [(deck[0, row], iter(deck[1:, row])) for deck in decks]
    return contrast(
        lambda pile: pile[0],
        piles,
        lambda pile, _: (next(pile[1]), None),
        rng,
        SURROGATES,
        scale="ratio",
        unit=unit,
        bounds=(0, np.inf),
    )


def panels(plane, rng):
    """Show the window of codes, of a twin, and of points that chance scattered over it."""
    shown = window(plane)
    return pattern_panels(
        {
            "codes": shown,
            "Gaussian twin": window(gaussian_twins(plane, rng)),
            "scattered by chance": scattered(shown, rng),
        }
    )


TENTHS = np.linspace(0, 1, 11)


@scenario(test_a_window_of_the_first_plane_shows_lines_round_voids, null=1.0)
def voids_left_by_doubled_codes(effect, rng):
    """Simulate normal codes, a share of them in close pairs: voids are `effect` times as large.

    The first component is ten times as wide as the second: over the window the density changes, so
    that chance leaves fewer voids than the twins do. How many times their voids tenths of the codes
    in pairs leave was measured on 1,500 clouds each.
    """
    voids = [1.0, 1.053, 1.103, 1.153, 1.215, 1.285, 1.350, 1.426, 1.502, 1.595, 1.691]
    shares = np.interp(effect * (1 + 0.05 * rng.standard_normal(5)), voids, TENTHS)
    widths = np.array([1, 0.1])
    clouds = [LatentCloud(widths * doubled(share, 2, rng)) for share in shares]
    return {"model": SimulatedModel.of(clouds)}


@scenario(test_windows_of_random_planes_show_lines_round_voids, null=1.0, count=200)
def voids_in_the_planes_of_doubled_codes(effect, rng):
    """Simulate four normal components, and pairs of codes: voids are `effect` times as large.

    There are twelve planes, since more would take hours. How many times the voids of twins
    tenths of the codes in pairs leave was measured on 1,400 planes each.
    """
    voids = [1.0, 1.087, 1.187, 1.279, 1.391, 1.508, 1.635, 1.776, 1.927, 2.093, 2.268]
    shares = np.interp(effect * (1 + 0.05 * rng.standard_normal(5)), voids, TENTHS)
    return {"model": SimulatedModel.of([LatentCloud(doubled(share, 4, rng)) for share in shares])}


@scenario(test_windows_of_random_planes_show_lines_round_voids, null=0.0, part=2, count=200)
def pairs_in_a_share_of_the_planes(effect, rng):
    """Simulate five components, and codes that form pairs in only a share of the ten planes.

    Codes that share three components and, with others, the remaining two are paired in four planes;
    those that share four components in six. A share in between is that of several trainings.
    """
    seen = {0: (), 4: ((0, 1, 2), (3, 4)), 6: ((0, 1, 2, 3),), 10: (range(5),)}
    numbers = np.array(list(seen))
    above = max(1, int(np.searchsorted(numbers, 10 * effect)))
    low, high = numbers[above - 1 : above + 1]
    variances = np.linspace(2, 1, 5)
    clouds = []
    for higher in rng.random(5) < (10 * effect - low) / (high - low):
        codes = rng.standard_normal((1000, 5))
        for axes in seen[high if higher else low]:
            codes[:, list(axes)] = rng.permutation(doubled(1, len(axes), rng))
        # The moments of the distribution make the principal axes those of the coordinates.
        moments = {"full_mean": np.zeros(5), "full_covariance": np.diag(variances)}
        clouds.append(LatentCloud(np.sqrt(variances) * codes, **moments))
    return {"model": SimulatedModel.of(clouds)}


def doubled(share, d, rng, n=1000):
    """Draw n codes of N(0, I), (n, d), a share of them in pairs much closer than neighbours are."""
    codes = rng.standard_normal((n, d))
    pairs = round(n * share / 2)
    codes[:pairs] = codes[pairs : 2 * pairs]
    return codes + 0.004 * rng.standard_normal((n, d))
