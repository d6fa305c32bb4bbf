"""Planes, paths and readings as the numbers of a page."""

import math

import numpy as np
import pytest

from aelatent.explorer.model_view import ModelView, dots, ellipses, inside, profile
from aelatent.explorer.paths import latent_paths
from aelatent.explorer.planes import planes
from aelatent.latent.cloud import LatentCloud
from aelatent.statistics.region import distances

from .samples import BrightJudge, cloud, painted, painted_model

SIDE = 11
MODEL = painted_model()
VIEW = ModelView(MODEL)
PLANES = planes(MODEL.replicate.train, SIDE)
EVERY = pytest.mark.parametrize("plane", PLANES, ids=lambda plane: plane.key)


@EVERY
def test_each_tile_has_the_mahalanobis_distance_of_its_code(plane):
    _, for_script = VIEW.plane(plane, MODEL.evaluate(plane.codes))

    expected = distances(plane.codes, MODEL.replicate.train)
    np.testing.assert_allclose(for_script["distances"], expected, atol=0.0051)
    assert for_script["farthest"] >= max(for_script["distances"]) - 0.0051


@EVERY
def test_each_tile_has_the_grade_and_score_of_its_image(plane):
    _, for_script = VIEW.plane(plane, MODEL.evaluate(plane.codes))

    pixels = painted(plane.codes)
    graded = BrightJudge().grade(pixels)
    np.testing.assert_allclose(for_script["scores"], graded.scores, atol=0.0051)
    assert for_script["grades"] == graded.grades.tolist()
    assert for_script["classes"] == BrightJudge().classes(pixels).tolist()


@EVERY
def test_the_script_data_locate_the_code_of_a_tile(plane):
    """It has the coordinates of the lower left tile, the step and the side, as the page has."""
    _, for_script = VIEW.plane(plane, MODEL.evaluate(plane.codes))
    column, row = for_script["centre"]

    coordinates = [
        for_script["low"][0] + column * for_script["step"],
        for_script["low"][1] + (for_script["side"] - 1 - row) * for_script["step"],
    ]

    code = plane.anchor + np.array(coordinates) @ plane.basis
    np.testing.assert_allclose(code, MODEL.replicate.train.mean, atol=1e-9)
    assert for_script["distances"][row * for_script["side"] + column] == 0


def test_the_origin_is_marked_where_it_lies():
    drawn, for_script = VIEW.plane(PLANES[2], MODEL.evaluate(PLANES[2].codes))

    column, row = for_script["origin"]
    np.testing.assert_allclose(PLANES[2].codes[row * SIDE + column], 0, atol=1e-9)
    assert drawn["origin"] == [column + 0.5, row + 0.5]
    assert VIEW.plane(PLANES[0], MODEL.evaluate(PLANES[0].codes))[0]["origin"] is None


@EVERY
def test_ellipses_lie_at_one_two_and_three_standard_deviations(plane):
    """Each point of an ellipse is as many deviations from the centre as the ellipse says."""
    shadow = plane.shadow(MODEL.replicate.train)
    for k, ellipse in enumerate(ellipses(plane, shadow), 1):
        turn = math.radians(ellipse["angle"])
        for angle in np.linspace(0, 2 * np.pi, 12):
            along, across = ellipse["rx"] * np.cos(angle), ellipse["ry"] * np.sin(angle)
            x = ellipse["cx"] + along * np.cos(turn) - across * np.sin(turn)
            y = ellipse["cy"] + along * np.sin(turn) + across * np.cos(turn)
            point = plane.low + np.array([x - 0.5, SIDE - y - 0.5]) * plane.step
            assert distances(point[None], shadow) == pytest.approx([k], abs=0.02)


def test_ellipses_of_normal_codes_hold_the_normal_shares():
    many = cloud(20_000, 4, 5)
    plane = planes(many, SIDE)[0]

    said = inside(plane.shadow(many), plane.project(many.z_mean))

    shares = [int(share) for share in said.split(" %")[0].split(", ")]
    np.testing.assert_allclose(shares, [39, 86, 99], atol=1)


def test_dots_are_held_out_codes_with_their_labels():
    held_out = MODEL.replicate.held_out

    x, y, label = dots(PLANES[0], held_out)[0]

    np.testing.assert_allclose(
        PLANES[0].place(PLANES[0].project(held_out.z_mean[:1]))[0], [x, y], atol=0.0051
    )
    assert label == held_out.labels[0]


def test_codes_beside_the_sheet_are_no_dots():
    far = LatentCloud(MODEL.replicate.train.z_mean + 1e3)

    assert dots(PLANES[0], far) == []


def test_each_step_of_a_path_has_the_numbers_of_its_code():
    way = latent_paths(
        MODEL.replicate.train, MODEL.replicate.held_out, MODEL.rng(), MODEL.class_names, shown=True
    )[0]

    drawn, for_script = VIEW.path(way, MODEL.evaluate(way.codes))

    expected = distances(way.codes, MODEL.replicate.train)
    np.testing.assert_allclose(for_script["distances"], expected, atol=0.0051)
    assert [line["name"] for line in drawn["profiles"]] == [
        "Mahalanobis distance",
        "Score of the judge",
    ]


def test_a_profile_rises_with_its_values():
    line = profile("Height", np.linspace(0, 10, 41), (2.0, 4.0), 10.0)

    heights = [float(pair.split(",")[1]) for pair in line["points"].split()]
    assert heights == sorted(heights, reverse=True)
    assert line["sampled"] == ["0", "2.5", "5", "7.5", "10"]
    assert "0 at its beginning, 10 at its end" in line["summary"]


def test_infinite_distances_are_null_in_json():
    read = MODEL.evaluate(PLANES[0].codes)
    read.distances[3] = np.inf

    _, for_script = VIEW.plane(PLANES[0], read)

    assert for_script["distances"][3] is None
    assert np.isfinite(for_script["farthest"])


def test_98_percent_of_held_out_codes_lie_in_the_band():
    low, high = VIEW.distances
    away = distances(MODEL.replicate.held_out.z_mean, MODEL.replicate.train)

    assert np.mean((away >= low) & (away <= high)) == pytest.approx(0.98, abs=0.015)
    assert f"from {low:.3g} to {high:.3g}" in VIEW.ruler["words"]
