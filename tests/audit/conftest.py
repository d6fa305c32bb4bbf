"""A model of plain functions: principal components of the handwritten digits of scikit-learn."""

import io
import textwrap

import numpy as np
import pytest

from aelatent import data
from aelatent.audit import progress
from aelatent.runtime import quiet_keras

NETWORKS = """
import numpy as np

with np.load({folder!r} + "/weights.npz") as weights:
    mean, axes = weights["mean"], weights["axes"]


def encode(images):
    return (images.reshape(len(images), -1) - mean) @ axes.T


def decode(codes):
    return np.clip(codes @ axes + mean, 0, 1).reshape(len(codes), 8, 8, 1)


def encode_first(images):
    return encode(np.moveaxis(images, 1, -1))


def decode_first(codes):
    return np.moveaxis(decode(codes), -1, 1)


def vary(images):
    codes = encode(images)
    return codes, np.full_like(codes, -4.0), codes


def twisted(images):
    return encode(images)[:, ::-1]


def broken(images):
    raise RuntimeError("no memory")


def nothing(images):
    return encode(images) * np.nan


def bright(pixels):
    return pixels.reshape(len(pixels), -1).mean(axis=1)


def lenient(pixels):
    return np.ones(len(pixels), bool)


def fits(pixels):
    rest = pixels.reshape(len(pixels), -1) / 255 - mean
    return -((rest - rest @ axes.T @ axes) ** 2).mean(axis=1)


def fair(pixels):
    return fits(pixels) > -0.02
"""
D = 16


@pytest.fixture(scope="session")
def digits():
    return data.load("digits")


@pytest.fixture(scope="session")
def libraries(libraries):
    """Load Keras too, see there."""
    quiet_keras.load_keras()


@pytest.fixture
def bars(monkeypatch):
    """All progress bars that are made, as on a terminal."""
    made = []

    class Recorded(progress.ProgressBars):
        def __init__(self):
            super().__init__()
            made.append(self)

    monkeypatch.setattr(progress, "_terminal", io.StringIO)
    monkeypatch.setattr(progress, "ProgressBars", Recorded)
    return made


@pytest.fixture
def home(tmp_path, digits, monkeypatch):
    """A folder with the module `networks_of_mine`, its weights, and the images as an array."""
    flat = digits.pixels.reshape(len(digits), -1) / 255
    mean = flat.mean(axis=0)
    axes = np.linalg.svd(flat - mean, full_matrices=False)[2][:D]
    np.savez(tmp_path / "weights.npz", mean=mean, axes=axes)
    (tmp_path / "networks_of_mine.py").write_text(NETWORKS.format(folder=str(tmp_path)))
    np.save(tmp_path / "images.npy", digits.pixels)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "networks_of_mine", raising=False)
    return tmp_path


@pytest.fixture
def describe(home):
    """Write a description from keys and values; the least that works by default."""

    def write(*, file="mine.yaml", **changes):
        keys = {
            "name": "mine",
            "encoder": "networks_of_mine:encode",
            "decoder": "networks_of_mine:decode",
            "images": "array:images.npy",
            **changes,
        }
        text = "\n".join(f"{key}: {value}" for key, value in keys.items() if value is not None)
        (home / file).write_text(textwrap.dedent(text) + "\n")
        return home / file

    return write
