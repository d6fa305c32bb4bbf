"""Specifications: what a fixture model's YAML file may say."""

from pathlib import Path

import pytest

from aelatent.zoo import Collection, specification
from aelatent.zoo.specification import SpecificationError

SHIPPED = Collection(Path(__file__).parents[2] / "fixtures")
SPECIFICATIONS = {name: SHIPPED.specification(name) for name in SHIPPED.names()}


def test_every_shipped_specification_says_how_it_departs():
    silent = [
        name
        for name, described in SPECIFICATIONS.items()
        if not described.title or not described.departures.strip().endswith(".")
    ]

    assert SPECIFICATIONS
    assert silent == []


def test_every_counterpart_exists():
    named = {name: described.counterpart for name, described in SPECIFICATIONS.items()}

    assert {name: other for name, other in named.items() if other and other not in named} == {}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("epochs: 2", "epochs: -2", "training.epochs"),
        ("epochs: 2", "epoch: 2", "training.epoch\n"),
        ("name: autoencoder", "name: diffusion", "objective.name"),
        ("seeds: [0, 1]", "seeds: none", "seeds"),
        ("title: A tiny autoencoder", "title: [", "expected YAML"),
        ("title: A tiny autoencoder", "title: !!python/object/apply:os.getcwd []", "expected YAML"),
        ("images: blobs", "images: blobs\nname: other", "multiple values"),
    ],
)
def test_a_fault_is_named_with_its_file_and_key(folder, old, new, message):
    path = folder / "tiny.yaml"
    path.write_text(path.read_text().replace(old, new))

    with pytest.raises(SpecificationError) as caught:
        specification.read(path)

    assert "tiny.yaml" in str(caught.value)
    assert message in str(caught.value)


def test_a_list_is_no_specification(tmp_path):
    path = tmp_path / "list.yaml"
    path.write_text("- 1\n")

    with pytest.raises(SpecificationError, match="expected keys and values"):
        specification.read(path)


def test_prose_and_seeds_leave_the_digest_alone(folder):
    tiny = specification.read(folder / "tiny.yaml")

    assert tiny.model_copy(update={"title": "Other", "seeds": (7,)}).digest == tiny.digest


@pytest.mark.parametrize("key", ["images", "architecture", "objective", "training"])
def test_what_the_weights_depend_on_changes_the_digest(folder, key):
    tiny = specification.read(folder / "tiny.yaml")
    changes = {
        "images": "other",
        "architecture": tiny.architecture.model_copy(update={"name": "other"}),
        "objective": tiny.objective.model_copy(update={"kl_weight": 2.0}),
        "training": tiny.training.model_copy(update={"epochs": 3}),
    }

    assert tiny.model_copy(update={key: changes[key]}).digest != tiny.digest
