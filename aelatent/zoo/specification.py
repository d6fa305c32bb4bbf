"""What a fixture model is, as its YAML file says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aelatent.runtime.files import digest
from aelatent.zoo import capabilities

# libyaml reads ten times as fast as Python; both know nothing but plain values.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class SpecificationError(ValueError):
    """A YAML file does not describe a fixture model."""


class Section(BaseModel):
    """A part of a specification: frozen, and closed to keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Architecture(Section):
    """A module of `aelatent.models` and what its `build` is given."""

    name: str
    parameters: dict[str, Any]


class Objective(Section):
    """What training minimises.

    `autoencoder`: mean squared error per pixel. `vae`: `reconstruction_factor` times the error per
    pixel plus `kl_weight` times the Kullback-Leibler divergence, summed over the latent dimensions.
    The error is squared for a "gaussian" likelihood, binary cross-entropy in nats for a "bernoulli"
    one. Without `noise` the decoder is given the means; with a `noise_width` the noise has this
    share of the width of a batch's codes along each axis, whatever the encoder says. `classifier`:
    cross-entropy of the labels.
    """

    name: Literal["autoencoder", "vae", "classifier"]
    reconstruction_factor: float = Field(default=1.0, gt=0)
    kl_weight: float = Field(default=1.0, ge=0)
    likelihood: Literal["gaussian", "bernoulli"] = "gaussian"
    noise: bool = True
    noise_width: float | None = Field(default=None, gt=0)

    @property
    def kind(self) -> str:
        """The name, or "ablated" for a VAE that lacks its divergence or its noise."""
        whole = self.name != "vae" or (
            self.noise and self.noise_width is None and self.kl_weight > 0
        )
        return self.name if whole else "ablated"


class Training(Section):
    """How long and with what; `first` keeps so many training images, in the set's own order."""

    epochs: int = Field(ge=0)
    batch_size: int = Field(ge=1)
    learning_rate: float = Field(gt=0)
    first: int | None = Field(default=None, ge=1)


class Store(Section):
    """What a replicate keeps: weights of all networks or of the decoder, codes of either split.

    The covariance of all codes may be left out where it would be larger than the codes. With
    `replicates: false` none are expected to be stored: claims about the model repeat recorded
    results, or leave it out where there are none, until `aelatent train` has made some.
    """

    weights: bool | Literal["decoder"] = True
    covariance: bool = True
    replicates: bool = True
    train_codes: int = Field(default=1000, ge=0, le=4000)
    held_out_codes: int = Field(default=1000, ge=0, le=4000)


class Specification(Section):
    """A fixture model: images, architecture, objective, training, seeds.

    `departures` says in words where the model differs from the source's. `judge` names the judge of
    its images in `aelatent.judges.registry`, and `counterpart` the model that claims of comparison
    compare it with.
    """

    name: str
    title: str
    catalogue: str
    departures: str
    images: str
    architecture: Architecture
    objective: Objective
    training: Training
    seeds: tuple[int, ...]
    judge: str | None = None
    counterpart: str | None = None
    store: Store = Store()

    @property
    def digest(self) -> str:
        """SHA-256 over everything that the trained weights depend on, the seed aside.

        Prose, seeds, judge and store stay out of it, and so does every setting left at its default:
        to reword a title, to add a seed, or to teach specifications a new setting leaves the
        replicates that exist as good as they were.
        """
        parts = self.model_dump(
            include={"images", "architecture", "objective", "training"}, exclude_defaults=True
        )
        return digest(json.dumps(parts, sort_keys=True).encode())

    @property
    def trained(self) -> bool:
        """Whether the model was trained at all."""
        return self.training.epochs > 0

    @property
    def latent_dim(self) -> int | None:
        """Number of latent dimensions; None for a classifier."""
        return self.architecture.parameters.get("latent_dim")

    @property
    def capabilities(self) -> frozenset[str]:
        """What the model is and has, in the words of `aelatent.zoo.capabilities`."""
        return capabilities.of_fixture(self)


def read(path: Path) -> Specification:
    """Read one YAML file; the model is named after the file.

    Raises
    ------
    SpecificationError
        If the file is no YAML, or lacks, mistypes or adds a key; the message lists every fault.
    """
    content = plain_yaml(path)
    try:
        return Specification(name=path.stem, **content)
    except (ValidationError, TypeError) as error:
        raise SpecificationError(f"{path}: {error}") from error


def _given_twice(node: yaml.Node | None) -> list[str]:
    """Return the keys that stand twice in one mapping, however deep: the last would win."""
    if isinstance(node, yaml.MappingNode):
        keys = [str(key.value) for key, _ in node.value]
        inside = [key for _, value in node.value for key in _given_twice(value)]
        return sorted({key for key in keys if keys.count(key) > 1}) + inside
    if isinstance(node, yaml.SequenceNode):
        return [key for value in node.value for key in _given_twice(value)]
    return []


def plain_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file of keys and values that holds neither aliases nor objects.

    Raises
    ------
    SpecificationError
        If there is no such file, or it is none of that kind.
    """
    try:
        text = path.read_text(encoding="utf-8")
        # Aliases of aliases stand for more values than there is memory for.
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, LOADER)):
            raise SpecificationError(f"{path}: expected YAML without aliases, received some")
        twice = _given_twice(yaml.compose(text, LOADER))
        content = yaml.load(text, LOADER)  # noqa: S506 -- a safe loader either way
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise SpecificationError(f"{path}: expected YAML, received {error}") from error
    if twice:
        raise SpecificationError(f"{path}: {', '.join(twice)}: given twice")
    if not isinstance(content, dict):
        raise SpecificationError(f"{path}: expected keys and values, received {content!r:.60}")
    return content
