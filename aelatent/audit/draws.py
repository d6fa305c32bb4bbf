"""Decoded draws of an audit as rows of images; nothing here needs matplotlib."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from aelatent.audit.comparison import SHOWN

if TYPE_CHECKING:
    from aelatent.audit.running import Audit

GAP = 2


def draw_rows(audit: Audit) -> Mapping[str, NDArray[np.uint8]]:
    """Return the first decoded draws of each sampler by its short name, then decoded codes."""
    advised = audit.recommendation
    if advised is None:
        return {}
    return {each.short: each.pixels[:SHOWN] for each in (*advised.results, advised.reference)}


def mosaic(rows: Sequence[NDArray[np.uint8]]) -> NDArray[Any]:
    """Lay rows of images side by side and below each other, with white gaps.

    Parameters
    ----------
    rows : sequence of ndarray of uint8, shape (n, h, w, c)

    Returns
    -------
    ndarray of uint8, shape (H, W, c), or (H, W) for grey images
    """
    height, width, channels = rows[0].shape[1:]
    most = max(map(len, rows))
    shape = (len(rows) * (height + GAP), most * (width + GAP), channels)
    sheet = np.full(shape, 255, np.uint8)
    for i, row in enumerate(rows):
        for j, image in enumerate(row):
            top, left = i * (height + GAP), j * (width + GAP)
            sheet[top : top + height, left : left + width] = image
    return sheet[..., 0] if channels == 1 else sheet
