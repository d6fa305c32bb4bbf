"""How many examples property tests draw, and fixtures that several tests of the library share."""

import importlib
import os
import textwrap

import numpy as np
import pytest
from filelock import FileLock
from hypothesis import settings
from threadpoolctl import threadpool_limits

from aelatent.data import Images
from aelatent.inference.record import Record

# Here and not beside the claims, which have no property tests: Hypothesis takes half a second.
# Times vary on shared machines, and the same commit must give the same result.
settings.register_profile("default", deadline=None, derandomize=True, max_examples=50)
# Ten times the examples. Also by `--hypothesis-profile nightly`, which comes after this file.
settings.register_profile("nightly", parent=settings.get_profile("default"), max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# Threads of OpenMP and TensorFlow, which they count when they are loaded: two processes with two
# each wait for each other on two cores, and arrays and networks as small as the tests' gain nothing
# from a second one. `pytest -n` shares the cores itself; this is for a run in one process beside
# others, where some tests of mixtures took twenty times as long.
for variable in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
    os.environ.setdefault(variable, "1")
threadpool_limits(1)  # those of NumPy, which is loaded already

TINY = """
title: A tiny autoencoder
catalogue: none
departures: None.
images: blobs
architecture:
  name: strided_conv
  parameters: {latent_dim: 3, filters: [4, 4], leaky_slope: 0.3}
objective: {name: autoencoder}
training: {epochs: 2, batch_size: 16, learning_rate: 1.0e-2}
seeds: [0, 1]
store: {train_codes: 20, held_out_codes: 10}
"""


def pytest_collection_modifyitems(config, items):
    """Begin with slow tests where several processes share them, so that none waits at the end."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session", autouse=True)
def environment_of_processes(tmp_path_factory):
    """Runs of pytest that a test starts are nobody's workers, though the test may run in one.

    Nor do they load Hypothesis, or look for matplotlib's fonts each, wherever their home is.
    """
    os.environ.pop("PYTEST_XDIST_WORKER", None)
    os.environ["PYTEST_ADDOPTS"] = "-p no:hypothesispytest"
    os.environ.setdefault("MPLCONFIGDIR", str(tmp_path_factory.mktemp("matplotlib")))


@pytest.fixture(scope="session")
def libraries():
    """Load what a run of claims needs.

    A run in this process takes a tenth of the time of one in its own. But pytest forgets
    afterwards what it has imported, and NumPy's like cannot be imported twice.
    """
    for name in (
        "audit.measuring",
        "figures",
        "plugin.recorded_results",
        "plugin.result_cache",
        "plugin.user_models",
        "report",
        "simulation",
    ):
        importlib.import_module(f"aelatent.{name}")


@pytest.fixture
def pytester(libraries, pytester):
    """pytest's own, whose runs take no notice of `PYTEST_ADDOPTS` (see above)."""
    pytester.plugins.append("no:hypothesispytest")
    return pytester


@pytest.fixture
def blobs():
    """Images of blobs, the last fifteen held out."""
    return images_of_blobs()


def images_of_blobs():
    """45 images of one bright blob each, the last fifteen held out, three to a group."""
    rng = np.random.default_rng(0)
    x, y = rng.uniform(1, 6, (2, 45, 1, 1))
    rows, columns = np.mgrid[:8, :8]
    bright = 255 * np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / 4)
    return Images(
        name="blobs",
        pixels=bright.astype(np.uint8)[..., None],
        train=np.arange(45) < 30,
        labels=(x[:, 0, 0] > 3.5).astype(np.int64),
        groups=np.arange(45) // 3,
    )


@pytest.fixture
def folder(tmp_path):
    """A folder of fixture models that holds the specification of a tiny one."""
    return write_tiny(tmp_path / "fixtures")


def write_tiny(home):
    """Write the specification of the tiny model into a new folder, and return the folder."""
    home.mkdir()
    (home / "tiny.yaml").write_text(textwrap.dedent(TINY))
    return home


@pytest.fixture(scope="session")
def trained(tmp_path_factory, request):
    """A folder in which both replicates of the tiny model were trained; to be copied.

    One process of a run trains them, and the others wait for it.
    """
    from aelatent.training.pipeline import produce
    from aelatent.zoo import Collection

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base
    home, finished = shared / "trained" / "fixtures", shared / "trained" / "finished"
    with FileLock(shared / "trained.lock"):
        if not finished.exists():
            home.parent.mkdir()
            collection = Collection(write_tiny(home))
            for seed in (0, 1):
                produce(collection, "tiny", seed, lambda _: images_of_blobs())
            finished.touch()
    return home


@pytest.fixture
def record_of():
    """Return a function that makes the record of a claim with one part."""

    def make(**changes):
        part = {
            "effect": 1.6,
            "interval": [1.4, 1.8],
            "unit": "peak radius over sqrt(N)",
            "outcome": "refuted",
        }
        told = {
            "id": "B-08",
            "name": "test_peak[ae]",
            "title": "Radii peak near sqrt(N).",
            "source": "anracom II",
            "model": "ae",
            "outcome": "refuted",
            "expected": "refuted",
            "file": "claims/x/test_peak.py",
            "parts": [part],
            "per_replicate": [1.5, 1.7],
            "models": ["ae"],
        }
        return Record(**{**told, **changes})

    return make
