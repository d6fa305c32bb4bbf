"""Objectives: what training minimises."""

import keras
import numpy as np
import pytest

from aelatent import models
from aelatent.training import train
from aelatent.training.objectives import loss
from aelatent.zoo import specification
from aelatent.zoo.specification import Objective


@pytest.fixture
def tiny(folder):
    return specification.read(folder / "tiny.yaml")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("objective", "architecture"),
    [
        (
            {"name": "vae", "reconstruction_factor": 100.0},
            {"name": "gdl_mnist", "parameters": {"latent_dim": 2, "variational": True}},
        ),
        (
            {"name": "classifier"},
            {"name": "digit_classifier", "parameters": {"feature_dim": 8, "classes": 2}},
        ),
    ],
    ids=["vae", "classifier"],
)
def test_every_objective_trains(objective, architecture, tiny, blobs, tmp_path):
    settings = {**tiny.training.model_dump(), "learning_rate": 1e-3}
    changed = specification.Specification.model_validate(
        tiny.model_dump()
        | {"objective": objective, "architecture": architecture, "training": settings}
    )

    _, state = train(changed, blobs, 0, tmp_path / "seed-0.npz", policy="float32")

    assert state.history[1]["loss"] < state.history[0]["loss"]


def test_without_noise_the_decoder_is_given_the_means(tiny, blobs):
    """The error then does not depend on the seed of the noise."""
    parameters = {**tiny.architecture.parameters, "variational": True}
    networks = models.build("strided_conv", parameters, blobs.shape, seed=0)
    pixels = blobs.pixels.astype(np.float32) / 255

    def errors(noise):
        evaluate = loss(Objective(name="vae", noise=noise))
        return [
            float(evaluate(networks, pixels, None, keras.random.SeedGenerator(seed))["error"])
            for seed in (0, 1)
        ]

    assert len(set(errors(noise=False))) == 1
    assert len(set(errors(noise=True))) == 2


def test_a_bernoulli_likelihood_counts_in_nats(tiny, blobs, tmp_path):
    """Cross-entropy of blobs is larger than their squared error, and falls."""
    nats = tiny.model_copy(
        update={
            "objective": Objective(name="vae", likelihood="bernoulli"),
            "architecture": tiny.architecture.model_copy(
                update={"parameters": {**tiny.architecture.parameters, "variational": True}}
            ),
        }
    )

    _, state = train(nats, blobs, 0, tmp_path / "seed-0.npz", policy="float32")

    assert 0.1 < state.history[1]["error"] < state.history[0]["error"] < 1.0
