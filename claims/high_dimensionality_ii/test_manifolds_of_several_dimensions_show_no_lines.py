"""Strings show lines in planes, manifolds of several dimensions do not: the inference of B-18."""

import numpy as np
import pytest

from aelatent import Above, Below, LatentCloud, estimate
from aelatent.figures.patterns import pattern_panels
from aelatent.latent.synthetic import curves, standard_normal
from aelatent.simulation import not_simulated
from aelatent.statistics.point_patterns import central_window, void_share

LINES, NO_LINES = Above(1.25), Below(1.25)
CLOUDS, CODES, DIMENSIONS, PIECES, SHOWN = 20, 1000, 256, 10, 160
BY_CHANCE = np.exp(-np.pi * 0.75**2)
VOIDS = "share of voids in a window of the first plane, ratio to chance"


@pytest.mark.claim("B-30", amended="2026-11-28")
def test_manifolds_of_several_dimensions_show_no_lines(decide, add_figure, rng):
    """Codes on strings show lines round voids in a plane, codes on manifolds of two or five do not.

    Source
        anracom II (11 Nov 2022), interpretation of the PCA planes: manifolds of several dimensions
        would not give lines in all planes, so the filaments are strings.
    Statement
        Lines in the windows of planes tell strings from manifolds of several dimensions.
    Statistic
        For 1,000 codes in 256 dimensions on ten curves, on ten surfaces, and on ten manifolds of
        five dimensions: the share of voids in the window of the plane of their first two principal
        components that holds 160 codes, over that of points which chance scatters, as in B-16. One
        value a simulated cloud, 20 of each kind. Curves and manifolds are smooth: components are
        sums of a few random waves.
    Null
        1: what chance leaves. A quarter more is the smallest difference that a viewer sees. The
        inference holds if strings show it and manifolds do not.
    Decision
        Strings: Supported when the 95 % interval over replicates lies above 1.25; refuted when it
        lies below; inconclusive otherwise. Surfaces: Supported when the 95 % interval over
        replicates lies below 1.25; refuted when it lies above; inconclusive otherwise. Five
        dimensions: Supported when the 95 % interval over replicates lies below 1.25; refuted when
        it lies above; inconclusive otherwise.
    """
    clouds = {d: [manifolds(d, rng) for _ in range(CLOUDS)] for d in (1, 2, 5)}
    evidence = [estimate(voids, kind, unit=VOIDS, bounds=(0, np.inf)) for kind in clouds.values()]

    add_figure(
        pattern_panels({f"{d} dimensions": window(kind[0]) for d, kind in clouds.items()}),
        "Windows of planes through codes on strings, on surfaces, and in five dimensions.",
    )

    decide(evidence, [LINES, NO_LINES, NO_LINES])


@pytest.mark.claim("B-30")
@pytest.mark.expect("refuted", because="the codes are normal and lie on no strings")
def test_control_normal_codes_show_no_lines(decide, rng):
    """Normal codes show no lines, so that they are not taken for strings."""
    clouds = [standard_normal(CODES, 16, rng) for _ in range(CLOUDS)]

    decide(estimate(voids, clouds, unit=VOIDS, bounds=(0, np.inf)), LINES)


@pytest.mark.claim("B-30")
@pytest.mark.expect("refuted", because="these surfaces are narrow strips, as good as strings")
def test_control_curves_of_a_plane_are_not_taken_for_surfaces(decide, rng):
    """Sixteen curves in a plane have more voids than chance, which surfaces must not have."""
    clouds = [curves(CODES, 2, 16, 0.0, rng) for _ in range(CLOUDS)]

    decide(estimate(voids, clouds, unit=VOIDS, bounds=(0, np.inf)), NO_LINES)


def manifolds(d, rng, waves=4):
    """Draw codes on ten smooth manifolds of d dimensions: (CODES, DIMENSIONS).

    A component is a sum of waves over the manifold, of random directions, phases and heights.
    """
    codes = np.empty((CODES, DIMENSIONS))
    piece = rng.integers(PIECES, size=CODES)
    for number in range(PIECES):
        places = rng.random((np.sum(piece == number), d))
        directions = 2 * np.pi * rng.standard_normal((d, waves))
        phases = 2 * np.pi * rng.random(waves)
        heights = rng.standard_normal((waves, DIMENSIONS))
        codes[piece == number] = rng.standard_normal(DIMENSIONS) + (
            np.sin(places @ directions + phases) @ heights
        )
    return LatentCloud(codes)


def voids(cloud):
    """Return the share of voids in the window of the first plane over that of chance."""
    return void_share(window(cloud)) / BY_CHANCE


def window(cloud):
    """Open the window of the plane of the first two principal components."""
    plane = cloud.principal[1][:, ::-1][:, :2]
    return central_window(cloud.z_mean @ plane, SHOWN)


not_simulated(
    test_manifolds_of_several_dimensions_show_no_lines,
    because="The claim is about simulated codes itself.",
)
