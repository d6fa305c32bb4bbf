"""The models of the source's own images train on a copy of CelebA, here on a made one."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image

from aelatent import data, estimate
from aelatent.cli import train
from aelatent.statistics.radius import peak_over_root_n
from aelatent.training.pipeline import produce
from aelatent.zoo import Collection

FIXTURES = Path(__file__).parents[2] / "fixtures"
MODELS = ("faces_celeba_ae_256d", "faces_celeba_vae_200d")
COUNT = 24


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A made copy of CelebA: coloured squares under the names and lists of the set."""
    folder = tmp_path / "data" / "celeba"
    (folder / "img_align_celeba").mkdir(parents=True)
    rng = np.random.default_rng(0)
    rows = []
    for number in range(1, COUNT + 1):
        name = f"{number:06}.jpg"
        pixels = rng.integers(0, 256, (4, 4, 3), dtype=np.uint8)
        Image.fromarray(pixels).resize((178, 218)).save(folder / "img_align_celeba" / name)
        rows.append(f"{name} {2 * (number % 3 == 0)}")
    (folder / "list_eval_partition.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    monkeypatch.setenv("AELATENT_DATA", str(folder.parent))
    return folder


@pytest.fixture
def collection(tmp_path):
    """The two specifications, trained for one epoch and without a judge."""
    folder = tmp_path / "fixtures"
    folder.mkdir()
    for name in MODELS:
        content = yaml.safe_load((FIXTURES / f"{name}.yaml").read_text(encoding="utf-8"))
        content["training"] |= {"epochs": 1, "batch_size": 8}
        content["seeds"] = [0, 1]
        del content["judge"]
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return Collection(folder)


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_a_model_of_celeba_trains_on_a_copy_of_the_set(name, copy, collection):
    for seed in (0, 1):
        assert produce(collection, name, seed, data.load).state == "stored"

    model = collection.model(name)
    assert [cloud.n for cloud in model.clouds] == [COUNT // 3] * 2
    assert np.isfinite(estimate(peak_over_root_n, model.clouds).interval).all()


def test_all_models_are_those_whose_images_are_here(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("AELATENT_DATA", str(tmp_path))
    monkeypatch.setenv("AELATENT_CACHE", str(tmp_path / "cache"))

    names = train.trainable(Collection(FIXTURES))

    assert not set(MODELS) & set(names)
    assert "mnist_ae_2d" in names
    assert "left out faces_celeba_ae_256d: its images, celeba" in capsys.readouterr().out


def test_a_copy_of_celeba_is_enough_to_train_them(copy):
    assert set(MODELS) <= set(train.trainable(Collection(FIXTURES)))


@pytest.mark.slow
def test_claims_leave_out_models_that_nobody_trained():
    file = "claims/high_dimensionality_ii/test_radius_density_peaks_near_root_n.py"
    command = [sys.executable, "-m", "pytest", file, "--collect-only", "-q"]
    listed = subprocess.run(
        command, cwd=FIXTURES.parent, check=True, capture_output=True, text=True
    ).stdout

    assert "[faces_ae_256d]" in listed
    assert "celeba" not in listed
