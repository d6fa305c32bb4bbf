"""What every statistic is held against: one entry a statistic, from which the table is written."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Pair = tuple[object, object]


@dataclass(frozen=True)
class Parity:
    """A statistic, and how its reference is called on the same input.

    Attributes
    ----------
    name : str
        Module and function, such as "axes.offset".
    reference : str
        What gives the other number, in words.
    precision : float
        Largest difference, over one more than the absolute value of the reference.
    compare : callable
        From a random generator to what the library and what the reference say.
    """

    name: str
    reference: str
    precision: float
    compare: Callable[[np.random.Generator], Pair]


CASES: dict[str, Parity] = {}


def name_of(statistic):
    """Return module and function, such as "axes.offset"."""
    return f"{statistic.__module__.rpartition('.')[2]}.{statistic.__qualname__}"


def agrees(statistic, reference, precision=1e-10):
    """Register the decorated comparison as that of `statistic` with its reference."""

    def keep(compare):
        name = name_of(statistic)
        assert name not in CASES, f"{name} has its reference already"
        CASES[name] = Parity(name, reference, precision, compare)
        return compare

    return keep
