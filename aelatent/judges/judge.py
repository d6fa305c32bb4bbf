"""What every judge can do, and how one is described to the registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from aelatent.judges.card import JudgeCard
    from aelatent.judges.measurement import CardImages
    from aelatent.zoo import Collection

Pixels = NDArray[np.uint8]


class Judge(Protocol):
    """Decides whether an image shows what the judge recognises.

    Attributes
    ----------
    name : str
        What it recognises: "faces" or "digits".
    threshold : float
        The lowest score at which an image is accepted; set once, on held-out originals.
    """

    name: str
    threshold: float

    def scores(self, pixels: Pixels) -> NDArray[np.float64]:
        """Return a score for each image; a clearer image has a higher score."""
        ...

    def accepts(self, pixels: Pixels) -> NDArray[np.bool_]:
        """Return for each image whether its score reaches the threshold."""
        ...


@runtime_checkable
class ClassJudge(Judge, Protocol):
    """A judge that also names the class of each accepted image."""

    def classes(self, pixels: Pixels) -> NDArray[np.int64]:
        """Return the class of each image; -1 where the judge abstains."""
        ...


@dataclass(frozen=True)
class JudgeSpec:
    """A judge as the registry lists it: how to make it, and how to measure its card.

    Attributes
    ----------
    name : str
        The value of `judge` in a fixture model's or a user's YAML file, such as "faces".
    noun : str
        What one accepted image shows, such as "face".
    score_label : str
        Format of a score, such as "{} windows".
    images : str
        Image set that shows what the judge recognises; its held-out images measure the card.
    other_images : str
        Image set that shows something else.
    make : callable
        From a collection of fixture models and a training seed to the judge.
    measure_card : callable
        From a judge, the images and a random generator to the card.
    models : tuple of str
        Fixture models that the judge is made of; they are trained before any model it judges.
    """

    name: str
    noun: str
    score_label: str
    images: str
    other_images: str
    make: Callable[[Collection, int], Judge]
    measure_card: Callable[[Judge, CardImages, np.random.Generator], JudgeCard]
    models: tuple[str, ...] = ()


def validated(pixels: Pixels) -> Pixels:
    """Return `pixels` unchanged if every judge can read them.

    Raises
    ------
    ValueError
        If they are not uint8 of shape (n, h, w, 1 or 3).
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 4 or pixels.shape[-1] not in (1, 3):
        raise ValueError(
            "judge: expected uint8 pixels of shape (n, h, w, 1 or 3), "
            f"received {pixels.dtype} of shape {pixels.shape}; decodes are scaled to 0..255 first"
        )
    return pixels
