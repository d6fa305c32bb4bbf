"""The registry of judges."""

from pathlib import Path

import pytest

from aelatent.judges import FaceJudge, registry
from aelatent.judges.judge import ClassJudge
from aelatent.zoo import Collection, FixtureError


def test_every_fixture_model_names_a_known_judge():
    collection = Collection(Path(__file__).parents[2] / "fixtures")
    judges = {collection.specification(name).judge for name in collection.names()}

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
