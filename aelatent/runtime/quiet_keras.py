"""Loads Keras without the messages that TensorFlow prints at its start.

TensorFlow 2.21 logs through Abseil before Abseil is initialised, so that no level set in the
environment reaches these lines (tensorflow/tensorflow pull request 102212).
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator

STANDARD_ERROR = 2


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


def load_keras() -> None:
    """Import Keras and initialise its devices, which is when TensorFlow prints its messages."""
    with silence():
        import keras

        keras.ops.zeros(1)
