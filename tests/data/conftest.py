"""A place of its own for every test, and images made on the spot."""

import io

import numpy as np
import pytest
from PIL import Image


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An empty cache folder; whatever the environment says about image sets is forgotten."""
    monkeypatch.delenv("AELATENT_DATA", raising=False)
    monkeypatch.setenv("AELATENT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def encode():
    """Return a function: pixels, mode, format -> the bytes of an image file."""

    def encode(pixels, mode=None, kind="PNG", **options):
        buffer = io.BytesIO()
        image = Image.fromarray(np.asarray(pixels, dtype=np.uint8))
        image.convert(mode or image.mode).save(buffer, kind, **options)
        return buffer.getvalue()

    return encode


@pytest.fixture
def save(encode):
    """Return a function that writes a plain image of one colour, and makes its folder."""

    def save(path, colour=(200, 100, 50), size=(8, 8), mode="RGB"):
        path.parent.mkdir(parents=True, exist_ok=True)
        image = Image.new("RGB", size, colour).convert(mode)
        image.save(path)
        return path

    return save
