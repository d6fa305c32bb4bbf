"""Sample walls: what a decoder makes of the draws on each rung of the sampling ladder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aelatent.explorer.subject import Subject
from aelatent.inference.estimates import Estimate
from aelatent.judges.judge import Pixels
from aelatent.samplers.ladder import LADDER, Sampler
from aelatent.statistics import rates

DRAWS = 200  # of which hit rates are made
SHOWN = 24
NEEDS_COVARIANCE = ("S4", "S5", "S6")
CODES = "S7"


@dataclass(frozen=True, eq=False)
class Wall:
    """Draws of one sampler, decoded and judged.

    Attributes
    ----------
    rung, name : str
        Of the ladder, and what the sampler does.
    drawn : int
        Number of draws; 0 if there were none.
    pixels : ndarray of uint8, shape (m, h, w, c), or None
        The first images; None if they may not be shown.
    accepted : ndarray of bool, shape (drawn,), or None
        What the judge said, where the model has one.
    rate : Estimate or None
        Share of draws that show what they should, corrected for the judge's errors.
    because : str
        Why there are no images.
    """

    rung: str
    name: str
    drawn: int = 0
    pixels: Pixels | None = None
    accepted: NDArray[np.bool_] | None = None
    rate: Estimate | None = None
    because: str = ""


def walls(subject: Subject) -> list[Wall]:
    """Draw, decode and judge on every rung of the ladder."""
    rng = subject.rng()
    return [_wall(subject, rung, sampler, rng) for rung, sampler in LADDER.items()]


def _wall(subject: Subject, rung: str, sampler: Sampler, rng: np.random.Generator) -> Wall:
    train, held_out = subject.replicate.train, subject.replicate.held_out
    if rung.startswith(NEEDS_COVARIANCE) and not subject.ruler.joint:
        because = f"{train.n:,} codes do not tell a covariance of {train.d:,} dimensions."
        return Wall(rung, sampler.name, because=because)
    if rung != CODES:
        pixels = subject.replicate.decode(sampler.draw(DRAWS, train, rng))
        return Wall(rung, sampler.name, DRAWS, pixels[:SHOWN], *_judged(subject, pixels))
    # The reference is made of codes that no rung was fitted to.
    count = min(DRAWS, held_out.n)
    pixels = subject.replicate.decode(sampler.draw(count, held_out, rng))
    shown = pixels[:SHOWN] if subject.shown else None
    because = "" if subject.shown else "These are reconstructions of images that are not ours."
    return Wall(rung, "held-out codes", count, shown, *_judged(subject, pixels), because)


def _judged(subject: Subject, pixels: Pixels) -> tuple[NDArray[np.bool_] | None, Estimate | None]:
    """Return what the judge says, and the hit rate."""
    if subject.eye is None:
        return None, None
    accepted, card = subject.eye.accepts(pixels), subject.eye.card
    return accepted, rates.corrected_rate(accepted, card.sensitivity, card.false_acceptance)
