"""What a GPU finds is what a processor finds: here its way is gone by the processor itself."""

import importlib.util
import os
import subprocess
import sys

import numpy as np
import pytest

from aelatent.latent import pairwise_gpu
from aelatent.runtime import environment
from aelatent.statistics import nearest, two_samples

RNG = np.random.default_rng(0)
CLOUDS = {
    "normal": RNG.standard_normal((2500, 16)),
    "lattice, with hundreds of ties": RNG.integers(0, 3, (900, 4)).astype(float),
    "each three times, far off": np.repeat(RNG.standard_normal((200, 5)), 3, axis=0) * 1e6 + 1e9,
    "wide": RNG.standard_normal((300, 1300)),
    "one dimension": RNG.standard_normal((400, 1)),
    "all the same": np.ones((50, 2)),
}


@pytest.fixture
def forced(monkeypatch):
    """A function that sends everything to the device, in blocks of a few rows, or nothing."""
    monkeypatch.setattr(pairwise_gpu, "BLOCK", 2**17)
    return lambda sent: monkeypatch.setattr(pairwise_gpu, "worth", lambda _: sent)


@pytest.mark.parametrize("k", [1, 7])
@pytest.mark.parametrize("name", CLOUDS)
def test_neighbours_are_the_same_number_for_number(name, k, forced):
    forced(False)
    distances, near = nearest.neighbours(CLOUDS[name], k)

    forced(True)
    others = nearest.neighbours(CLOUDS[name], k)

    assert np.array_equal(distances, others[0])
    assert np.array_equal(near, others[1])


@pytest.mark.parametrize("test", [two_samples.energy_test, two_samples.discrepancy_test])
def test_tests_by_permutations_are_the_same_up_to_rounding(test, forced):
    first, second = RNG.standard_normal((120, 6)), RNG.standard_normal((150, 6)) + 0.2
    forced(False)
    here = test(first, second, np.random.default_rng(1))

    forced(True)
    there = test(first, second, np.random.default_rng(1))

    assert there.statistic == pytest.approx(here.statistic, rel=1e-12)
    assert there.pvalue == here.pvalue
    np.testing.assert_allclose(there.null, here.null, rtol=0, atol=1e-12 * np.abs(here.null).max())


def test_little_work_stays_on_the_processor(monkeypatch):
    monkeypatch.setattr(pairwise_gpu, "_seen", lambda: True)
    monkeypatch.setattr(environment, "devices", lambda: ["GPU-1a"])
    assert pairwise_gpu.worth(pairwise_gpu.WORTH)
    assert not pairwise_gpu.worth(pairwise_gpu.WORTH - 1)

    monkeypatch.setattr(environment, "devices", list)
    assert not pairwise_gpu.worth(pairwise_gpu.WORTH)


def test_a_framework_without_gpus_stays_on_the_processor(monkeypatch):
    """A driver is there, but what is installed is the framework for processors."""
    monkeypatch.setattr(environment, "devices", lambda: ["GPU-1a"])
    pairwise_gpu._seen.cache_clear()
    assert not pairwise_gpu.worth(pairwise_gpu.WORTH)


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_other_backends_find_the_same(backend):
    """In processes of their own: JAX and PyTorch would make float32 of float64 if they were let."""
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    chosen = "number_for_number and normal or up_to_rounding"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__]
    environment = {**os.environ, "KERAS_BACKEND": backend}
    answer = subprocess.run(
        [*command, "-k", chosen], env=environment, capture_output=True, text=True, check=False
    )
    assert "4 passed" in answer.stdout, answer.stdout
