"""Under which key the result of a claim is cached."""

import pytest

from aelatent.plugin.result_cache import ResultCache
from aelatent.runtime import executors
from aelatent.runtime.cache import Cache


@pytest.fixture
def key(tmp_path):
    """A function that returns the key of one claim, as a new run works it out."""
    return lambda: ResultCache(Cache(tmp_path), tmp_path, tmp_path).key("test_z", [])


def test_another_backend_of_keras_is_another_key(key, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    first = key()
    monkeypatch.setenv("KERAS_BACKEND", "jax")

    assert key() != first


def test_another_judge_is_another_key(key, tmp_path, monkeypatch):
    """The library has other weights of a judge once that was fitted again."""
    weights = tmp_path / "aelatent" / "judges" / "weights" / "faces.json"
    weights.parent.mkdir(parents=True)
    monkeypatch.setattr(executors.resources, "PACKAGE", tmp_path / "aelatent")
    monkeypatch.setattr(executors, "library_digest", executors.library_digest.__wrapped__)
    weights.write_text("[1.0]")
    first = key()
    weights.write_text("[2.0]")

    assert key() != first
