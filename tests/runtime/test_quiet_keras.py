"""Messages of native code are held back unless something goes wrong."""

import os

import pytest

from aelatent.runtime.quiet_keras import silence


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
