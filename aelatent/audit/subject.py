"""A subject: the user's own model, as its YAML file says it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from aelatent.zoo.specification import SpecificationError, plain_yaml

RANGES: dict[tuple[float, float] | str, tuple[float, float]] = {
    (0.0, 1.0): (0.0, 1.0),
    (-1.0, 1.0): (-1.0, 1.0),
    (0.0, 255.0): (0.0, 255.0),
    "uint8": (0.0, 255.0),
}
JUDGES = ("faces", "digits")
CALLABLE = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
FILES = {".keras", ".onnx"}


class SubjectError(SpecificationError):
    """A subject that is not described well enough, or is not what its description says."""


class Part(BaseModel):
    """One training of the model: its networks, or only the codes that its encoder made.

    Attributes
    ----------
    encoder, decoder : str or None
        A `.keras` or `.onnx` file, or `module:callable` in the user's own code.
    codes : str or None
        An `.npy` file, or an `.npz` of one array: codes (n, ...), the means for a VAE.
    log_variances : str or None
        Likewise, of the codes' shape, for a VAE.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoder: str | None = None
    decoder: str | None = None
    codes: str | None = None
    log_variances: str | None = None

    @field_validator("encoder", "decoder")
    @classmethod
    def _network(cls, name: str | None) -> str | None:
        if name is not None and Path(name).suffix not in FILES and not CALLABLE.fullmatch(name):
            raise ValueError(
                f"expected a .keras or an .onnx file, or module:callable, received {name!r}"
            )
        return name


class Subject(Part):
    """A user's model.

    Attributes
    ----------
    name : str
    images : str or None
        `folder:PATH`, `array:PATH.npy` (uint8) or a named set; needed for an encoder.
    side : int or None
        Cut images of a folder to squares of so many pixels a side.
    range : tuple of float or "uint8"
        What the networks take for black and white: [0, 1], [-1, 1] or [0, 255].
    channels : {"last", "first"}
        Where the networks have the channel axis.
    judge : str or None
        "faces", "digits", or `module:callable` from uint8 pixels (n, h, w, c) to scores or yes and
        no, (n,). Without one the audit measures likeness to the model's own reconstructions.
    labels, groups : str or None
        Integers (n,), one an image: classes, and images that are not independent.
    replicates : tuple of Part
        Further trainings of the same model, if there are any.
    most : int
        Of more images than this so many are chosen.
    file : Path
        The YAML file; relative paths start from its folder.
    """

    name: str = Field(min_length=1)
    images: str | None = None
    side: int | None = Field(default=None, ge=4)
    range: tuple[float, float] | Literal["uint8"] = (0.0, 1.0)
    channels: Literal["last", "first"] = "last"
    judge: str | None = None
    labels: str | None = None
    groups: str | None = None
    replicates: tuple[Part, ...] = ()
    most: int = Field(default=10_000, ge=100)
    file: Path = Field(default=Path("subject.yaml"), exclude=True)

    @field_validator("range")
    @classmethod
    def _known_range(cls, value: Any) -> Any:
        if value not in RANGES:
            raise ValueError(f"expected [0, 1], [-1, 1], [0, 255] or uint8, received {value}")
        return value

    @field_validator("judge")
    @classmethod
    def _known_judge(cls, name: str | None) -> str | None:
        if name is not None and name not in JUDGES and not CALLABLE.fullmatch(name):
            raise ValueError(f"expected faces, digits or module:callable, received {name!r}")
        return name

    @model_validator(mode="after")
    def _whole(self) -> Subject:
        if self.images and Path(self.images).suffix in FILES:
            raise ValueError(f"images: expected images, received a model, {self.images!r}")
        for place, part in enumerate(self.parts):
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
    def parts(self) -> tuple[Part, ...]:
        """Every training: the subject's own and its further replicates."""
        own = Part(**{name: getattr(self, name) for name in Part.model_fields})
        return (own, *self.replicates)

    @property
    def limits(self) -> tuple[float, float]:
        """What the networks take for black and for white."""
        return RANGES[self.range]

    @property
    def folder(self) -> Path:
        """What relative paths start from."""
        return self.file.parent

    def path(self, name: str) -> Path:
        """Return the path of a file that the description names."""
        return self.folder / Path(name).expanduser()

    @property
    def source(self) -> str | None:
        """The images by the name that `aelatent.data.load` knows them by."""
        kind, colon, path = (self.images or "").partition(":")
        return f"{kind}:{self.path(path)}" if colon else self.images


def read(path: str | Path) -> Subject:
    """Read the description of a subject.

    Raises
    ------
    SubjectError
        If there is no such file, it is no plain YAML, or it lacks, mistypes or adds a key; the
        message lists every fault.
    """
    path = Path(path)
    try:
        content = plain_yaml(path)
    except SpecificationError as error:
        raise SubjectError(str(error)) from error
    try:
        return Subject(**{**content, "file": path.resolve()})
    except (ValidationError, TypeError) as error:
        raise SubjectError(f"{path}: {_plainly(error)}") from error


def _plainly(error: Exception) -> str:
    """Say what is wrong with each key, a line each."""
    if not isinstance(error, ValidationError):
        return str(error)
    return "\n  ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}"
        + (f", received {fault['input']!r:.80}" if fault["type"] != "value_error" else "")
        for fault in error.errors()
    )
