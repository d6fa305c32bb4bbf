"""The card of a judge: what grades it gives to images of each kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from aelatent.inference.estimates import CONFIDENCE, Estimate, InsufficientEvidence
from aelatent.inference.rules import THRESHOLD
from aelatent.judges.grade import Grade
from aelatent.runtime import files
from aelatent.statistics.rates import rate_of_new_kind

ORIGINALS = "held-out originals"
RECONSTRUCTIONS = "held-out reconstructions"
LABELLED = "labelled "
"""Begins the name of a kind whose images were graded by eye."""


@dataclass(frozen=True)
class CardRow:
    """The grades that a judge gave to images of one kind.

    Attributes
    ----------
    kind : str
        What the images are, in words.
    grade : Grade or None
        What all of them show; None where that is not known.
    counts : tuple of int
        How many were found to show nothing, to be damaged, and to be clean.
    """

    kind: str
    grade: Grade | None
    counts: tuple[int, int, int]

    def __post_init__(self) -> None:
        if len(self.counts) != len(Grade) or min(self.counts) < 0 or self.n == 0:
            raise ValueError(
                f"kind {self.kind!r}: expected a count for each grade, and one image or more, "
                f"received {self.counts}"
            )

    @property
    def n(self) -> int:
        """Number of images."""
        return sum(self.counts)

    def reaching(self, grade: Grade) -> int:
        """Return how many images were given this grade or a better one."""
        return sum(self.counts[grade:])

    def rate(self, grade: Grade) -> Estimate:
        """Share of the images given this grade or a better one, with Jeffreys' error."""
        reaching = self.reaching(grade)
        return Estimate(reaching / self.n, shared=_error(reaching, self.n))

    def interval(self, grade: Grade) -> tuple[float, float]:
        """Jeffreys' 95 % interval of that share, closed at 0 and at 1 where the count is."""
        reaching = self.reaching(grade)
        low, high = _posterior(reaching, self.n).interval(CONFIDENCE)
        return (0.0 if reaching == 0 else float(low), 1.0 if reaching == self.n else float(high))


