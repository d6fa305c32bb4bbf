"""What a fixture model is, as its YAML file says it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aelatent.runtime import files
from aelatent.runtime.files import StorageError, digest
from aelatent.runtime.refusal import RefusedInputError
from aelatent.zoo import capabilities

# libyaml reads ten times as fast as Python; both know nothing but plain values.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LARGEST = 2**16  # bytes of a description; the largest of ours has 3,000
DEEPEST = 20  # brackets within brackets: libyaml's stack overflows at tens of thousands
LONGEST_NUMBER = 30  # digits
INTEGER, FLOAT, TRUTH, MERGE = (f"tag:yaml.org,2002:{k}" for k in ("int", "float", "bool", "merge"))
# Numbers to the base 8 or 60 in YAML 1.1: whoever writes 0100 or 5:00 means something else.
TRAP = re.compile(r"[-+]?0[0-9_]+|.*:.*")
OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)


class SpecificationError(RefusedInputError):
    """A YAML file does not describe a fixture model."""


class Section(BaseModel):
    """A part of a specification: frozen, and closed to keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


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


def plain_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file of keys and values that holds neither aliases nor objects.

    Raises
    ------
    SpecificationError
        If there is no such file, it is larger than 64 KiB, or it is none of that kind: it has
        aliases, explicit tags, keys that stand twice or are merged, control characters, numbers of
        more than 30 digits or to the base 8 or 60, `yes` and `no`, or brackets within more than 20
        brackets.
    """
    try:
        text = files.read(path, LARGEST).decode()
        _check_tokens(path, text)
        nodes = list(_nodes(yaml.compose(text, LOADER)))
        _check_nodes(path, nodes)
        content = yaml.load(text, LOADER)  # noqa: S506 -- a safe loader either way
    except StorageError as error:
        raise SpecificationError(str(error)) from error
    except SpecificationError:
        raise
    # The last four come from the library where a date or a number makes no sense.
    except (yaml.YAMLError, OSError, ValueError, TypeError, OverflowError, KeyError) as error:
        raise SpecificationError(f"{path}: expected YAML, received {error}") from error
    if not isinstance(content, dict):
        raise SpecificationError(f"{path}: expected keys and values, received {content!r:.60}")
    return content


def _check_tokens(path: Path, text: str) -> None:
    """Refuse what cannot be taken apart safely: aliases, tags, too many brackets."""
    depth = 0
    for token in yaml.scan(text, LOADER):
        # Aliases of aliases stand for more values than there is memory for.
        if isinstance(token, yaml.AliasToken):
            raise SpecificationError(f"{path}: expected YAML without aliases, received some")
        if isinstance(token, yaml.TagToken):
            raise SpecificationError(f"{path}: expected YAML without tags, received some")
        depth += isinstance(token, OPENING) - isinstance(token, CLOSING)
        if depth > DEEPEST:
            raise SpecificationError(
                f"{path}: expected at most {DEEPEST} brackets within each other, received more"
            )


def _check_nodes(path: Path, nodes: list[yaml.Node]) -> None:
    """Refuse keys that stand twice, of which the last would win, and values that are none."""
    mappings = [node for node in nodes if isinstance(node, yaml.MappingNode)]
    counts = [Counter(str(key.value) for key, _ in node.value) for node in mappings]
    if twice := sorted({key for keys in counts for key, n in keys.items() if n > 1}):
        raise SpecificationError(f"{path}: {', '.join(twice)}: given twice")
    for node in nodes:
        if not isinstance(node, yaml.ScalarNode):
            continue
        if node.tag == INTEGER and len(node.value) > LONGEST_NUMBER:
            raise SpecificationError(
                f"{path}: expected numbers of at most {LONGEST_NUMBER} digits, received "
                f"{len(node.value):,}"
            )
        if meant := _other_meaning(node):
            raise SpecificationError(
                f"{path}, line {node.start_mark.line + 1}: expected {meant}, received "
                f"{node.value!r:.80}, which YAML takes for something else. Put text into quotes"
            )
        if any((ord(c) < 32 and c not in "\n\t\r") or 127 <= ord(c) < 160 for c in node.value):
            raise SpecificationError(
                f"{path}: expected text without control characters, received {node.value!r:.80}"
            )


def _other_meaning(node: yaml.ScalarNode) -> str:
    """Return what should stand in the place of a word that YAML 1.1 takes for something else."""
    if node.tag in (INTEGER, FLOAT) and TRAP.fullmatch(node.value):
        return "a number to the base ten"
    if node.tag == TRUTH and node.value.lower() not in ("true", "false"):
        return "true or false"
    return "keys written out" if node.tag == MERGE else ""


def _nodes(node: yaml.Node | None) -> Iterator[yaml.Node]:
    """Yield a node and all those in it; `_check_tokens` has limited how deep."""
    if node is None:
        return
    yield node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _nodes(key)
            yield from _nodes(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _nodes(value)
