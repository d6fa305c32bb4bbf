"""Counting what a judge accepts."""

import numpy as np

from aelatent.judges import measurement
from aelatent.judges.card import CardRow
from aelatent.judges.measurement import Kind


def test_each_kind_is_counted(brightness_judge):
    kinds = {
        "bright": Kind(np.full((4, 2, 2, 1), 200, np.uint8), True, 0.95),
        "dark": Kind(np.zeros((3, 2, 2, 1), np.uint8), False, 0.02),
        "odd": Kind(np.full((2, 2, 2, 1), 255, np.uint8), False, None, "it is bright after all"),
    }

    assert measurement.measure(brightness_judge, kinds).rows == (
        CardRow("bright", True, 4, 4, 0.95),
        CardRow("dark", False, 3, 0, 0.02),
        CardRow("odd", False, 2, 2, None, "it is bright after all"),
    )


def test_accuracy_is_that_of_accepted_images_only(brightness_judge):
    pixels = np.zeros((3, 2, 2, 1), np.uint8)
    pixels[:2] = [[[[203]]], [[[204]]]]

    row = measurement.measure_accuracy(brightness_judge, pixels, np.array([3, 0, 9]), 0.992)

    assert (row.n, row.accepted, row.met) == (2, 1, False)


def test_other_images_are_held_out_and_brought_to_the_shape(striped_faces, rng, monkeypatch):
    monkeypatch.setattr(measurement, "EACH", 5)

    assert measurement.sample_others(striped_faces, (28, 28, 1), rng).shape == (5, 28, 28, 1)
