"""Claims about latent spaces, tested; and your own autoencoder, audited.

Each command has a module of its name, with `register` and `run`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from aelatent import __version__
from aelatent.cli import (
    answers,
    audit,
    calibrate,
    claims,
    data,
    describe,
    diff,
    doctor,
    explore,
    fixtures,
    history,
    init,
    judge,
    judges,
    process,
    report,
    show,
    train,
)
from aelatent.cli.output import EXPECTED, UsageError
from aelatent.cli.parser import Parser
from aelatent.runtime import parents

# In the order of the help.
VERBS = (
    claims,
    show,
    init,
    audit,
    explore,
    describe,
    judge,
    diff,
    history,
    report,
    doctor,
    data,
    train,
    fixtures,
    judges,
    calibrate,
    answers,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status.

    0 if all went well, 1 if a result is not as demanded, 2 for bad input or use.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default those of this process, whose streams and signals are then prepared. A command
        that runs code of the user's gets a process of its own.
    """
    if arguments is not None:
        return _run(parser().parse_args(arguments))
    process.prepare()
    supervised = process.is_supervised()
    options = parser().parse_args()
    if _runs_code(options) and not supervised:
        options.run = lambda _: process.supervise(sys.argv[1:])
    status = _run(options)
    if supervised:
        parents.leave(process.WHOLE + status)
    return status


def _runs_code(options: argparse.Namespace) -> bool:
    """Tell whether a command runs the code of a model that a description names."""
    own = options.run is explore.run and any(map(explore.is_description, options.names))
    return own or options.run is audit.run


def _run(options: argparse.Namespace) -> int:
    if options.run is None:
        parser().print_help()
        return 0
    try:
        status = int(options.run(options))
        sys.stdout.flush()
    except UsageError as error:
        print(f"aelatent {options.command}: {error}", file=sys.stderr)
    except EXPECTED as error:
        print(f"aelatent: {error}", file=sys.stderr)
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        process.discard_output()
        return 1
    except OSError as error:
        print(f"aelatent: {_os_words(error)}", file=sys.stderr)
        process.discard_output()
    except MemoryError as error:
        print(f"aelatent: expected more memory: {error}", file=sys.stderr)
    except KeyboardInterrupt as error:
        print("aelatent: interrupted; finished results are kept", file=sys.stderr)
        return process.TERMINATED if isinstance(error, process.Terminated) else 130
    else:
        return status
    return 2


def _os_words(error: OSError) -> str:
    """Return what the system refuses, and where."""
    where = error.filename or "a file, folder or the output"
    return f"{where}: expected to read or write it, the system says: {error.strerror or error}"


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    root = Parser(
        prog="aelatent",
        description=(__doc__ or "").partition("\n")[0],
        epilog="`aelatent COMMAND --help` shows examples. `pytest claims` tests the claims again.",
    )
    root.add_argument("--version", action="version", version=f"aelatent {__version__}")
    root.add_argument(
        "--fixtures", type=Path, default=Path("fixtures"), help="folder of fixture models"
    )
    root.set_defaults(run=None)
    commands = root.add_subparsers(metavar="COMMAND")
    for verb in VERBS:
        verb.register(commands)
    return root
