"""The description of a user's model: what its YAML file says."""

from __future__ import annotations

import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from aelatent.audit.hint import of_callable, of_description, of_images
from aelatent.audit.user_code import SECONDS
from aelatent.judges import registry
from aelatent.runtime.files import expanded
from aelatent.zoo.specification import SpecificationError, plain_yaml

RANGES: dict[tuple[float, float] | str, tuple[float, float]] = {
    (0.0, 1.0): (0.0, 1.0),
    (-1.0, 1.0): (-1.0, 1.0),
    (0.0, 255.0): (0.0, 255.0),
    "uint8": (0.0, 255.0),
}
CALLABLE = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
FILES = {".keras", ".onnx"}
OBJECTS = Path("objects")  # the "file" of a model that lies in memory


class DescriptionError(SpecificationError):
    """A description that is incomplete, or that the model does not agree with."""


def known_range(value: Any) -> Any:
    """Return a range that networks have.

    Raises
    ------
    ValueError
        If it is none of `RANGES`.
    """
    if value not in RANGES:
        raise ValueError(f"expected [0, 1], [-1, 1], [0, 255] or uint8, received {value}")
    return value


class Ranges(BaseModel):
    """The values of black and white of an encoder and of a decoder that differ in them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoder: tuple[float, float] | Literal["uint8"]
    decoder: tuple[float, float] | Literal["uint8"]

    @field_validator("encoder", "decoder")
    @classmethod
    def _known(cls, value: Any) -> Any:
        return known_range(value)


class TrainingFiles(BaseModel):
    """One training of the model: its networks, or only the codes that its encoder made.

    Attributes
    ----------
    encoder, decoder : str or None
        A `.keras` or `.onnx` file, or `module:callable` in the user's own code.
    codes : str or None
        An `.npy` file, or an `.npz` of one array: codes (n, ...); for a VAE the means.
    log_variances : str or None
        The same for the log-variances of a VAE, of the codes' shape.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoder: str | None = None
    decoder: str | None = None
    codes: str | None = None
    log_variances: str | None = None

    @field_validator("encoder", "decoder")
    @classmethod
    def _network(cls, name: str | None) -> str | None:
        if name is None or Path(name).suffix in FILES:
            return name
        hint = of_callable(name)
        if hint or not CALLABLE.fullmatch(name):
            raise ValueError(
                f"expected a .keras or an .onnx file, or module:callable, received {name!r}{hint}"
            )
        return name


