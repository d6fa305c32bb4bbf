"""Counting the grades that a judge gives."""

import numpy as np

from aelatent.judges import measurement
from aelatent.judges.card import CardRow
from aelatent.judges.grade import Grade
from aelatent.judges.labelling import HALVES, LabelledImage
from aelatent.judges.measurement import Kind

NONE, DAMAGED, CLEAN = Grade


def test_each_kind_is_counted_at_each_reading(brightness_judge):
    shades = np.array([0, 70, 180, 250], np.uint8)
    mixed = np.broadcast_to(shades[:, None, None, None], (4, 2, 2, 1))
    kinds = [Kind("mixed", None, mixed), Kind("dark", NONE, mixed[:1])]

    card = measurement.measure(brightness_judge, kinds)

    assert card.readings == {
        "threshold": (CardRow("mixed", None, (1, 1, 2)), CardRow("dark", NONE, (1, 0, 0))),
        "strict": (CardRow("mixed", None, (2, 1, 1)), CardRow("dark", NONE, (1, 0, 0))),
    }


def test_accuracy_is_that_of_recognisable_images_only(brightness_judge):
    pixels = np.zeros((3, 2, 2, 1), np.uint8)
    pixels[:2] = [[[[203]]], [[[204]]]]

    assert measurement.measure_accuracy(brightness_judge, pixels, np.array([3, 0, 9])) == (1, 2)


def test_rare_kinds_are_put_together_and_half_is_left_out():
    def images(kind, n, half=HALVES[1]):
        return [LabelledImage(kind, "set", half, (CLEAN, CLEAN))] * n

    many, few = images("codes", 5), images("mean", 1) + images("paths", 1)
    seen = images("codes", 13, HALVES[0])

    kinds = measurement.labelled_kinds([*many, *few, *seen], np.zeros((20, 2, 2, 1), np.uint8))

    assert [(kind.name, kind.grade, len(kind.pixels)) for kind in kinds] == [
        ("labelled codes", CLEAN, 5),
        ("labelled others", CLEAN, 2),
    ]


def test_other_images_are_held_out_and_brought_to_the_shape(striped_faces, rng, monkeypatch):
    monkeypatch.setattr(measurement, "EACH", 5)

    assert measurement.sample_others(striped_faces, (28, 28, 1), rng).shape == (5, 28, 28, 1)
