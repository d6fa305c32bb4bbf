"""The same models train on JAX and on PyTorch; the tests themselves run on TensorFlow."""

import importlib.util
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow
SCRIPT = """
import sys
from pathlib import Path
import numpy as np
from aelatent import specification
from aelatent.data import Images
from aelatent.training import train_together
rng = np.random.default_rng(0)
images = Images("blobs", rng.integers(0, 256, (45, 8, 8, 1), dtype=np.uint8), np.arange(45) < 30)
folder = Path(sys.argv[1])
described = specification.read(folder / "tiny.yaml")
paths = {int(seed): folder / f"checkpoint-{seed}.npz" for seed in sys.argv[2:]}
for _, state in train_together(described, images, paths, policy="float32"):
    print(*[epoch["loss"] for epoch in state.history])
"""


def losses(folder, backend, *seeds):
    answer = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), *map(str, seeds or [0])],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        check=True,
    )
    for checkpoint in folder.glob("checkpoint-*.npz"):
        checkpoint.unlink()
    return [float(loss) for loss in answer.stdout.split()]


def there(name):
    """Skip what needs a package that is not installed."""
    missing = importlib.util.find_spec(name) is None
    return pytest.mark.skipif(missing, reason=f"{name} is not installed")


others = pytest.mark.parametrize(
    "backend", [pytest.param(name, marks=there(name)) for name in ("jax", "torch")]
)


@others
@there("tensorflow")
def test_two_epochs_have_the_losses_of_two_epochs_on_tensorflow(folder, backend):
    """Weights, order and steps are the same on all backends, up to rounding."""
    assert losses(folder, backend) == pytest.approx(losses(folder, "tensorflow"), rel=1e-3)


@others
def test_replicates_together_have_the_losses_of_each_alone(folder, backend):
    """On JAX each step is batched over them."""
    alone = losses(folder, backend, 0) + losses(folder, backend, 7)

    assert losses(folder, backend, 0, 7) == pytest.approx(alone, rel=1e-4)


@others
def test_a_vae_trains(folder, backend):
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

    first, second = losses(folder, backend)

    assert second < first
