"""The labels given by eye: complete, agreeing, and split in halves."""

import os
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from aelatent.judges import registry
from aelatent.judges.grade import Grade
from aelatent.judges.labelling import HALVES, main, pool, read_labels, write_sheets
from aelatent.zoo import Collection

DATA = Path(os.environ.get("AELATENT_DATA", ""))
FIXTURES = Path(__file__).parents[2] / "fixtures"
NAMES = "faces", "digits"


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_is_split_between_the_halves(name):
    by_kind: dict[str, list[str]] = {}
    for image in read_labels(name):
        by_kind.setdefault(image.kind, []).append(image.half)
    counts = {kind: [halves.count(half) for half in HALVES] for kind, halves in by_kind.items()}
    assert not {kind: split for kind, split in counts.items() if abs(split[0] - split[1]) > 5}


@pytest.mark.parametrize("name", NAMES)
def test_each_half_has_dozens_of_every_grade(name):
    images = read_labels(name)
    counts = {
        (half, grade): sum(image.half == half and image.grade == grade for image in images)
        for half in HALVES
        for grade in Grade
    }
    assert not {key: n for key, n in counts.items() if n < 40}


@pytest.mark.parametrize(
    ("name", "labelled", "kappa"),
    [
        ("faces", slice(580), 0.90),
        ("faces", slice(580, 862), 0.95),
        ("digits", slice(668), 0.84),
    ],
)
def test_two_passes_agree_as_the_documentation_says(name, labelled, kappa):
    images = read_labels(name)[labelled]
    first, second = zip(*(image.grades[:2] for image in images), strict=True)
    assert len(images) == labelled.stop - (labelled.start or 0)
    assert cohen_kappa_score(first, second) == pytest.approx(kappa, abs=0.005)
    assert not any(
        {one, other} == {Grade.NONE, Grade.CLEAN} for one, other in zip(first, second, strict=True)
    )


@pytest.mark.parametrize("name", NAMES)
def test_labels_are_about_the_images_that_are_made_again(name):
    """Two models of digits got trainings, and all labels stood beside other images."""
    if not (os.environ.get("AELATENT_DATA") and (DATA / registry.find(name).images).exists()):
        pytest.skip(f"the images of {name} are not in AELATENT_DATA")
    made, pixels = pool(name, Collection(FIXTURES))

    labelled = [(image.kind, image.source, image.half) for image in read_labels(name)]
    assert [(image.kind, image.source, image.half) for image in made] == labelled
    assert len(pixels) == len(labelled)


def test_a_sheet_shows_forty_images_and_no_more(tmp_path):
    paths = write_sheets(np.zeros((41, 8, 8, 1), np.uint8), range(41), 16, tmp_path)
    assert [path.name for path in paths] == ["sheet-00.png", "sheet-01.png"]


@pytest.mark.parametrize("date", ["../x", "2026/11/29", "tomorrow"])
def test_a_labelling_has_a_date(date, tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["faces", str(tmp_path), "--date", date])
    assert f"expected a date such as 2026-11-29, received '{date}'" in capsys.readouterr().err


def test_a_later_labelling_comes_after_those_that_have_labels(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["faces", str(tmp_path), "--date", "2026-11-01", "--fixtures", str(FIXTURES)])
    assert "expected one after that of" in capsys.readouterr().err
    assert not (FIXTURES / "judges" / "faces_decodes_2026-11-01.npz").exists()


def test_lost_decodes_are_not_replaced_by_others(tmp_path):
    with pytest.raises(FileNotFoundError, match="faces_decodes"):
        main(["faces", str(tmp_path / "sheets"), "--fixtures", str(tmp_path)])


def test_labels_are_read_as_utf_8(encodings):
    read_labels("faces")

    assert encodings == ["utf-8"]
