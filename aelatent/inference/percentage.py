"""A share and its interval in per cent, as an audit writes them everywhere."""

from __future__ import annotations

from collections.abc import Sequence


def percent(share: float, interval: Sequence[float]) -> str:
    """Write a share and its interval in whole per cent.

    Parameters
    ----------
    share : float
        From 0 to 1; a share of an error may lie beyond.
    interval : pair of float

    Returns
    -------
    str

    Examples
    --------
    >>> percent(0.256, (0.1, 0.4))
    '26 % [10, 40]'
    """
    low, high = interval
    return f"{100 * share:.0f} % [{100 * low:.0f}, {100 * high:.0f}]"
