"""Pictures of what decided a claim, saved during a run and linked in the documentation."""

import io

import numpy as np
from PIL import Image

from tests import verdict_pictures
from tests.verdict_pictures import COUNT, FRAME, GAP, SIDE

pytest_plugins = ["pytester"]

CHECK = """
from types import SimpleNamespace
import numpy as np
import pytest
from aelatent.judges.judged_samples import JudgedSamples

@pytest.mark.parametrize("model", ["a_model"])
def test_{name}(model):
    judge = SimpleNamespace(grades=lambda measures: measures["grade"].astype(np.int8))
    pixels, measures = np.zeros((30, 9, 9, 3), np.uint8), {{"grade": np.arange(30) % 3}}
    JudgedSamples(None, judge, np.zeros((30, 2)), pixels, measures)
    assert {passes}

def test_of_codes():
    pass
"""


def cell_colours(content):
    """The colour of each frame of a picture of one row."""
    sheet = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), dtype=int)
    step = SIDE + 2 * FRAME + GAP
    return [
        sheet[FRAME // 2, place * step + FRAME : place * step + SIDE].mean(axis=0)
        for place in range(3)
    ]


def test_checks_that_judge_images_leave_a_picture_each(pytester):
    for name, passes in (("faces", True), ("digits", False)):
        pytester.makepyfile(**{f"test_{name}": CHECK.format(name=name, passes=passes)})
    pytester.runpytest("-p", "tests.verdict_pictures", "--verdict-pictures=seen", "-n0")
    found = {path.name for path in (pytester.path / "seen").iterdir()}
    assert found == {"faces-a_model.webp", "digits-a_model.webp"}


def test_without_the_option_nothing_is_saved(pytester):
    pytester.makepyfile(CHECK.format(name="faces", passes=True))
    pytester.runpytest("-p", "tests.verdict_pictures", "-n0").assert_outcomes(passed=2)
    assert not list(pytester.path.rglob("*.webp"))


def test_frames_tell_grades_apart():
    pixels = np.full((3, 28, 28, 1), 255, np.uint8)
    none, damaged, clean = cell_colours(
        verdict_pictures.picture(pixels, np.arange(3, dtype=np.int8))
    )
    assert none[0] > none[2] + 50
    assert clean[2] > clean[0] + 50
    assert damaged[1] > max(none[1], clean[1]) + 30


def test_the_picture_of_noise_is_small(rng):
    pixels = rng.integers(0, 256, (COUNT, 96, 96, 3), dtype=np.uint8)
    content = verdict_pictures.picture(pixels, np.ones(COUNT, np.int8))
    assert len(content) < verdict_pictures.MOST_BYTES


def test_images_are_spread_over_all_samples():
    shown = [(np.full((12, 1, 1, 1), k, np.uint8), np.full(12, k, np.int8)) for k in range(40)]
    assert verdict_pictures.chosen(shown)[1].tolist() == sorted(
        set(np.linspace(0, 39, 12).astype(int))
    )
    assert verdict_pictures.chosen(shown[:4])[1].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_rows_of_a_table_link_the_pictures_that_exist(tmp_path):
    (tmp_path / "seen").mkdir()
    for name in ("codes_lie-a_model.webp", "models_agree.webp"):
        (tmp_path / "seen" / name).write_bytes(b"picture")
    table = (
        "| A-01 | `codes_lie` | a_model | supported |\n"
        "| A-01 | `codes_lie` | other_model | supported |\n"
        "| A-02 | `models_agree` | all | refuted |\n"
    )
    linked = verdict_pictures.link(table, tmp_path / "seen", tmp_path / "pictures" / "verdicts")
    assert linked == table.replace(
        "`codes_lie` | a", "[`codes_lie`](pictures/verdicts/codes_lie-a_model.webp) | a"
    ).replace("`models_agree`", "[`models_agree`](pictures/verdicts/models_agree.webp)")
    assert len(list((tmp_path / "pictures" / "verdicts").iterdir())) == 2
    again = verdict_pictures.link(linked, tmp_path / "seen", tmp_path / "pictures" / "verdicts")
    assert again == linked
