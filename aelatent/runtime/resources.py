"""Files that the package contains: the claims, and the models of the judges."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def folder(name: str) -> Path:
    """Return the folder of the packaged "claims" or "fixtures".

    In an installed package they lie within it; in a checkout beside it.
    """
    packaged = PACKAGE / f"_{name}"
    return packaged if packaged.is_dir() else PACKAGE.parent / name
