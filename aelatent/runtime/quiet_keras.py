"""Loads Keras without the messages that TensorFlow prints at its start.

TensorFlow 2.21 logs through Abseil before Abseil is initialised, so that no level set in the
environment reaches these lines (tensorflow/tensorflow pull request 102212).
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator

STANDARD_ERROR = 2


class KerasError(ValueError):
    """Keras cannot be loaded."""


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Hold back standard error, that of native code included; print it if the block fails."""
    sys.stderr.flush()
    kept = os.dup(STANDARD_ERROR)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), STANDARD_ERROR)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(kept, held.read())
            raise
        finally:
            os.dup2(kept, STANDARD_ERROR)
            os.close(kept)


class MissingKeras(ImportError):
    """Something needs Keras or its backend, which are not installed."""


def check_keras() -> None:
    """Refuse to go on without Keras.

    Raises
    ------
    MissingKeras
        If it is not installed.
    """
    if importlib.util.find_spec("keras") is None:
        raise MissingKeras(
            "Keras is not installed; Keras models, the judge of digits and the claim suite need "
            "it: pip install 'aelatent[keras]'. Audits of functions, PyTorch and ONNX do not"
        )


def load_keras() -> None:
    """Import Keras and initialise its devices, which is when TensorFlow prints its messages.

    Raises
    ------
    MissingKeras
        If it is not installed.
    KerasError
        If the environment names a backend that Keras cannot load.
    """
    check_keras()
    # TensorFlow uses oneDNN unasked only on processors with instructions for neural networks. With
    # AVX2 alone a step of training on faces takes two thirds of the time with it.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    with silence():
        try:
            import keras

            keras.ops.zeros(1)
        except (ImportError, ValueError) as error:
            asked = os.environ.get("KERAS_BACKEND")
            raise KerasError(
                f"KERAS_BACKEND: expected tensorflow, jax or torch, installed, received {asked!r}; "
                f"Keras says: {error}"
            ) from error
