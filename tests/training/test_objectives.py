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
            {"name": "vae", "reconstruction_factor": 100.0, "kl_weight": 0, "noise_width": 0.1},
            {"name": "gdl_mnist", "parameters": {"latent_dim": 2, "variational": True}},
        ),
        (
            {"name": "classifier"},
            {"name": "digit_classifier", "parameters": {"feature_dim": 8, "classes": 2}},
        ),
    ],
    ids=["vae", "fixed noise", "classifier"],
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


def test_noise_of_a_fixed_width_is_a_share_of_the_codes(tiny, blobs):
    """Codes and noise grow together: networks whose codes are ten times as wide err as much."""
    parameters = {**tiny.architecture.parameters, "variational": True}
    networks = models.build("strided_conv", parameters, blobs.shape, seed=0)
    pixels = blobs.pixels.astype(np.float32) / 255
    seen = []

    def decoder(codes, training):
        seen.append(keras.ops.convert_to_numpy(codes))
        return networks["decoder"](codes, training=training)

    def noise(times, width):
        def encoder(images, training):
            means, log_variances = networks["encoder"](images, training=training)
            return times * means, log_variances

        evaluate = loss(Objective(name="vae", kl_weight=0, noise_width=width))
        evaluate(
            {"encoder": encoder, "decoder": decoder}, pixels, None, keras.random.SeedGenerator(0)
        )
        means = times * keras.ops.convert_to_numpy(networks["encoder"](pixels)[0])
        return (seen[-1] - means) / means.std(axis=0)

    assert noise(1, 0.1).std() == pytest.approx(0.1, rel=0.2)
    np.testing.assert_allclose(noise(10, 0.1), noise(1, 0.1), atol=1e-3)
    np.testing.assert_allclose(noise(1, 0.2), 2 * noise(1, 0.1), atol=1e-3)
