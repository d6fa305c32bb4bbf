"""Code of the user's that ends the process, forks, never returns, or has the name of a library."""

import os
import subprocess
import sys
import textwrap
import time

import pytest

from aelatent.audit import networks, user_code
from aelatent.audit.description import DescriptionError

POSIX = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs the processes of POSIX")


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Write a module of the user's, and forget it afterwards."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)

    def write(text, name="mine_of_test"):
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(text))
        return f"{name}:encode"

    yield write
    for name in set(sys.modules) - before:
        if str(tmp_path) in (getattr(sys.modules[name], "__file__", None) or ""):
            del sys.modules[name]


@pytest.mark.parametrize("text", ["import sys; sys.exit(0)", "raise GeneratorExit"])
def test_a_module_that_ends_the_process_is_an_error(module, tmp_path, text):
    with pytest.raises(DescriptionError, match=r"mine_of_test:encode: .* it ended the process"):
        networks.import_callable(module(text), tmp_path)


def test_a_function_that_ends_the_process_is_an_error(module, tmp_path):
    network = networks.load(module("def encode(x): raise SystemExit(0)"), tmp_path)

    with pytest.raises(DescriptionError, match=r"it ended the process: SystemExit\(0\)"):
        list(networks.run(network, [[1.0]], lambda x: x))


@POSIX
def test_a_call_that_never_returns_is_named(module, tmp_path):
    network = networks.load(module("def encode(x):\n    while True: pass"), tmp_path)
    network.seconds = 0.1

    with pytest.raises(DescriptionError, match=r"mine_of_test:encode: .* within 0\.1 s, .*call_s"):
        list(networks.run(network, [[1.0]], lambda x: x))


@POSIX
def test_a_module_that_never_ends_is_named(module, tmp_path):
    with pytest.raises(DescriptionError, match=r"mine_of_test:encode: .* within 0\.1 s"):
        networks.import_callable(module("while True: pass"), tmp_path, 0.1)


@POSIX
def test_a_limit_around_a_call_outlasts_it():
    def call():
        with user_code.guarded("outer", 0.3):
            with user_code.guarded("inner", 0.1):
                time.sleep(0.15)
            time.sleep(10)

    with pytest.raises(user_code.UserCodeError, match="outer"):
        call()


@POSIX
def test_a_child_that_code_forks_ends_with_the_code(tmp_path):
    """In a process of its own, whose child would write a second line."""
    forked = (
        "import os\nfrom aelatent.audit.user_code import guarded\n"
        "with guarded('mine'):\n    child = os.fork()\n"
        "os.waitpid(child, 0); print('one', flush=True)"
    )

    ran = subprocess.run(
        [sys.executable, "-c", forked],
        env={**os.environ, "AELATENT_PARENT": str(os.getpid())},  # as in an audit
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert ran.stdout == "one\n"


def test_a_library_is_not_taken_from_the_folder(module, tmp_path, monkeypatch):
    """The folder is searched for what the description names, and otherwise after all others."""
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    module("raise AssertionError('run')", name="colorsys")
    module("mark = 'sibling'", name="sibling_of_mine")

    function = networks.import_callable(
        module("import colorsys, sibling_of_mine\ndef encode(x): return sibling_of_mine.mark"),
        tmp_path,
    )

    assert function(0) == "sibling"


def test_a_named_module_comes_from_the_folder(module, tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)

    function = networks.import_callable(
        module("def encode(x): return 7", name="colorsys"), tmp_path
    )

    assert function(0) == 7


def test_a_named_module_that_is_another_one_is_refused(module, tmp_path):
    with pytest.raises(DescriptionError, match=r"json is also the name of a .* rename yours"):
        networks.import_callable(module("def encode(x): return 7", name="json"), tmp_path)
