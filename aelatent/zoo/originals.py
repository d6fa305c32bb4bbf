"""The images whose codes a fixture model keeps: they are not stored with it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aelatent.data import registry
from aelatent.zoo.collection import kept_sample
from aelatent.zoo.specification import Specification


def held_out_originals(specification: Specification) -> NDArray[np.uint8]:
    """Load the held-out images whose codes the replicates of a fixture model keep.

    Returns
    -------
    ndarray of uint8, shape (n, h, w, c)
        In the order of `FixtureModel.clouds`; n is at most `store.held_out_codes`.

    Raises
    ------
    MissingData
        If the image set is nowhere on this machine.
    """
    held_out = registry.load(specification.images).held_out()
    kept = kept_sample(len(held_out), specification.store.held_out_codes)
    return held_out.take(kept).pixels
