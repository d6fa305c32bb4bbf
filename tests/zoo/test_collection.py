"""Stored replicates are what their lock and their specification say, or an error."""

import json
import shutil
from fractions import Fraction

import numpy as np
import pytest

from aelatent.training.pipeline import produce
from aelatent.zoo import Collection, FixtureError, forward
from aelatent.zoo.replicate import (
    MissingWeights,
    Replicate,
    pack_symmetric,
    references,
    unpack_symmetric,
)


@pytest.fixture
def produced(trained, tmp_path):
    """A collection in which both replicates of the tiny model were trained."""
    shutil.copytree(trained, tmp_path / "fixtures")
    return Collection(tmp_path / "fixtures")


def test_a_model_comes_back_with_all_its_replicates(produced):
    model = produced.model("tiny")

    assert [replicate.seed for replicate in model.replicates] == [0, 1]
    assert [(cloud.n, cloud.d) for cloud in model.clouds] == [(10, 3), (10, 3)]
    assert list(produced.complaints("tiny")) == []


def test_a_model_is_shown_without_its_arrays(produced):
    name = produced.names()[0]
    model = produced.model(name)

    assert repr(model) == f"<FixtureModel {name}, {len(model.replicates)} replicates>"


def test_stored_codes_are_what_the_stored_encoder_makes(produced, blobs):
    replicate = produced.replicate("tiny", 0)
    held_out = blobs.held_out()

    codes, log_variances = replicate.encode(held_out.pixels)

    assert log_variances is None
    stored = replicate.held_out
    distances = np.abs(codes[:, None] - stored.z_mean[None]).max(axis=2)
    assert (distances.min(axis=0) < 1e-2).all()
    np.testing.assert_allclose(stored.mean, codes.mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(stored.covariance, np.cov(codes.T), atol=1e-4)


def test_errors_of_pca_are_not_averaged_in_half_precision(produced):
    errors = np.linspace(0.01, 0.02, 997).astype(np.float16)
    home = produced.baseline_path("blobs")
    home.parent.mkdir(exist_ok=True)
    np.savez(home, pca_error_3=errors)

    kept = produced.replicate("tiny", 0).arrays["held_out/pca_error"]

    exact = sum(Fraction(float(error)) for error in kept) / len(kept)
    assert kept.mean() == pytest.approx(float(exact), rel=1e-12)


def test_decoded_images_are_bytes_of_the_shape_of_the_originals(produced):
    decoded = produced.replicate("tiny", 0).decode(np.zeros((2, 3)))

    assert decoded.dtype == np.uint8
    assert decoded.shape == (2, 8, 8, 1)


def test_many_images_are_encoded_and_decoded_as_few_are(produced, blobs, monkeypatch):
    """The graph that many go through rounds as its layers do one by one."""
    few = produced.replicate("tiny", 0)
    codes, decoded = few.encode(blobs.pixels)[0], few.decode(few.held_out.z_mean)
    monkeypatch.setattr(forward, "MANY", 1)

    np.testing.assert_allclose(few.encode(blobs.pixels)[0], codes, rtol=1e-6)
    np.testing.assert_array_equal(few.decode(few.held_out.z_mean), decoded)


def test_reconstructions_are_made_once_by_the_trained_model(produced, monkeypatch):
    replicate = produced.replicate("tiny", 0)
    expected = replicate.decode(replicate.held_out.z_mean[references(replicate.held_out.n)])

    shown = replicate.reconstruct()
    monkeypatch.setattr(Replicate, "decode", None)

    np.testing.assert_array_equal(shown, expected)
    assert replicate.untrained().reconstruct() is replicate.reconstruct() is shown


def test_an_untrained_twin_has_the_weights_of_the_seed(produced):
    replicate = produced.replicate("tiny", 0)

    before, after = replicate.untrained().networks, replicate.networks

    kernel = before["encoder"].variables[0].numpy()
    assert not np.array_equal(kernel, after["encoder"].variables[0].numpy())


def test_the_lock_says_how_a_replicate_was_made(produced):
    entry = produced.entries("tiny")[0]

    assert entry.epochs == 2
    assert len(entry.history) == 2
    assert entry.backend == "tensorflow"
    assert "keras" in entry.versions
    assert entry.summary["train_images"] == 30


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.unlink(), "expected a replicate"),
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), "SHA-256"),
        (lambda path: path.write_bytes(b"X" + path.read_bytes()[1:]), "SHA-256"),
        (lambda path: path.write_bytes((path.parent / "seed-1.npz").read_bytes()), "SHA-256"),
    ],
    ids=["missing", "truncated", "flipped", "swapped"],
)
def test_a_damaged_replicate_is_an_error_that_says_what_to_run(produced, damage, message):
    damage(produced.home("tiny") / "seed-0.npz")

    with pytest.raises(FixtureError, match=message) as caught:
        produced.model("tiny")

    assert "aelatent train tiny --seeds 0" in str(caught.value)
    assert [seed for seed, _ in produced.complaints("tiny")] == [0]


def test_a_changed_specification_is_an_error_with_a_remedy(produced):
    path = produced.folder / "tiny.yaml"
    path.write_text(path.read_text().replace("epochs: 2", "epochs: 3"))

    with pytest.raises(FixtureError, match="earlier version of that file"):
        produced.model("tiny")


def test_an_unknown_model_is_an_error_that_names_the_known(produced):
    with pytest.raises(FixtureError, match="Known: tiny"):
        produced.model("huge")


@pytest.mark.parametrize(
    ("content", "message"),
    [("{", "expected a lock"), ('{"x": 1}', "expected a lock"), (None, "expected schema")],
    ids=["cut", "foreign", "newer"],
)
def test_a_bad_lock_is_an_error(produced, content, message):
    path = produced.home("tiny") / "lock.json"
    newer = json.loads(path.read_text()) | {"schema_version": 99}
    path.write_text(json.dumps(newer) if content is None else content)

    with pytest.raises(FixtureError, match=message):
        produced.model("tiny")


def test_missing_weights_are_an_error_only_when_needed(folder, blobs):
    path = folder / "tiny.yaml"
    path.write_text(path.read_text().replace("store: {", "store: {weights: false, "))
    produce(Collection(folder), "tiny", 0, lambda _: blobs)

    replicate = Collection(folder).replicate("tiny", 0)

    assert replicate.held_out.n == 10
    with pytest.raises(MissingWeights, match="weights: false"):
        replicate.decode(np.zeros((1, 3)))


@pytest.mark.parametrize("d", [1, 2, 5])
def test_a_symmetric_matrix_survives_packing(d):
    half = np.arange(d * d, dtype=float).reshape(d, d)

    assert (unpack_symmetric(pack_symmetric(half + half.T)) == half + half.T).all()
