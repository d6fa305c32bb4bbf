"""A simulated judge, with the rates on the cards of the judges of faces and of digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.inference.estimates import Estimate
from aelatent.inference.intervals import KindError
from aelatent.inference.rules import THRESHOLD
from aelatent.latent.cloud import Floats

# The grades, as values of `aelatent.judges.grade.Grade`, which lies above this package.
DAMAGED, CLEAN = 1, 2
WHITE = 255
SHADE = 100  # of a damaged image; a clean one is lighter, by its class


@dataclass(frozen=True)
class SimulatedRates:
    """How often a judge errs about images of a grade, at one of its readings.

    Attributes
    ----------
    sensitivity : Estimate
        Share of such images that the judge takes for such.
    false_acceptance : Estimate
        Share of lesser images that it takes for such.
    """

    sensitivity: Estimate
    false_acceptance: Estimate


@dataclass(frozen=True)
class SimulatedCard:
    """The measured rates on a judge's card, by reading.

    Attributes
    ----------
    clean, recognisable : mapping of str to SimulatedRates
        By the name of the reading; the first is "threshold".
    """

    clean: Mapping[str, SimulatedRates]
    recognisable: Mapping[str, SimulatedRates]

    def rates(self, grade: int, reading: str) -> SimulatedRates:
        """Return the rates about clean images, or about recognisable ones for a lower grade.

        Parameters
        ----------
        grade : int
            A value of `Grade`.
        reading : str

        Returns
        -------
        SimulatedRates
        """
        return (self.clean if grade == CLEAN else self.recognisable)[reading]

    def sensitivity(self, grade: int = CLEAN, reading: str = THRESHOLD) -> Estimate:
        """Return the share of images of a grade that the judge takes for such.

        Parameters
        ----------
        grade : int
            A value of `Grade`.
        reading : str

        Returns
        -------
        Estimate
        """
        return self.rates(grade, reading).sensitivity

    def false_acceptance(self, grade: int = CLEAN, reading: str = THRESHOLD) -> Estimate:
        """Return the share of lesser images that the judge takes for such.

        Parameters
        ----------
        grade : int
            A value of `Grade`.
        reading : str

        Returns
        -------
        Estimate
        """
        return self.rates(grade, reading).false_acceptance


def _rates(
    sensitivity: float, error: float, false: float, of_kind: float, k: int
) -> SimulatedRates:
    kind = KindError(of_kind, k - 1, room=false)
    return SimulatedRates(Estimate(sensitivity, shared=error), Estimate(false, kind=kind))


# The rates on the cards of the judges of faces and of digits; a test compares them.
FACES_CARD = SimulatedCard(
    clean={
        "threshold": _rates(0.953, 0.0148, 0.0624, 0.1505, 20),
        "lenient": _rates(0.958, 0.0141, 0.0662, 0.1498, 20),
        "strict": _rates(0.915, 0.0193, 0.0540, 0.1346, 20),
        "LBP cascade alone": _rates(0.915, 0.0193, 0.1298, 0.2242, 20),
        "CenterFace alone": _rates(0.939, 0.0167, 0.0883, 0.1651, 20),
    },
    recognisable={
        "threshold": _rates(0.978, 0.0078, 0.0508, 0.1232, 11),
        "lenient": _rates(0.978, 0.0078, 0.0508, 0.1232, 11),
        "strict": _rates(0.932, 0.0132, 0.0082, 0.0305, 11),
        "LBP cascade alone": _rates(0.807, 0.0206, 0.0003, 0.0140, 11),
        "CenterFace alone": _rates(0.943, 0.0122, 0.0519, 0.1264, 11),
    },
)
DIGITS_CARD = SimulatedCard(
    clean={
        "threshold": _rates(0.897, 0.0282, 0.0792, 0.1165, 22),
        "lenient": _rates(0.949, 0.0209, 0.1882, 0.2599, 22),
        "strict": _rates(0.735, 0.0406, 0.0289, 0.0640, 22),
        "classifier alone": _rates(0.880, 0.0301, 0.0867, 0.1160, 22),
        "distances alone": _rates(0.855, 0.0326, 0.1216, 0.1734, 22),
    },
    recognisable={
        "threshold": _rates(0.931, 0.0159, 0.0616, 0.0886, 12),
        "lenient": _rates(0.965, 0.0116, 0.1245, 0.1859, 12),
        "strict": _rates(0.904, 0.0183, 0.0471, 0.0857, 12),
        "classifier alone": _rates(0.804, 0.0246, 0.0909, 0.1875, 12),
        "distances alone": _rates(0.927, 0.0162, 0.0672, 0.0866, 12),
    },
)


@dataclass(frozen=True, eq=False)
class SimulatedJudge:
    """A judge that reads the one pixel of simulated images, and errs at rates of its own.

    Its true rates are drawn about those on its card, with the errors that the card states; they
    move together at all readings.

    Attributes
    ----------
    rng : numpy.random.Generator
    card : SimulatedCard
    """

    rng: np.random.Generator
    card: SimulatedCard = FACES_CARD

    @property
    def judge(self) -> SimulatedJudge:
        """The judge itself: it keeps no card apart."""
        return self

    @property
    def readings(self) -> tuple[str, ...]:
        """The names of the readings on the card."""
        return tuple(self.card.clean)

    @cached_property
    def shifts(self) -> tuple[float, float]:
        """By how many standard errors the true rates differ from those on the card."""
        return self.rng.normal(), self.rng.normal()

    def chances(self, grade: int, reading: str) -> tuple[float, float]:
        """Return the true rates about images of a grade.

        Parameters
        ----------
        grade : int
            A value of `Grade`.
        reading : str

        Returns
        -------
        tuple of float
            The chance that such an image is taken for such, and that a lesser one is.
        """
        good, bad = self.shifts
        rates = self.card.rates(grade, reading)
        sensitivity = rates.sensitivity.value + good * rates.sensitivity.shared
        false = rates.false_acceptance.value + bad * rates.false_acceptance.kind.error
        return float(np.clip(sensitivity, 0, 1)), float(np.clip(false, 0, 1))

    def measures(self, pixels: NDArray[Any]) -> dict[str, Floats]:
        """Return the shade of each image, and the chance by which the judge errs about it."""
        shades = pixels.reshape(len(pixels), -1)[:, 0].astype(np.float64)
        return {"shade": shades, "chance": self.rng.uniform(size=len(pixels))}

    def grades(self, measures: Mapping[str, Floats], reading: str = THRESHOLD) -> NDArray[np.int8]:
        """Return the grade of each image from what was measured of it.

        Parameters
        ----------
        measures : mapping of str to ndarray of float64, shape (n,)
        reading : str
            One of `readings`.

        Returns
        -------
        ndarray of int8, shape (n,)
            0 for none, 1 for damaged, 2 for clean.
        """
        shade, chance = measures["shade"], measures["chance"]
        seen, imagined = self.chances(DAMAGED, reading)
        clear, mistaken = self.chances(CLEAN, reading)
        recognisable = chance < np.where(shade > 0, max(seen, clear), imagined)
        clean = recognisable & (chance < np.where(shade > SHADE, clear, mistaken))
        return (recognisable.astype(np.int8) + clean).astype(np.int8)

    def accepts(self, pixels: NDArray[Any], grade: int = CLEAN) -> NDArray[np.bool_]:
        """Return which images reach a grade, at the threshold.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, 1, 1, 1)
        grade : int
            A value of `Grade`.

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        return np.asarray(self.grades(self.measures(pixels)) >= grade)

    def classes(
        self, pixels: NDArray[Any], grades: NDArray[np.int8] | None = None
    ) -> NDArray[np.int64]:
        """Return the class that clean images show, and one of ten at random for others.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, 1, 1, 1)
        grades : ndarray of int8, shape (n,), optional
            Of these images; it abstains, -1, where they show nothing. By default it never does.

        Returns
        -------
        ndarray of int64, shape (n,)
        """
        shades = pixels.reshape(len(pixels), -1)[:, 0].astype(np.int64)
        random = self.rng.integers(0, 10, len(pixels))
        shown = np.where(shades > SHADE, WHITE - shades, random)
        return shown if grades is None else np.where(grades > 0, shown, -1)
