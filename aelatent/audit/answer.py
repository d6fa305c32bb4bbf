"""The answer of an audit at a glance: two rows of decoded draws."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from aelatent.audit.advice import PRIOR
from aelatent.audit.autoencoder import Pixels
from aelatent.audit.draws import draw_rows, mosaic

if TYPE_CHECKING:
    from aelatent.audit.running import Audit

TILE = 72  # pixels: smaller images are enlarged, each pixel to a square
CODES = "codes"


def answer_rows(audit: Audit) -> list[str]:
    """Return the short names of the two samplers whose draws say most.

    The first one recommended and N(0, I); decoded codes stand in for a sampler that is not there,
    or for all where the model does not reconstruct.
    """
    rows = draw_rows(audit)
    if not rows:
        return []
    recommended = audit.recommendation.recommended if audit.ok and audit.recommendation else []
    first = recommended[0].short if recommended else CODES
    return [first, PRIOR if first != PRIOR else CODES]


def answer_strips(audit: Audit) -> Mapping[str, bytes]:
    """Return these rows as PNG files, by the samplers' short names."""
    rows = draw_rows(audit)
    return {name: _strip(rows[name]) for name in answer_rows(audit)}


def _strip(pixels: Pixels) -> bytes:
    factor = max(1, round(TILE / pixels.shape[1]))
    enlarged = pixels.repeat(factor, axis=1).repeat(factor, axis=2)
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(mosaic([enlarged]))).save(file, "PNG")
    return file.getvalue()
