"""The same models train on JAX; the tests themselves run on TensorFlow."""

import importlib.util
import os
import subprocess
import sys

import pytest

SCRIPT = """
import sys
from pathlib import Path
import numpy as np
from aelatent import specification
from aelatent.data import Images
from aelatent.training import train
rng = np.random.default_rng(0)
images = Images("blobs", rng.integers(0, 256, (45, 8, 8, 1), dtype=np.uint8), np.arange(45) < 30)
folder = Path(sys.argv[1])
described = specification.read(folder / "tiny.yaml")
_, state = train(described, images, 0, folder / "checkpoint.npz", policy="float32")
print(*[epoch["loss"] for epoch in state.history])
"""


def losses(folder, backend):
    answer = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder)],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        check=True,
    )
    (folder / "checkpoint.npz").unlink()
    return [float(loss) for loss in answer.stdout.split()]


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="JAX is not installed")
@pytest.mark.skipif(
    importlib.util.find_spec("tensorflow") is None, reason="TensorFlow is not installed"
)
def test_two_epochs_on_jax_have_the_losses_of_two_epochs_on_tensorflow(folder):
    """Weights, order and steps are the same on both backends, up to rounding."""
    assert losses(folder, "jax") == pytest.approx(losses(folder, "tensorflow"), rel=1e-3)


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="JAX is not installed")
def test_a_vae_trains_on_jax(folder):
    """Its noise advances from step to step: the state of the generator is carried along."""
    path = folder / "tiny.yaml"
    text = path.read_text().replace("{name: autoencoder}", "{name: vae, reconstruction_factor: 9}")
    text = text.replace("name: strided_conv", "name: gdl_mnist").replace("1.0e-2", "1.0e-3")
    path.write_text(
        text.replace(
            "{latent_dim: 3, filters: [4, 4], leaky_slope: 0.3}",
            "{latent_dim: 2, variational: true}",
        )
    )

    first, second = losses(folder, "jax")

    assert second < first
