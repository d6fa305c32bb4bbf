"""Each point's image, distance and score are those of its code."""

import numpy as np
import pytest

from aelatent.explorer.evaluation import CentreDistance, evaluate
from aelatent.statistics.region import distances

from .samples import BrightJudge, cloud, painted, painted_model

CODES = cloud(30, 4, 7).z_mean


def test_distances_are_mahalanobis_from_the_training_codes():
    train = cloud(200, 4, 0)

    ruler = CentreDistance(train)

    assert ruler.joint
    np.testing.assert_array_equal(ruler.distances(CODES), distances(CODES, train))


def test_few_codes_of_many_dimensions_use_single_components():
    flat = cloud(20, 40, 0, moments=False)
    code = flat.mean.copy()
    code[[3, 5]] += 3 * flat.deviations[3], 4 * flat.deviations[5]

    ruler = CentreDistance(flat)

    assert not ruler.joint
    assert ruler.distances(code[None]) == pytest.approx([5.0])


def test_images_scores_and_classes_are_those_of_the_codes():
    model = painted_model()

    read = evaluate(model.replicate, CODES, model.image_judge, model.ruler)

    np.testing.assert_array_equal(read.pixels, painted(CODES))
    graded = BrightJudge().grade(painted(CODES))
    np.testing.assert_array_equal(read.graded.scores, graded.scores)
    np.testing.assert_array_equal(read.graded.grades, graded.grades)
    np.testing.assert_array_equal(read.classes, BrightJudge().classes(painted(CODES)))


def test_without_a_judge_there_are_no_scores():
    model = painted_model(judged=False)

    read = model.evaluate(CODES)

    assert read.graded is None
    assert read.classes is None
