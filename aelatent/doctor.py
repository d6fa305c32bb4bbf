"""`aelatent doctor`: what is installed, what is missing, and what to do about it."""

from __future__ import annotations

import importlib.util
import os
import platform
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from aelatent import data
from aelatent.judges import JudgeCard, registry
from aelatent.runtime import environment, quiet_keras, resources
from aelatent.runtime.files import StorageError
from aelatent.simulation import claim_files
from aelatent.zoo import Collection


class State(StrEnum):
    """The state of a part; only a broken part keeps commands from working."""

    FINE = "ok"
    MISSING = "--"
    BROKEN = "!!"


class Finding(NamedTuple):
    """One line of the answer: a part, its state, a message, and a remedy."""

    state: State
    subject: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        lines = [f"{self.state}  {self.subject:<15}{self.message}"]
        return "\n".join([*lines, *([f"{'':19}-> {self.remedy}"] if self.remedy else [])])


BACKENDS = {
    "tensorflow": "pip install tensorflow",
    "jax": "pip install jax",
    "torch": "pip install torch",
}
OPTIONAL = {
    "torch": ("PyTorch models can be audited as module:callable", "pip install torch"),
    "onnx": ("ONNX files can be looked through", "pip install onnx"),
    "onnxruntime": ("ONNX files can be audited", "pip install onnxruntime"),
    "distributed": ("--cluster trains on many machines", "pip install 'aelatent[cluster]'"),
}


def examine(collection: Collection) -> Iterator[Finding]:
    """Check the machine, the backend, the images, the fixture models and the claims.

    Changes nothing. Loads Keras, which takes a few seconds.
    """
    yield Finding(State.FINE, "aelatent", _versions())
    yield _machine()
    yield _backend()
    for name, (use, remedy) in OPTIONAL.items():
        there = importlib.util.find_spec(name) is not None
        yield (
            Finding(State.FINE, name, use)
            if there
            else Finding(State.MISSING, name, f"not installed; with it {use}", remedy)
        )
    for name, folder in data.whereabouts():
        yield (
            Finding(State.FINE, name, str(folder))
            if folder
            else Finding(
                State.MISSING,
                name,
                "not on this machine; claims run on stored replicates without these images",
                f"aelatent data {name}  explains how to get them",
            )
        )
    yield from _fixtures(collection)
    yield _judges()
    claims = list(claim_files(resources.folder("claims")))
    yield Finding(
        State.FINE if claims else State.BROKEN,
        "claims",
        f"{len(claims)} files in {resources.folder('claims')}",
        "" if claims else "install aelatent again",
    )


def _versions() -> str:
    versions = environment.versions()
    shown = ("aelatent", "python", "keras", "numpy", "scipy", "pytest")
    first, *others = [f"{name} {versions[name]}" for name in shown if name in versions]
    return ", ".join([first.removeprefix("aelatent "), *others])


def _machine() -> Finding:
    hardware = environment.hardware()
    bfloat16 = (
        "native bfloat16"
        if hardware["native_bfloat16"]
        else "no native bfloat16: training in float32"
    )
    gpu = hardware["accelerator"] or "no GPU seen"
    processor = f"{hardware['processor']}, {hardware['cores']} cores"
    return Finding(State.FINE, "machine", f"{processor}, {gpu}, {bfloat16}, {platform.system()}")


def _backend() -> Finding:
    """Load Keras and ask its backend for devices."""
    if importlib.util.find_spec("keras") is None:
        message = "not installed; with it Keras models are audited and the claim suite runs"
        return Finding(State.MISSING, "keras", message, "pip install 'aelatent[keras]'")
    installed = [name for name in BACKENDS if importlib.util.find_spec(name) is not None]
    if not installed:
        return Finding(
            State.BROKEN, "backend", f"none of {', '.join(BACKENDS)}", BACKENDS["tensorflow"]
        )
    try:
        quiet_keras.load_keras()
        import keras
    except Exception as error:  # the doctor reports whatever is wrong
        asked = os.environ.get("KERAS_BACKEND", "tensorflow")
        others = [name for name in installed if name != asked]
        remedy = f"set KERAS_BACKEND={others[0]}" if others else BACKENDS.get(asked, "")
        return Finding(State.BROKEN, "backend", f"{asked}: {type(error).__name__}: {error}", remedy)
    name = keras.config.backend()
    devices = ", ".join(keras.distribution.list_devices()) or "none named"
    others = [other for other in installed if other != name]
    message = f"Keras on {name}; devices: {devices}" + (
        f"; also installed: {', '.join(others)} (KERAS_BACKEND chooses)" if others else ""
    )
    return Finding(State.FINE, "backend", message)


def _fixtures(collection: Collection) -> Iterator[Finding]:
    """Yield how many models are whole, and a finding for each that is not."""
    names = collection.names()
    if not names:
        yield Finding(
            State.MISSING,
            "fixtures",
            f"no models in {collection.folder}",
            "only the project's own checks need them; --fixtures DIR names another folder",
        )
        return
    kept = [name for name in names if collection.expected(name)]
    faults = {name: [message for _, message in collection.complaints(name)] for name in kept}
    stored = sum(len(collection.entries(name)) for name in kept)
    well = sum(not messages for messages in faults.values())
    message = f"{well} of {len(kept)} models whole, {stored} replicates in {collection.folder}"
    if others := sorted(set(names) - set(kept)):
        message += f"; described but not stored: {', '.join(others)}"
    yield Finding(State.FINE if well == len(kept) else State.BROKEN, "fixtures", message)
    for name, messages in faults.items():
        if messages:
            yield Finding(State.BROKEN, name, messages[0], f"aelatent train {name}")


def _judges() -> Finding:
    packaged = Collection(resources.folder("fixtures"))
    try:
        cards = [JudgeCard.read(registry.card_path(name, packaged)) for name in registry.NAMES]
    except (StorageError, OSError) as error:
        return Finding(State.BROKEN, "judges", str(error), "install aelatent again")
    message = ", ".join(
        f"{card.judge} ({100 * card.sensitivity().value:.0f} % of clean ones are found clean)"
        for card in cards
    )
    return Finding(State.FINE, "judges", message)


def healthy(findings: list[Finding]) -> bool:
    """Return whether nothing is broken."""
    return all(finding.state is not State.BROKEN for finding in findings)
