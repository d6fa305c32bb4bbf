"""Arguments of commands that have a form of their own."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING

from aelatent.inference.rules import Outcome

if TYPE_CHECKING:
    from aelatent.audit.gates import Threshold

CLUSTER = "run on the workers of a dask scheduler, such as tcp://10.0.0.1:8786, or its file"


def seeds(text: str) -> list[int]:
    """Read "0-4" or "0,2,5-6" as a list of seeds.

    Examples
    --------
    >>> seeds("0,2,5-6")
    [0, 2, 5, 6]
    """
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        try:
            found += range(int(first), int(last if dash else first) + 1)
        except ValueError:
            raise argparse.ArgumentTypeError(f"expected such as 0-4 or 0,2, got {text!r}") from None
    return found


def threshold(text: str) -> Threshold:
    """Read "gaussian:0.9" or "0.9"."""
    from aelatent.audit.gates import Threshold

    try:
        return Threshold.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def positive(text: str) -> float:
    """Read a number above 0.

    Examples
    --------
    >>> positive("0.01")
    0.01
    """
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 < found < math.inf:  # which a NaN is not
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return found


def demand(text: str) -> tuple[str, str]:
    """Read "refuted:A-18" as an outcome and a claim.

    Examples
    --------
    >>> demand("refuted:A-18")
    ('refuted', 'A-18')
    """
    outcome, _, claim = text.partition(":")
    known = [outcome.value for outcome in Outcome]
    if outcome not in known or not claim:
        raise argparse.ArgumentTypeError(
            f"expected OUTCOME:CLAIM with an outcome of {', '.join(known)}, got {text!r}"
        )
    return outcome, claim