class ModelDescription(TrainingFiles):
    """A user's model: its networks or codes, its images, and how to read both.

    Attributes
    ----------
    name : str
    images : str or None
        `folder:PATH`, `array:PATH.npy` (uint8) or a named set; an encoder needs them.
    side : int or None
        Crop the images of a folder to squares with a side of so many pixels, 4 to 4096.
    range : tuple of float, "uint8", or Ranges
        The networks' values of black and white: [0, 1], [-1, 1] or [0, 255]; or
        `{encoder: ..., decoder: ...}` where the two differ.
    channels : {"last", "first"}
        Where the networks have the channel axis.
    judge : str or None
        The name of a judge, such as "faces", or `module:callable` from uint8 pixels (n, h, w, c)
        to scores or booleans, (n,). Without one the audit measures similarity to the model's own
        reconstructions.
    labels, groups : str or None
        Files of integers (n,), one an image: classes, and groups of images that are not
        independent.
    replicates : tuple of TrainingFiles
        Further trainings of the same model.
    batch : int or None
        The number of inputs that callables take at once, where they take no other.
    call_seconds : float
        That a call of a callable may take; 0 for no limit.
    most : int
        Use a random choice of so many images if there are more.
    file : Path
        The YAML file; relative paths start from its folder.
    """

    name: str = Field(min_length=1, max_length=200)
    images: str | None = None
    side: int | None = Field(default=None, ge=4, le=4096)
    range: tuple[float, float] | Literal["uint8"] | Ranges = (0.0, 1.0)
    channels: Literal["last", "first"] = "last"
    judge: str | None = None
    labels: str | None = None
    groups: str | None = None
    replicates: tuple[TrainingFiles, ...] = ()
    batch: int | None = Field(default=None, ge=1, le=4096)
    call_seconds: float = Field(default=SECONDS, ge=0, le=10_000_000)
    most: int = Field(default=10_000, ge=100, le=10_000_000)
    file: Path = Field(default=Path("subject.yaml"), exclude=True)

    @field_validator("name")
    @classmethod
    def _on_one_line(cls, name: str) -> str:
        if not name.isprintable():
            raise ValueError(
                f"expected a name of visible characters on one line, received {name!r}"
            )
        return name

    @field_validator("side", "batch", "call_seconds", "most", mode="before")
    @classmethod
    def _number(cls, value: Any) -> Any:
        if isinstance(value, bool):
            raise ValueError(f"expected a number, received {value}")  # noqa: TRY004 -- for pydantic
        return value

    @field_validator("range")
    @classmethod
    def _known_range(cls, value: Any) -> Any:
        return value if isinstance(value, Ranges) else known_range(value)

    @field_validator("judge")
    @classmethod
    def _known_judge(cls, name: str | None) -> str | None:
        if name is None or name in registry.NAMES:
            return name
        hint = of_callable(name)
        if hint or not CALLABLE.fullmatch(name):
            known = ", ".join(registry.NAMES)
            raise ValueError(f"expected {known} or module:callable, received {name!r}{hint}")
        return name

    @model_validator(mode="after")
    def _consistent(self) -> ModelDescription:
        if self.images and Path(self.images).suffix in FILES:
            raise ValueError(f"images: expected images, received a model, {self.images!r}")
        if self.images and (hint := of_images(self.images, self.folder)):
            raise ValueError(
                "images: expected folder:PATH, array:PATH or the name of a set, received "
                f"{self.images!r}{hint}"
            )
        for place, part in enumerate(self.trainings):
            where = f"replicates[{place - 1}]: " if place else ""
            if part.encoder is None and part.codes is None:
                raise ValueError(f"{where}expected an encoder or codes, received neither")
            if part.encoder is not None and self.images is None:
                raise ValueError(f"{where}expected images for the encoder, received none")
            if part.encoder is not None and part.codes is not None:
                raise ValueError(f"{where}expected an encoder or codes, received both")
            if (part.decoder is None) != (self.decoder is None):
                raise ValueError(f"{where}expected a decoder for every replicate or for none")
        return self

    @property
    def trainings(self) -> tuple[TrainingFiles, ...]:
        """Every training: the first, described at the top level, and the further replicates."""
        first = TrainingFiles(**{name: getattr(self, name) for name in TrainingFiles.model_fields})
        return (first, *self.replicates)

    @property
    def needs_keras(self) -> bool:
        """Whether a network or the judge is a Keras model; nothing else imports Keras."""
        networks = [name for part in self.trainings for name in (part.encoder, part.decoder)]
        return self.judge == "digits" or any(name and name.endswith(".keras") for name in networks)

    @property
    def value_range(self) -> tuple[float, float]:
        """The encoder's values of black and white."""
        return RANGES[self.range.encoder if isinstance(self.range, Ranges) else self.range]

    @property
    def decoder_range(self) -> tuple[float, float] | None:
        """The decoder's values of black and white where they are other ones."""
        return RANGES[self.range.decoder] if isinstance(self.range, Ranges) else None

    @property
    def folder(self) -> Path:
        """The folder of the YAML file, from which relative paths start."""
        return self.file.parent

    def path(self, name: str) -> Path:
        """Return the path of a file that the description names."""
        return self.folder / expanded(name)

    @property
    def source(self) -> str | None:
        """The images, as `aelatent.data.load` takes them."""
        kind, colon, path = (self.images or "").partition(":")
        return f"{kind}:{self.path(path)}" if colon else self.images


def read(path: str | Path) -> ModelDescription:
    """Read the description of a user's model from a YAML file.

    Raises
    ------
    DescriptionError
        If there is no such file, it is no plain YAML, or a key is missing, mistyped or unknown; the
        message lists every fault.
    """
    path = Path(path)
    if not os.path.lexists(path):
        raise DescriptionError(
            f"{path}: expected the description of a model, found no such file. "
            f"{of_description(path)}"
        )
    try:
        content = plain_yaml(path)
    except SpecificationError as error:
        raise DescriptionError(str(error)) from error
    try:
        return ModelDescription(**{**content, "file": path.resolve()})
    except (ValidationError, TypeError) as error:
        raise DescriptionError(f"{path}: {_faults(error)}") from error


def _faults(error: Exception) -> str:
    """Return what is wrong with each key, a line each."""
    if not isinstance(error, ValidationError):
        return str(error)
    return "\n  ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {_fault(fault)}"
        for fault in error.errors()
    )


def _fault(fault: Any) -> str:
    """Say what is wrong with a key, and which known one an unknown one is like."""
    if fault["type"] == "extra_forbidden":
        near = get_close_matches(str(fault["loc"][-1]), ModelDescription.model_fields, 1)
        return f"unknown key{f'; did you mean {near[0]}?' if near else ''}"
    received = f", received {fault['input']!r:.80}" if fault["type"] != "value_error" else ""
    return f"{fault['msg']}{received}"
