"""The registry of judges."""

from typing import get_args

import pytest

from aelatent.judges import FaceJudge, registry
from aelatent.judges.judge import ClassJudge
from aelatent.zoo import Collection, FixtureError
from aelatent.zoo.specification import Specification


def test_every_judge_may_be_named_in_a_specification():
    names, _ = get_args(Specification.model_fields["judge"].annotation)

    assert set(get_args(names)) == set(registry.NAMES)


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
