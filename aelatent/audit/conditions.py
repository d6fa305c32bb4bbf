"""Networks that take a condition besides their input: the audit holds it fixed."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from aelatent.audit.description import DescriptionError

# Names of a second parameter that is a condition, though it has a default.
NAMES = {"c", "y", "cond", "condition", "conditions", "label", "labels", "class_labels"}


class ConditionedFunction:
    """A network with its condition: a callable of the input alone.

    Parameters
    ----------
    func : callable, torch.nn.Module or keras.Model
        It takes inputs (n, ...) and conditions (n,) or (n, k); a Keras model takes them as a list.
    condition : int, float, array or tensor
        One condition, of shape () or (k,).
    """

    def __init__(self, func: Callable[..., Any], condition: Any) -> None:
        self.func = func
        plain = condition.detach().cpu() if hasattr(condition, "detach") else condition
        self.condition = np.asarray(plain)

    def __call__(self, batch: Any) -> Any:
        """Return the outputs for a batch under the condition."""
        given = self.condition[None].repeat(len(batch), axis=0)
        if hasattr(batch, "detach"):  # a PyTorch tensor
            torch = sys.modules["torch"]
            given = torch.as_tensor(given, device=batch.device)
            given = given.to(batch.dtype) if given.is_floating_point() else given
        if getattr(self.func, "inputs", None) is not None:  # a Keras model
            return self.func([batch, given], training=False)
        return self.func(batch, given)


def check_condition(condition: Any) -> None:
    """Refuse conditions of several images: one is held fixed.

    Raises
    ------
    DescriptionError
        If it has more than one axis.
    """
    if getattr(condition, "ndim", 0) > 1 or isinstance(condition, (list, tuple)):
        raise DescriptionError(
            "condition: expected one, a number or an array of shape (k,), received several. Audit "
            "one at a time: aelatent.audit(model, images=x[y == 3], condition=3)"
        )


def takes_condition(func: Any) -> bool:
    """Tell whether a network needs a second input, or its name says that it is a condition."""
    inputs = getattr(func, "inputs", None)
    if inputs is not None:
        return len(inputs) == 2
    try:
        parameters = inspect.signature(getattr(func, "forward", func)).parameters.values()
    except (TypeError, ValueError):
        return False
    positional = [p for p in parameters if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD}]
    if len(positional) < 2:
        return False
    second = positional[1]
    return second.default is second.empty or second.name.lower() in NAMES


def conditioned(func: Any, condition: Any) -> Any:
    """Return a network with its condition where it takes one; else the network.

    Parameters
    ----------
    func : callable
        Encoder or decoder.
    condition : object
        What it is called with besides images or codes.

    Returns
    -------
    callable
    """
    return ConditionedFunction(func, condition) if takes_condition(func) else func
