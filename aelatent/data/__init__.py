"""Named image sets."""

from __future__ import annotations

import os
from pathlib import Path

from aelatent.data import idx, lfw
from aelatent.data.images import DataError, Images

__all__ = ["DataError", "Images", "load"]


def load(name: str) -> Images:
    root = Path(os.environ["AELATENT_DATA"])
    if name == "lfw":
        return lfw.read(root / "lfw")
    return idx.read(root / name, name)
