"""What the tests of figures share."""

import numpy as np
import pytest

from aelatent.inference.estimates import estimate
from aelatent.latent.cloud import LatentCloud


@pytest.fixture
def rng():
    """A generator that starts the same in every test."""
    return np.random.default_rng(0)


@pytest.fixture
def clouds(rng):
    """Two standard normal clouds of 16 dimensions."""
    return [LatentCloud(rng.standard_normal((300, 16))) for _ in range(2)]


@pytest.fixture
def rates():
    """Hit rates of three samplers, two replicates each."""
    return [estimate(float, values) for values in ([0.0, 0.1], [0.4, 0.5], [0.8, 0.9])]


@pytest.fixture
def labels():
    """Return the function that lists the labels in a figure's legend."""

    def texts(figure):
        return [text.get_text() for text in figure.legends[0].get_texts()]

    return texts


@pytest.fixture
def line():
    """Return the function that finds the one line with a label."""

    def find(axes, label):
        (found,) = [line for line in axes.lines if line.get_label() == label]
        return found

    return find
