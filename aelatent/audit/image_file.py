"""Grades of anybody's images in a NumPy file, by a judge of the registry or by likeness."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aelatent.audit import similarity_judge
from aelatent.audit.similarity_judge import SimilarityJudge
from aelatent.data import DataError
from aelatent.judges import registry
from aelatent.judges.grade import Grade
from aelatent.judges.grading import Graded
from aelatent.judges.judge import Judge, Pixels, validated
from aelatent.runtime import quiet_keras
from aelatent.runtime.arrays import load_array
from aelatent.zoo import Collection

LIKENESS = "likeness"
NAMES = (*registry.NAMES, LIKENESS)


def read_images(path: Path) -> Pixels:
    """Read images from an .npy file, without pickle.

    Raises
    ------
    DataError
        If there is no such file, or it holds no uint8 images of shape (n, h, w, 1 or 3).
    """
    try:
        return validated(load_array(path))
    except FileNotFoundError:
        raise DataError(f"{path}: expected an .npy file of images, received no such file") from None
    except ValueError as error:
        raise DataError(
            f"{path}: expected an .npy file of uint8 images of shape (n, h, w, 1 or 3), "
            f"received {error}"
        ) from None


def grade_files(name: str, paths: Sequence[Path], collection: Collection) -> Graded:
    """Grade the images of a file.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    paths : sequence of Path
        The images; for likeness a file of reference images and then the images.
    collection : Collection
        Holds the models that judges are made of.

    Returns
    -------
    Graded

    Raises
    ------
    DataError
        If a file is missing, holds no images, or there are too many files or too few.
    """
    count = 2 if name == LIKENESS else 1
    if len(paths) != count:
        what = "REFERENCE.npy and IMAGES.npy" if name == LIKENESS else "IMAGES.npy"
        raise DataError(f"judge {name}: expected {what}, received {len(paths)} files")
    *references, pixels = [read_images(path) for path in paths]
    if references:
        return _likeness(references[0], paths[0]).grade(pixels)
    if registry.models_of(name):
        quiet_keras.load_keras()
    return registry.make_judge(name, collection).grade(pixels)


def _likeness(references: Pixels, path: Path) -> Judge:
    """Return a judge of likeness: one half of the references sets the limits for the other."""
    try:
        return SimilarityJudge(similarity_judge.calibrate(references[::2], references[1::2]))
    except ValueError:
        raise DataError(
            f"{path}: expected {2 * similarity_judge.LEAST} reference images or more, "
            f"received {len(references)}"
        ) from None


def grade_lines(graded: Graded) -> list[str]:
    """Return how many images have each grade, and their shares, as lines of a table."""
    n = max(len(graded.grades), 1)
    lines = [f"{'grade':8}{'images':>8}{'share':>9}"]
    for grade in reversed(Grade):
        count = int((graded.grades == grade).sum())
        lines.append(f"{grade.word:8}{count:8}{100 * count / n:7.1f} %")
    return lines


def plain(graded: Graded) -> list[dict[str, str | float]]:
    """Return the grade and the score of each image in plain types."""
    pairs = zip(graded.words, graded.scores.tolist(), strict=True)
    return [{"grade": word, "score": round(score, 4)} for word, score in pairs]
