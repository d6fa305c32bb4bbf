"""The one split of a set that was published without one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aelatent.data.images import DataError

HELD_OUT_SHARE = 0.2


def training_part(keys: Sequence[str], where: object) -> NDArray[np.bool_]:
    """Tell which images are for training: about four fifths of the keys, chosen by their hashes.

    Images with equal keys (the person, or the content of the file) stay on one side. An image's
    side depends on its own key, so neither order nor later additions move it; only where that
    leaves a side empty, which small sets risk, the key nearest to the threshold changes sides.

    Parameters
    ----------
    keys : sequence of str, length n
    where : object
        What the error message names.

    Returns
    -------
    ndarray of bool, shape (n,)
        True for training, False for held out; both occur.

    Raises
    ------
    DataError
        If there are fewer than two different keys.

    Examples
    --------
    >>> training_part(["Ada", "Ada", "Grace", "Emmy", "Mary"], "four people")
    array([False, False,  True,  True,  True])
    """
    positions = {key: position(key) for key in sorted(set(keys))}
    if len(positions) < 2:
        raise DataError.about(
            where,
            "two or more different images, or groups of images, to split",
            f"{len(positions)} (images: {len(keys)})",
            "Add images that are independent of these.",
        )
    ranked = sorted(positions, key=positions.__getitem__)
    held_out = {key for key in ranked if positions[key] < HELD_OUT_SHARE} or {ranked[0]}
    if len(held_out) == len(ranked):
        held_out.discard(ranked[-1])
    return np.array([key not in held_out for key in keys])


def position(key: str) -> float:
    """Return the key's place in [0, 1): uniform over keys, the same on every machine."""
    content = hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
    return int.from_bytes(content[:6], "big") / 2**48
