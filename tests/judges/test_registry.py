"""The registry of judges."""

from pathlib import Path

import numpy as np
import pytest

from aelatent.judges import FaceJudge, registry
from aelatent.judges.judge import ClassJudge
from aelatent.zoo import Collection, FixtureError

FIXTURES = Collection(Path(__file__).parents[2] / "fixtures")


def test_every_fixture_model_names_a_known_judge():
    judges = {FIXTURES.specification(name).judge for name in FIXTURES.names()}

    assert judges - {None} <= set(registry.NAMES)


def test_an_unknown_judge_is_refused_by_name():
    with pytest.raises(FixtureError, match="expected one of digits, faces, received 'cats'"):
        registry.find("cats")


@pytest.mark.parametrize("name", registry.NAMES)
def test_a_specification_has_the_name_it_is_found_by(name):
    assert registry.find(name).name == name


def test_the_face_judge_needs_no_fixture_model(tmp_path):
    judge = registry.make_judge("faces", Collection(tmp_path))

    assert isinstance(judge, FaceJudge)
    assert not isinstance(judge, ClassJudge)
    assert registry.models_of("faces") == ()


def test_the_digit_judge_names_its_classifier():
    assert registry.models_of("digits") == ("digit_judge",)
    assert registry.models_of(None) == ()


def test_a_judge_measures_the_same_images_once(monkeypatch, rng):
    image_judge = registry.image_judge("faces", FIXTURES)
    asked = []
    measures = image_judge.judge.measures
    monkeypatch.setattr(
        image_judge.judge, "measures", lambda pixels: asked.append(pixels) or measures(pixels)
    )
    pixels = rng.integers(0, 256, (2, 96, 96, 3), dtype=np.uint8)
    monkeypatch.setattr(registry, "KEPT", 1)

    first = image_judge.measures(pixels)

    assert image_judge.measures(pixels.copy()) is first
    image_judge.measures(pixels[:1])
    image_judge.measures(pixels)
    assert [len(each) for each in asked] == [2, 1, 2]


def test_a_judge_names_the_same_images_once_for_all_readings(monkeypatch, rng):
    image_judge = registry.image_judge("digits", FIXTURES)
    pixels = rng.integers(0, 256, (6, 28, 28, 1), dtype=np.uint8)
    grades = np.array([0, 1, 2, 0, 1, 2], np.int8)
    expected = [image_judge.judge.classes(pixels, each) for each in (grades, grades[::-1])]
    asked = []
    classes = image_judge.judge.classes
    monkeypatch.setattr(
        image_judge.judge, "classes", lambda *given: asked.append(given) or classes(*given)
    )

    named = [image_judge.classes(pixels, each) for each in (grades, grades[::-1])]

    np.testing.assert_array_equal(named, expected)
    assert named[0].dtype == expected[0].dtype
    assert len(asked) == 1
    measured = image_judge.judge.grade(pixels).grades
    np.testing.assert_array_equal(image_judge.classes(pixels), classes(pixels, measured))


def test_a_judge_without_classes_is_told_apart():
    with pytest.raises(TypeError, match="received that of faces"):
        registry.image_judge("faces", FIXTURES).classes(np.zeros((1, 96, 96, 3), np.uint8))
