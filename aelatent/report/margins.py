"""The margin of a rule, read back from its sentence: records carry words, plots need numbers."""

from __future__ import annotations

import math
import re

_NUMBER = r"(-?[0-9.]+(?:e[+-]?[0-9]+)?)"
_ABOVE = re.compile(rf"lies above {_NUMBER};")
_BELOW = re.compile(rf"lies below {_NUMBER};")
_BETWEEN = re.compile(rf"lies between {_NUMBER} and {_NUMBER};")
_NEAR = re.compile(rf"lies within a factor of {_NUMBER} of {_NUMBER};")
_EQUALS = re.compile(rf"the number is {_NUMBER}(?:, give or take {_NUMBER})?;")

Limits = tuple[float, float]


def limits(rule: str) -> Limits | None:
    """Return where the interval must lie for the claim to be supported; None for other words.

    The inverse of `str(rule)` for every rule, to the digits written there.

    Examples
    --------
    >>> limits("Supported when the 95 % interval over replicates lies above 0.8; refuted when ...")
    (0.8, inf)
    >>> limits("Supported when the number is 6274; refuted otherwise.")
    (6274.0, 6274.0)
    """
    words = " ".join(rule.split())
    if found := _ABOVE.search(words):
        return float(found[1]), math.inf
    if found := _BELOW.search(words):
        return -math.inf, float(found[1])
    if found := _BETWEEN.search(words):
        return float(found[1]), float(found[2])
    if found := _NEAR.search(words):
        factor, target = float(found[1]), float(found[2])
        return target / factor, target * factor
    if found := _EQUALS.search(words):
        target, within = float(found[1]), float(found[2] or 0)
        return target - within, target + within
    return None
