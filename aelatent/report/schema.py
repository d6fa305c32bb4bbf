"""What stored results must look like: the kind of every field that a report reads."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.runtime.files import StorageError

Interval = tuple[float, float]


class Section(BaseModel):
    """A part of stored results; numbers are finite, and keys that it does not know may stand."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False, extra="allow")


class KindFields(Section):
    """The error of a judge at a kind of images on which it was not measured."""

    error: float
    degrees: int
    room: float
    slope: float


class MeanErrorFields(Section):
    """What is known of the error of a part's effect."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False, extra="forbid")

    own: float
    degrees: int
    shared: float
    kind: KindFields
    bounds: tuple[float | None, float | None]
    beyond: float
    of_images: bool


class PartFields(Section):
    """A part of a claim, or of a claim at a reading of its judge."""

    effect: float
    interval: Interval
    outcome: Outcome = Outcome.SUPPORTED  # which the oldest files lack
    per_replicate: list[float] = []
    unit: str = ""
    rule: str = ""
    limits: tuple[float | None, float | None] | None = None
    pvalue: float | None = None
    surrogate_pvalue: float | None = None
    null: Interval | None = None
    wide_interval: Interval | None = None
    errors: MeanErrorFields | None = None


class ReadingFields(Section):
    """A claim at one reading of its judge."""

    name: str
    outcome: Outcome
    parts: list[PartFields]


class RateFields(Section):
    """A rate with its exact interval."""

    rate: float
    interval: Interval


class CalibrationFields(Section):
    """How often a claim's check errs in one scenario."""

    name: str
    simulations: int = 0
    false_support: RateFields | None = None
    false_refutation: RateFields | None = None
    power: RateFields | None = None
    coverage: RateFields | None = None
    stale: bool = False
    because: str = ""


class RecordFields(Section):
    """The fields of a record whose kind its class does not tell."""

    outcome: Outcome
    expected: Outcome | str
    parts: list[PartFields] = []
    readings: list[ReadingFields] = []
    calibration: list[CalibrationFields] = []
    figures: list[str] = []
    alternatives: list[str] = []

    @model_validator(mode="after")
    def _described(self) -> RecordFields:
        if len(self.figures) != len(self.alternatives):
            raise ValueError("expected words for every figure")
        return self


class NumberFields(Section):
    """A number of an audit, with its interval."""

    value: float
    interval: Interval


class ErrorFields(Section):
    """The reconstruction of one training."""

    error: NumberFields


class SamplerFields(Section):
    """How good the draws of one sampler are."""

    name: str
    short: str = ""
    hits: NumberFields
    recall: NumberFields
    coverage: NumberFields


class AuditFields(Section):
    """What of audit.json is compared."""

    samplers: list[SamplerFields]
    environment: dict[str, Any] = {}
    reconstruction: list[ErrorFields] = []
    refusals: list[str] = []
    recommended: list[str] = Field(default=[])


_RECORDS = TypeAdapter(list[Record], config=ConfigDict(strict=True, allow_inf_nan=False))
_FIELDS = TypeAdapter(list[RecordFields])
_AUDIT = TypeAdapter(AuditFields)


def checked_records(claims: Any, where: object) -> list[Record]:
    """Return stored records, after a look at every field.

    Parameters
    ----------
    claims : object
        As JSON holds them.
    where : object
        The file's name, for error messages.

    Returns
    -------
    list of Record

    Raises
    ------
    StorageError
        If a field is missing or of another kind; the message names the first.
    """
    text = json.dumps(claims)
    try:
        records = _RECORDS.validate_json(text, strict=True)
        _FIELDS.validate_json(text)
    except ValidationError as error:
        place, said = _first(error)
        raise StorageError(f"{where}: claims.{place}: {said}; run the claims again") from error
    return records


def check_audit(content: Any, where: object) -> None:
    """Refuse an audit.json of which a field that is compared is missing or of another kind.

    Parameters
    ----------
    content : object
        As JSON holds it.
    where : object
        The file's name, for error messages.

    Raises
    ------
    StorageError
        Which names the first.
    """
    try:
        _AUDIT.validate_json(json.dumps(content))
    except ValidationError as error:
        place, said = _first(error)
        raise StorageError(
            f"{where}: {place}: {said}; expected what `aelatent audit` writes. Audit the model "
            "again"
        ) from error


def _first(error: ValidationError) -> tuple[str, str]:
    """Return the place of the first fault, and what is wrong there."""
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"])) or "all"
    return place, f"{first['msg']}, received {first['input']!r:.80}"
