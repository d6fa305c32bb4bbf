"""Code of the user's: what happens when it never returns, ends the process, or forks."""

from __future__ import annotations

import faulthandler
import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType

from aelatent.runtime.deadline import deadline
from aelatent.runtime.parents import PARENT

SECONDS = 300.0  # that one call may take
GRACE = 60.0  # seconds, after which a call that cannot be interrupted ends the process


class UserCodeError(RuntimeError):
    """A user's code ended in a way that no result can come of."""


@contextmanager
def guarded(name: str, seconds: float = SECONDS) -> Iterator[None]:
    """Run code of the user's in a block.

    An attempt to end the process is an error like any other. A child that the code forked ends with
    the block: it would go on with a second audit.

    Parameters
    ----------
    name : str
        Of the code, as in the description.
    seconds : float
        That the block may take; 0 for no limit.

    Yields
    ------
    None

    Raises
    ------
    UserCodeError
        If it takes longer, or raises SystemExit or the like.
    """

    def late() -> UserCodeError:
        return UserCodeError(
            f"{name}: expected an answer within {seconds:g} s, received none. Grant more with "
            "`call_seconds` in the description, or 0 for no limit"
        )

    try:
        with deadline(seconds, late), _last_resort(seconds), _without_children():
            yield
    except (KeyboardInterrupt, Exception):
        raise
    except BaseException as error:
        raise UserCodeError(
            f"{name}: expected an answer, it ended the process: {type(error).__name__}({error})"
        ) from error


@contextmanager
def _without_children() -> Iterator[None]:
    """End a child that the block forked, before it waits for threads that it does not have."""
    process = os.getpid()
    try:
        yield
    finally:
        if os.getpid() != process:
            os._exit(1)


@contextmanager
def _last_resort(seconds: float) -> Iterator[None]:
    """End the process where a command runs code that can be interrupted by nothing else."""
    if seconds <= 0 or PARENT not in os.environ or sys.__stderr__ is None:
        yield
        return
    faulthandler.dump_traceback_later(seconds + GRACE, exit=True, file=sys.__stderr__)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def import_module(name: str, folder: Path) -> ModuleType:
    """Import a module of the user's.

    It comes from `folder` if it is there, and what it imports in turn from there as well, but never
    in the place of a module that is installed.

    Parameters
    ----------
    name : str
        Such as "networks" or "package.networks".
    folder : Path
        Of the description.

    Returns
    -------
    module

    Raises
    ------
    ImportError
        If there is none, or Python has loaded another module of its name.
    """
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    first = name.partition(".")[0]
    spec = PathFinder.find_spec(first, [str(folder)])
    if spec is None or spec.origin is None:  # a folder of its name alone is no match
        return importlib.import_module(name)
    loaded = sys.modules.get(first)
    if loaded is None:
        loaded = importlib.util.module_from_spec(spec)
        sys.modules[first] = loaded
        try:
            if spec.loader is not None:
                spec.loader.exec_module(loaded)
        except BaseException:
            sys.modules.pop(first, None)
            raise
    elif not _is_from(loaded, folder):
        raise ImportError(
            f"{first} is also the name of a module that is loaded from elsewhere; rename yours"
        )
    return importlib.import_module(name)


def _is_from(module: ModuleType, folder: Path) -> bool:
    places = [getattr(module, "__file__", None) or "", *getattr(module, "__path__", ())]
    return any(Path(place).resolve().is_relative_to(folder.resolve()) for place in places if place)
