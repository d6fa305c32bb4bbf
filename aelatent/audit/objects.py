"""Networks from the objects in a user's hands: functions, modules, models, files."""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from aelatent.audit import networks, user_code
from aelatent.audit.conditions import ConditionedFunction, ConditionTable, conditioned
from aelatent.audit.description import DescriptionError
from aelatent.audit.networks import Network, Shape, Singles
from aelatent.audit.outputs import named

ENCODER = "encoder"
PAIRS = ("encode", "decode"), ("encoder", "decoder")


def encoder_and_decoder(model: Any) -> tuple[Any, Any]:
    """Return the encoder and the decoder of one object.

    Parameters
    ----------
    model : object
        With `encode` and `decode`, or `encoder` and `decoder`; or a pair.

    Returns
    -------
    encoder, decoder : object

    Raises
    ------
    DescriptionError
        If it has neither.
    """
    if isinstance(model, (tuple, list)) and len(model) == 2:
        return model[0], model[1]
    for names in PAIRS:
        found = [getattr(model, name, None) for name in names]
        if all(map(callable, found)):
            return found[0], found[1]
    raise DescriptionError(
        "model: expected an object with `encode` and `decode`, or `encoder` and `decoder`, "
        f"received {type(model).__name__}. Give encoder=... and decoder=..."
    )


def models_of(model: Any) -> list[Any]:
    """Return the trainings that a user's `model` means: a list of models, or one.

    A list of two callables is a pair of encoder and decoder.
    """
    if not isinstance(model, (list, tuple)) or not model:
        return [model]
    pair = len(model) == 2 and not any(map(_is_model, model))
    return [model] if pair else list(model)


def _is_model(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return len(value) == 2
    return any(all(callable(getattr(value, n, None)) for n in names) for names in PAIRS)


def network(
    name: str, given: Any, batch: int | None = None, table: ConditionTable | None = None
) -> Network:
    """Make a network of what a user gives as encoder or decoder.

    Parameters
    ----------
    name : str
        "encoder" or "decoder", for messages.
    given : callable, torch.nn.Module, keras.Model, str or Path
        A string is the path of a `.keras` or `.onnx` file.
    batch : int, optional
        The number of inputs that it takes at once.
    table : ConditionTable, optional
        Conditions of the images, one each: a function that takes conditions gets them.

    Returns
    -------
    Network

    Raises
    ------
    DescriptionError, UntrustedFileError
        If it is nothing that can be called, or a file is refused.
    """
    if table is not None and callable(given):
        found: Network = FunctionNetwork(name, conditioned(given, table), table)
    elif isinstance(given, (str, Path)):
        found = networks.load(str(given), Path())
    elif _is_keras(given):
        found = KerasObject(name, given)
    elif callable(given):
        found = FunctionNetwork(name, given)
    else:
        raise DescriptionError(
            f"{name}: expected a function, a module, a model or a file, received "
            f"{type(given).__name__}"
        )
    found.batch = batch or found.batch
    return found


def _is_keras(given: Any) -> bool:
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(given, keras.layers.Layer)


class KerasObject:
    """A Keras model or layer in memory, run without dropout."""

    batch: int | None = None

    def __init__(self, name: str, model: Any) -> None:
        self.name = name
        self.model = model
        shape = getattr(model, "input_shape", None)
        self.shape: Shape = shape[1:] if isinstance(shape, tuple) else None

    def __call__(self, batch: Singles) -> Mapping[str, Any]:
        """Return the outputs for a batch, by name."""
        return networks.keras_outputs(self.model, batch)


class FunctionNetwork:
    """A callable that takes arrays or PyTorch tensors: a function, a method or a torch module.

    Which of the two it takes is found out at the first call. Modules of PyTorch that it consists
    of, or that a function refers to, are in evaluation mode while it runs, on their own device.
    """

    shape: Shape = None
    batch: int | None = None

    def __init__(
        self, name: str, function: Callable[..., Any], table: ConditionTable | None = None
    ) -> None:
        self.name = name
        self.function = function
        self.table = table
        own = function.func if isinstance(function, ConditionedFunction) else function
        self.modules = torch_modules(own)
        self.torch: bool | None = None

    def __call__(self, batch: Singles) -> Mapping[str, Any]:
        """Return the outputs for a batch, by name."""
        with user_code.guarded(self.name, seconds=0), evaluating(self.modules):
            outputs = self._outputs(batch)
        if self.table is not None and self.name == ENCODER:
            self.table.learn_outputs(outputs)
        return outputs

    def _outputs(self, batch: Singles) -> Mapping[str, Any]:
        if self.torch is None:
            return self._first(batch)
        return named(self.function(self._tensor(batch) if self.torch else batch))

    def _first(self, batch: Singles) -> Mapping[str, Any]:
        """Find out whether it takes tensors or arrays."""
        kinds = [False, True] if "torch" in sys.modules else [False]
        if self.modules and True in kinds:
            kinds = [True, False]
        failure: Exception | None = None
        for torch in kinds:
            try:
                outputs = named(self.function(self._tensor(batch) if torch else batch))
            except Exception as error:
                failure = failure or error
            else:
                self.torch = torch
                return outputs
        assert failure is not None  # noqa: S101 -- for mypy: each kind returned or failed
        raise failure

    def _tensor(self, batch: Singles) -> Any:
        tensor = sys.modules["torch"].from_numpy(np.array(batch))
        weights = (p for module in self.modules for p in module.parameters())
        first = next(weights, None)
        return tensor if first is None else tensor.to(device=first.device, dtype=first.dtype)


def torch_modules(function: Any) -> list[Any]:
    """Return the PyTorch modules that a callable is, belongs to, or refers to."""
    candidates = [function, getattr(function, "__self__", None), getattr(function, "func", None)]
    plain = inspect.unwrap(function) if inspect.isfunction(function) else None
    if plain is not None:
        variables = inspect.getclosurevars(plain)
        candidates += [*variables.nonlocals.values(), *variables.globals.values()]
    owners = [getattr(each, "__self__", None) for each in candidates]
    found = [each for each in (*candidates, *owners) if _is_module(each)]
    return list({id(module): module for module in found}.values())


def _is_module(value: Any) -> bool:
    needed = "eval", "parameters", "modules", "training"
    return not isinstance(value, type) and all(hasattr(value, name) for name in needed)


@contextlib.contextmanager
def evaluating(modules: list[Any]) -> Iterator[None]:
    """Run PyTorch modules in evaluation mode and without gradients; leave them as they were.

    Parameters
    ----------
    modules : list of torch.nn.Module
    """
    before = [(part, part.training) for module in modules for part in module.modules()]
    torch = sys.modules.get("torch")
    with torch.inference_mode() if torch is not None else contextlib.nullcontext():
        for module in modules:
            module.eval()
        try:
            yield
        finally:
            for part, training in before:
                part.training = training
