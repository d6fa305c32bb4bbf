"""The file of an audit: everything but networks and images, as arrays and numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from aelatent.audit.autoencoder import Autoencoder
from aelatent.audit.comparison import SamplerResult
from aelatent.audit.description import OBJECTS, ModelDescription, TrainingFiles
from aelatent.audit.measured import MeasuredModel, MeasuredTraining
from aelatent.audit.outputs import Reading
from aelatent.audit.recommendation import Recommendation
from aelatent.audit.reconstruction import Reconstruction
from aelatent.judges.card import CardRow
from aelatent.runtime import files
from aelatent.runtime.arrays import unpack
from aelatent.runtime.own_file import holds_arrays
from aelatent.samplers.fitted import CodeSampler

if TYPE_CHECKING:
    from aelatent.audit.result import AuditResult
    from aelatent.audit.running import Audit

SCHEMA = 1
NUMBERS = (
    "hits",
    "diversity",
    "precision",
    "recall",
    "density",
    "coverage",
    "remoteness",
    "recognisable",
    "cycle",
    "worth",
)
FACTS = ["varied", "recognisable", "image_shape"]
WHOLE = frozenset({"facts", "codes", "fold", "fitted", "judged"})  # arrays of every audit
Arrays = dict[str, NDArray[Any]]


def pack_audit(audit: Audit, found: str) -> Arrays:
    """Return the arrays of an audit's file.

    Parameters
    ----------
    audit : Audit
    found : str
        How images and networks were read.

    Returns
    -------
    dict of str to ndarray
    """
    measured, advised = audit.measured, audit.recommendation
    first, training = measured.autoencoders[0], measured.trainings[0]
    results = [] if advised is None else [*advised.results, advised.reference]
    facts = {
        "schema": SCHEMA,
        "found": found,
        "description": json.loads(measured.description.model_dump_json()),
        "reading": asdict(first.reading),
        "code_shape": list(first.code_shape),
        "decoder": first.decoder is not None,
        "reconstructions": [asdict(each) for each in measured.reconstructions],
        "seen": None if measured.seen is None else asdict(measured.seen),
        "samplers": [_facts(each) for each in results],
        **{name: getattr(measured, name) for name in FACTS},
    }
    arrays: Arrays = {"facts": np.array(json.dumps(facts)), "codes": _short(training.codes)}
    arrays |= {name: getattr(measured, name) for name in ("fold", "fitted", "judged")}
    if training.log_variances is not None:
        arrays["log_variances"] = _short(training.log_variances)
    for result in results:
        arrays |= _sampler_arrays(result)
    return arrays


def _short(values: NDArray[Any]) -> NDArray[np.float32]:
    return values.astype(np.float32)


def _facts(result: SamplerResult) -> dict[str, Any]:
    sampler = result.sampler
    return {
        "name": result.name,
        "short": result.short,
        "code_shape": None if sampler is None else list(sampler.code_shape),
        **{name: getattr(result, name) for name in NUMBERS},
    }


def _sampler_arrays(result: SamplerResult) -> Arrays:
    own = {} if result.sampler is None else result.sampler.arrays
    arrays = {f"{result.short}/arrays/{name}": values for name, values in own.items()}
    pictures = {"pixels": result.pixels, "accepted": result.accepted}
    return arrays | {f"{result.short}/{name}": values for name, values in pictures.items()}


def is_audit(path: Path) -> bool:
    """Tell whether a file is one that `r.save()` wrote."""
    return holds_arrays(path, WHOLE)


def load_audit(path: str | Path) -> AuditResult:
    """Read the file that `r.save()` wrote.

    The result draws codes, checks demands, shows figures and writes the report; it has no networks,
    so that it decodes nothing.

    Raises
    ------
    StorageError
        If there is no such file, or it holds no audit.
    """
    from aelatent.audit.result import AuditResult

    path = Path(path)
    try:
        arrays = unpack(files.read(path), path)
        facts = json.loads(str(arrays["facts"]))
        measured = _measured(facts, arrays)
        results = [_result(each, arrays) for each in facts["samplers"]]
        found = str(facts["found"])
    except FileNotFoundError:
        raise files.StorageError(f"{path}: expected an audit, found no such file") from None
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
        if isinstance(error, files.StorageError):
            raise
        raise files.StorageError(
            f"{path}: expected an audit that r.save() wrote, received {error!r}"
        ) from error
    advised = Recommendation(results[-1], results[:-1]) if results else None
    return AuditResult(Path(), measured, advised, (), found)


def _measured(facts: Mapping[str, Any], arrays: Arrays) -> MeasuredModel:
    described = _described(facts["description"])
    variances = arrays.get("log_variances")
    training = MeasuredTraining(
        arrays["codes"].astype(np.float64),
        None if variances is None else variances.astype(np.float64),
    )
    reading = Reading(**{**facts["reading"], "notes": tuple(facts["reading"]["notes"])})
    shape = tuple(facts["code_shape"])
    autoencoder = Autoencoder(None, None, (0.0, 1.0), code_shape=shape, reading=reading)
    measured = MeasuredModel(
        described,
        (autoencoder,),
        (training,),
        arrays["fold"],
        arrays["fitted"],
        arrays["judged"],
        reconstructions=tuple(map(_reconstruction, facts["reconstructions"])),
    )
    seen = None if facts["seen"] is None else CardRow(**facts["seen"])
    kept = {name: facts[name] for name in FACTS}
    return replace(measured, seen=seen, **{**kept, "image_shape": tuple(kept["image_shape"])})


def _described(facts: Mapping[str, Any]) -> ModelDescription:
    """Return a description that is not checked again: it may stand for objects."""
    known = dict(facts)
    if isinstance(known["range"], list):
        known["range"] = tuple(known["range"])
    known["replicates"] = tuple(TrainingFiles(**each) for each in known["replicates"])
    return ModelDescription.model_construct(**known, file=OBJECTS)


def _reconstruction(facts: Mapping[str, Any]) -> Reconstruction:
    return TypeAdapter(Reconstruction).validate_python(dict(facts))


def _result(facts: Mapping[str, Any], arrays: Arrays) -> SamplerResult:
    short = facts["short"]
    start = f"{short}/arrays/"
    own = {k.removeprefix(start): values for k, values in arrays.items() if k.startswith(start)}
    shape = facts["code_shape"]
    sampler = None if shape is None else CodeSampler(facts["name"], tuple(shape), own)
    numbers = {name: _number(facts[name]) for name in NUMBERS}
    return SamplerResult(
        facts["name"],
        short,
        sampler,
        **numbers,
        pixels=arrays[f"{short}/pixels"],
        accepted=arrays[f"{short}/accepted"],
    )


def _number(value: Any) -> Any:
    return (value[0], tuple(value[1])) if isinstance(value, list) else value
