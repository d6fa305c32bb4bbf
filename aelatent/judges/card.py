"""The card of a judge: how often it accepts what it should, and what it should not."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from aelatent.inference.estimates import CONFIDENCE, Estimate, InsufficientEvidence
from aelatent.runtime import files

ORIGINALS = "held-out originals"
RECONSTRUCTIONS = "held-out reconstructions"


@dataclass(frozen=True)
class CardRow:
    """How many images of one kind were accepted.

    Attributes
    ----------
    kind : str
        What the images are, in words.
    is_image : bool
        Whether they show what the judge looks for.
    n, accepted : int
    aim : float or None
        The acceptance that the kind should reach, or stay below; None where it is only reported.
    uncounted : str
        Why the kind stays out of the false acceptance; empty where it enters.
    """

    kind: str
    is_image: bool
    n: int
    accepted: int
    aim: float | None = None
    uncounted: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.accepted <= self.n or self.n == 0:
            raise ValueError(
                f"kind {self.kind!r}: expected one image or more and no more accepted than there "
                f"are, received {self.accepted} of {self.n}"
            )

    @property
    def rate(self) -> float:
        """Share of the images that was accepted."""
        return self.accepted / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """Jeffreys' 95 % interval of the rate, closed at 0 and at 1 where the count is."""
        low, high = self._posterior.interval(CONFIDENCE)
        return (
            0.0 if self.accepted == 0 else float(low),
            1.0 if self.accepted == self.n else float(high),
        )

    @property
    def error(self) -> float:
        """Standard error of the rate; positive even where none or all were accepted."""
        return float(self._posterior.std())

    @property
    def met(self) -> bool | None:
        """Whether the rate reaches the aim, or stays below it; None without an aim."""
        if self.aim is None:
            return None
        return self.rate >= self.aim if self.is_image else self.rate <= self.aim

    @property
    def counted(self) -> bool:
        """Whether the row enters the false acceptance."""
        return not self.is_image and not self.uncounted

    @property
    def _posterior(self) -> Any:
        return stats.beta(self.accepted + 0.5, self.n - self.accepted + 0.5)


@dataclass(frozen=True)
class JudgeCard:
    """The errors of a judge, measured on images that its threshold was not set on.

    Attributes
    ----------
    judge : str
        "faces" or "digits".
    threshold : float
    rows : tuple of CardRow
    accuracy : CardRow or None
        Of the accepted originals, how many were given their right class.
    """

    judge: str
    threshold: float
    rows: tuple[CardRow, ...]
    accuracy: CardRow | None = None

    @property
    def sensitivity(self) -> Estimate:
        """Share of held-out originals accepted; all images that it judges share its error.

        The card of a judge that compares with reconstructions has reconstructions instead.

        Raises
        ------
        InsufficientEvidence
            If neither is on the card.
        """
        for row in self.rows:
            if row.kind in (ORIGINALS, RECONSTRUCTIONS):
                return Estimate(row.rate, shared=row.error)
        raise InsufficientEvidence(
            f"judge {self.judge!r}: expected a row {ORIGINALS!r}, found none"
        )

    @property
    def false_acceptance(self) -> Estimate:
        """Mean rate over the kinds of non-images that are counted.

        What a decoder makes of a bad code is none of these kinds, so the kind is the unit: the
        error is that of a mean over kinds, from their spread, but never less than from the mean
        sampling variance within them. As with `sensitivity`, all judged images share it.

        Raises
        ------
        InsufficientEvidence
            If fewer than two kinds are counted.
        """
        rows = [row for row in self.rows if row.counted]
        if len(rows) < 2:
            raise InsufficientEvidence(
                f"judge {self.judge!r}: expected two kinds of non-images or more, "
                f"received {[row.kind for row in rows]}"
            )
        rates = np.array([row.rate for row in rows])
        within = float(np.mean([row.error**2 for row in rows]))
        variance = max(float(rates.var(ddof=1)), within) / len(rows)
        return Estimate(float(rates.mean()), shared=math.sqrt(variance))

    def __str__(self) -> str:
        lines = [f"judge of {self.judge}, threshold {self.threshold:.4g}"]
        rows = [*self.rows, *([self.accuracy] if self.accuracy else [])]
        width = max(len(row.kind) for row in rows)
        for row in rows:
            low, high = row.interval
            verdict = {True: "met", False: "MISSED", None: ""}[row.met]
            aim = "" if row.aim is None else f"aim {'>=' if row.is_image else '<='} {row.aim:.3f}"
            lines.append(
                f"  {row.kind:{width}}  {row.rate:.3f} [{low:.3f}, {high:.3f}] of {row.n:5}  "
                f"{aim:12} {verdict:6} {row.uncounted}".rstrip()
            )
        return "\n".join(lines)

    def to_json(self) -> str:
        """Return the card as JSON, with rates and intervals for human readers."""
        content = {
            "judge": self.judge,
            "threshold": self.threshold,
            "rows": [_plain(row) for row in self.rows],
            "accuracy": None if self.accuracy is None else _plain(self.accuracy),
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
            return cls(
                judge=content["judge"],
                threshold=float(content["threshold"]),
                rows=tuple(_row(entry) for entry in content["rows"]),
                accuracy=None if accuracy is None else _row(accuracy),
            )
        except (ValueError, KeyError, TypeError) as error:
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


FIELDS = "kind", "is_image", "n", "accepted", "aim", "uncounted"


def _plain(row: CardRow) -> dict[str, Any]:
    derived = {
        "rate": round(row.rate, 4),
        "interval": [round(limit, 4) for limit in row.interval],
        "met": row.met,
    }
    return {name: getattr(row, name) for name in FIELDS} | derived


def _row(entry: dict[str, Any]) -> CardRow:
    return CardRow(**{name: entry[name] for name in FIELDS})
