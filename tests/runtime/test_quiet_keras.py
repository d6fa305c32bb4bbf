"""Messages of native code are held back unless something goes wrong."""

import os

import pytest

from aelatent import models
from aelatent.runtime import quiet_keras
from aelatent.runtime.quiet_keras import MissingKeras, silence


def test_what_native_code_prints_is_held_back(capfd):
    with silence():
        os.write(2, b"greetings")
    os.write(2, b"after")

    assert capfd.readouterr().err == "after"


def fail_loudly():
    with silence():
        os.write(2, b"the cause")
        raise ImportError


def test_it_is_printed_when_an_error_leaves_the_block(capfd):
    with pytest.raises(ImportError):
        fail_loudly()

    assert capfd.readouterr().err == "the cause"


@pytest.mark.parametrize(
    "need", [quiet_keras.load_keras, lambda: models.build("strided_conv", {}, (8, 8, 1), 0)]
)
def test_what_needs_keras_says_how_to_install_it(need, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(MissingKeras, match=r"pip install 'aelatent\[keras\]'"):
        need()
