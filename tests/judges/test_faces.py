"""The face judge."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from skimage.data import astronaut

from aelatent.judges import FaceJudge, centerface, faces, nonimages, patches
from aelatent.judges.grade import Grade
from aelatent.judges.judge import Judge
from aelatent.runtime import environment


@pytest.fixture(scope="module")
def judge():
    return FaceJudge.load()


@pytest.fixture
def face():
    """The face of the astronaut Eileen Collins (NASA, public domain), cropped as in LFW."""
    return nonimages.recast(astronaut()[None, 35:185, 150:300], faces.SHAPE)


def blue_sheet():
    """A smooth blue image, as the decoders of faces make of the origin."""
    down, across = np.mgrid[:96, :96] / 96
    shades = np.stack([90 + 20 * down, 110 + 15 * across, 170 + 20 * down], axis=-1)
    return shades[None].astype(np.uint8)


def test_a_face_is_clean_in_every_reading(judge, face):
    assert isinstance(judge, FaceJudge)
    found: Judge = judge
    measured = found.measures(face)
    assert {int(found.grades(measured, each)[0]) for each in found.readings} == {Grade.CLEAN}


def test_the_stored_judge_is_read_as_utf_8(encodings):
    FaceJudge.load()

    assert encodings == ["utf-8"]


@pytest.mark.parametrize("module", [faces, centerface])
def test_as_many_threads_look_as_may_compute(module, monkeypatch):
    """A worker has a share of the cores, which others compute on."""
    started = []
    monkeypatch.setattr(environment, "threads", lambda: 3)
    monkeypatch.setattr(
        module, "ThreadPoolExecutor", lambda count: started.append(count) or ThreadPoolExecutor(1)
    )
    look = faces.count_windows if module is faces else centerface.look
    look(np.zeros((1, *faces.SHAPE), np.uint8))

    assert started == [3]


def test_the_blank_blue_sheet_shows_nothing(judge):
    assert judge.grade(blue_sheet()).words == ["none"]


def test_noise_strokes_and_scrambles_show_nothing(judge, face, rng):
    for pixels in (
        nonimages.pixel_noise(10, faces.SHAPE, rng),
        nonimages.strokes(10, faces.SHAPE, rng),
        nonimages.phase_scrambles(10, face, rng),
    ):
        assert set(judge.grade(pixels).words) == {"none"}


def test_faces_in_shuffled_tiles_are_never_clean(judge, face, rng):
    """A tile of the middle may keep eyes and nose, and so a damaged face."""
    assert "clean" not in judge.grade(nonimages.shuffled_tiles(20, face, rng)).words


def test_size_and_colour_hardly_matter(judge, face):
    for shape in ((150, 150, 3), (96, 96, 1)):
        assert judge.grade(nonimages.recast(face, shape)).words == ["clean"]


def test_grades_keep_the_order_of_the_images(judge, face, rng):
    mixed = np.concatenate([nonimages.pixel_noise(2, faces.SHAPE, rng), face])
    graded = judge.grade(mixed)
    assert graded.words == ["none", "none", "clean"]
    assert graded.scores[:2].max() < 0.1
    assert 1.5 < graded.scores[2] <= 2


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((2, 96, 96, 3)), np.zeros((96, 96, 3), np.uint8), np.zeros((1, 9, 9, 4), np.uint8)],
)
def test_what_are_no_pixels_is_refused(judge, pixels):
    with pytest.raises(ValueError, match="expected uint8 pixels of shape"):
        judge.grade(pixels)


def test_an_unknown_reading_is_refused(judge, face):
    with pytest.raises(ValueError, match=r"expected one of .*'LBP cascade alone'"):
        judge.grades(judge.measures(face), "mild")


def test_no_images_have_no_grades(judge):
    assert judge.grade(np.zeros((0, 96, 96, 3), np.uint8)).words == []


@pytest.mark.slow
def test_a_fitted_judge_reads_what_it_stored(face, rng):
    """Forty faces, forty torn and forty of noise: the rule is made of all, and survives JSON."""
    torn = face.copy()
    torn[:, 40:, ::2] = 128
    noise = nonimages.pixel_noise(40, faces.SHAPE, rng)
    jitter = rng.integers(0, 12, (80, *faces.SHAPE), dtype=np.uint8)
    shown = np.concatenate([face.repeat(40, 0) // 2, torn.repeat(40, 0) // 2]) + jitter
    grades = np.repeat([2, 1, 0], 40).astype(np.int8)

    photographs = patches.fit(face, rng)
    looked = faces.look(np.concatenate([shown, noise]), photographs)
    judge = faces.fit_to_features(*looked, grades, photographs)

    assert (judge.grade(noise).grades == Grade.NONE).mean() > 0.9
    assert (judge.grade(shown[:40]).grades == Grade.CLEAN).mean() > 0.9
    assert judge.readings[0] == "threshold"


def test_equal_images_are_measured_once(judge, face, monkeypatch):
    other = face[:, :, ::-1]
    apart = judge.measures(np.concatenate([face, other]))
    counted, count = [], faces.count_windows
    monkeypatch.setattr(
        faces, "count_windows", lambda images: counted.append(len(images)) or count(images)
    )

    together = judge.measures(np.concatenate([face, other, face, face, other]))

    assert counted == [2]
    for name in apart:
        np.testing.assert_allclose(together[name], apart[name][[0, 1, 0, 0, 1]], rtol=1e-12)
