"""Training: from a specification and a seed to networks."""

import keras
import numpy as np
import pytest

from aelatent.training import Checkpoint, train, train_together
from aelatent.training.loop import run_epoch
from aelatent.zoo import specification


@pytest.fixture
def tiny(folder):
    return specification.read(folder / "tiny.yaml")


def weights(networks):
    return [keras.ops.convert_to_numpy(v) for net in networks.values() for v in net.variables]


def test_two_epochs_lower_the_loss(tiny, blobs, tmp_path):
    _, state = train(tiny, blobs, 0, tmp_path / "seed-0.npz", policy="float32")

    assert state.epoch == 2
    assert state.history[1]["loss"] < state.history[0]["loss"]


@pytest.mark.slow
def test_a_stopped_training_continues_as_if_never_stopped(tiny, blobs, tmp_path):
    """One epoch, a stop, and another epoch give the weights of two epochs at a stretch."""
    settings = tiny.training.model_copy(update={"epochs": 1})
    stopped = tmp_path / "stopped.npz"
    train(tiny.model_copy(update={"training": settings}), blobs, 0, stopped, policy="float32")
    half = Checkpoint.read(stopped)
    half.specification = tiny.digest
    half.write(stopped)

    resumed, state = train(tiny, blobs, 0, stopped, policy="float32")

    whole, _ = train(tiny, blobs, 0, tmp_path / "whole.npz", policy="float32")
    assert len(state.history) == 2
    for one, other in zip(weights(resumed), weights(whole), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_a_checkpoint_of_another_specification_is_not_continued(tiny, blobs, tmp_path):
    path = tmp_path / "seed-0.npz"
    train(tiny, blobs, 0, path, policy="float32")
    settings = tiny.training.model_copy(update={"learning_rate": 1e-3})

    _, state = train(tiny.model_copy(update={"training": settings}), blobs, 0, path, "float32")

    assert state.specification != tiny.digest
    assert len(state.history) == 2


def test_a_cut_checkpoint_counts_as_none(tmp_path):
    path = tmp_path / "seed-0.npz"
    Checkpoint("digest", 0, 3, 1, [{"loss": 1.0}], 2.0, [np.arange(5)]).write(path)
    path.write_bytes(path.read_bytes()[:-20])

    assert Checkpoint.read(path) is None


def test_an_infinite_loss_stops_the_training():
    with pytest.raises(FloatingPointError, match="nothing was stored"):
        run_epoch(lambda _: {"loss": np.array([np.nan])}, np.zeros((1, 4), np.int32), 2, "tiny")


def test_every_image_is_seen_once_an_epoch():
    """The last batch may be short; its loss counts by its size."""
    seen = []

    def steps(batches):
        assert batches.shape[1] == 2
        seen.extend(batches[:, 1].ravel().tolist())
        return {"loss": np.array([1.0, batches.shape[2]])}

    orders = np.array([np.arange(10, 20), np.arange(10)], np.int32)
    first, second = run_epoch(steps, orders, 4, "tiny")

    assert sorted(seen) == list(range(10))
    assert first["loss"] == pytest.approx(1)
    assert second["loss"] == pytest.approx((8 * 4 + 2 * 2) / 10)


@pytest.mark.slow
def test_replicates_trained_together_are_those_trained_alone(tiny, blobs, tmp_path):
    """Up to rounding: each has its own weights, order, and noise."""
    variational = described(tiny, {"name": "vae"}, variational=True)
    paths = {seed: tmp_path / f"seed-{seed}.npz" for seed in (0, 1, 2)}

    together = train_together(variational, blobs, paths, "float32")

    for seed, (networks, state) in enumerate(together):
        alone, own = train(variational, blobs, seed, tmp_path / f"alone-{seed}.npz", "float32")
        assert (state.seed, state.epoch, len(state.history)) == (seed, 2, 2)
        assert state.history[1] == pytest.approx(own.history[1], rel=1e-5)
        for one, other in zip(weights(networks), weights(alone), strict=True):
            np.testing.assert_allclose(one, other, atol=1e-5)


@pytest.mark.slow
def test_one_whose_checkpoint_is_behind_catches_up(tiny, blobs, tmp_path):
    """A run was interrupted before all had stored the same epoch; none is trained twice."""
    paths = {seed: tmp_path / f"seed-{seed}.npz" for seed in (0, 1)}
    train(tiny, blobs, 1, paths[1], "float32")
    before = paths[1].read_bytes()

    (networks, state), (_, other) = train_together(tiny, blobs, paths, "float32")

    assert (state.epoch, other.epoch) == (2, 2)
    assert paths[1].read_bytes() == before
    alone, _ = train(tiny, blobs, 0, tmp_path / "alone.npz", "float32")
    for one, another in zip(weights(networks), weights(alone), strict=True):
        np.testing.assert_allclose(one, another, atol=1e-6)


def described(tiny, objective, **parameters):
    """Return the tiny specification with another objective and further parameters."""
    architecture = tiny.architecture.model_copy(
        update={"parameters": {**tiny.architecture.parameters, **parameters}}
    )
    changed = tiny.objective.model_copy(update=objective)
    return tiny.model_copy(update={"architecture": architecture, "objective": changed})


def test_batch_normalisation_moves_its_averages(tiny, blobs, tmp_path):
    """They are no weights: no gradient reaches them, and yet training changes them."""
    normalised = described(tiny, {}, batch_norm=True)

    networks, state = train(normalised, blobs, 0, tmp_path / "seed-0.npz", policy="float32")

    averages = networks["encoder"].non_trainable_variables
    assert averages
    assert all(np.abs(keras.ops.convert_to_numpy(a) - 1).max() > 1e-3 for a in averages[1::2])
    assert len(state.history) == 2