@dataclass(frozen=True)
class JudgeCard:
    """The errors of a judge, measured on images that its thresholds were not set on.

    Attributes
    ----------
    judge : str
        "faces" or "digits".
    readings : mapping of str to tuple of CardRow
        The rows at each reading of the judge; the first is the one that counts.
    accuracy : tuple of int or None
        Of how many recognisable originals the class was right, and how many there were.
    """

    judge: str
    readings: Mapping[str, tuple[CardRow, ...]]
    accuracy: tuple[int, int] | None = None

    @property
    def rows(self) -> tuple[CardRow, ...]:
        """The rows at the judge's threshold."""
        return self.readings[THRESHOLD]

    def sensitivity(self, grade: Grade = Grade.CLEAN, reading: str = THRESHOLD) -> Estimate:
        """Share of images of a grade, or a better one, that the judge takes for such.

        Parameters
        ----------
        grade : Grade
        reading : str

        Returns
        -------
        Estimate
            All images that the judge sees share its error.

        Raises
        ------
        InsufficientEvidence
            If the card has no images of this grade.
        """
        rows = [row for row in self.readings[reading] if row.grade is not None]
        good = [row for row in rows if row.grade is not None and row.grade >= grade]
        if not good:
            raise InsufficientEvidence(
                f"judge {self.judge!r}: expected images that are {grade.word} on its card, "
                "found none"
            )
        reaching, n = sum(row.reaching(grade) for row in good), sum(row.n for row in good)
        return Estimate(reaching / n, shared=_error(reaching, n))

    def false_acceptance(self, grade: Grade = Grade.CLEAN, reading: str = THRESHOLD) -> Estimate:
        """Share of images below a grade that the judge takes for such, at a kind not on the card.

        What a decoder makes of a bad code is none of the kinds on the card, so the kind is the
        unit, and the error is that of a new kind.

        Parameters
        ----------
        grade : Grade
        reading : str

        Returns
        -------
        Estimate
            All images that the judge sees share its error.

        Raises
        ------
        InsufficientEvidence
            If the card has fewer than two such kinds.
        """
        rows = [r for r in self.readings[reading] if r.grade is not None and r.grade < grade]
        if len(rows) < 2:
            raise InsufficientEvidence(
                f"judge {self.judge!r}: expected two kinds of images or more that are less than "
                f"{grade.word}, received {[row.kind for row in rows]}"
            )
        rates = [row.rate(grade) for row in rows]
        return rate_of_new_kind([rate.value for rate in rates], [rate.shared for rate in rates])

    def __str__(self) -> str:
        rows = self.rows
        width = max(len(row.kind) for row in rows)
        lines = [f"judge of {self.judge}: how many of each kind are", ""]
        lines.append(f"  {'':{width}}  by eye        n     none  damaged    clean")
        for row in rows:
            truth = "" if row.grade is None else row.grade.word
            shares = "  ".join(f"{count / row.n:7.3f}" for count in row.counts)
            lines.append(f"  {row.kind:{width}}  {truth:8} {row.n:6}  {shares}")
        if self.accuracy:
            right, n = self.accuracy
            lines.append(f"  right class: {right} of {n} recognisable originals")
        return "\n".join(lines)

    def to_json(self) -> str:
        """Return the card as JSON."""
        content = {
            "judge": self.judge,
            "readings": {
                name: [_plain(row) for row in rows] for name, rows in self.readings.items()
            },
            "accuracy": self.accuracy,
        }
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes, where: object = "judge card") -> JudgeCard:
        """Read what `to_json` wrote.

        Parameters
        ----------
        text : str or bytes
            JSON.
        where : object
            Where the text comes from, for the error message; by default "judge card".

        Returns
        -------
        JudgeCard

        Raises
        ------
        StorageError
            If the text is no judge card.
        """
        try:
            content = json.loads(text)
            accuracy = content["accuracy"]
            readings = {
                name: tuple(_row(entry) for entry in rows)
                for name, rows in content["readings"].items()
            }
            readings[THRESHOLD]  # without it, nothing counts
            return cls(content["judge"], readings, accuracy and (accuracy[0], accuracy[1]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise files.StorageError(
                f"{where}: expected a judge card, received {error!r}. Measure it again."
            ) from error

    def write(self, path: Path) -> None:
        """Write the card to a file, whole or not at all."""
        files.write(path, self.to_json().encode())

    @classmethod
    def read(cls, path: Path) -> JudgeCard:
        """Read a stored card.

        Raises
        ------
        StorageError
            If there is no such file, or it is no judge card.
        """
        try:
            content = files.read(path)
        except FileNotFoundError:
            raise files.StorageError(
                f"{path}: expected a judge card, received no such file. Measure it first."
            ) from None
        return cls.from_json(content, path)


def counts(grades: np.ndarray[Any, np.dtype[np.int8]]) -> tuple[int, int, int]:
    """Return how many images have each grade."""
    none, damaged, clean = (int((grades == grade).sum()) for grade in Grade)
    return none, damaged, clean


# A claim asks for it for each kind, reading and replicate, and SciPy takes a millisecond each time.
@lru_cache(maxsize=1024)
def _error(reaching: int, n: int) -> float:
    """Return Jeffreys' standard error of a share."""
    return float(_posterior(reaching, n).std())


def _posterior(reaching: int, n: int) -> Any:
    return stats.beta(reaching + 0.5, n - reaching + 0.5)


def _plain(row: CardRow) -> dict[str, Any]:
    truth = None if row.grade is None else row.grade.word
    return {"kind": row.kind, "grade": truth, "counts": list(row.counts)}


def _row(entry: dict[str, Any]) -> CardRow:
    grade = entry["grade"]
    none, damaged, clean = entry["counts"]
    return CardRow(
        entry["kind"], None if grade is None else Grade[grade.upper()], (none, damaged, clean)
    )
