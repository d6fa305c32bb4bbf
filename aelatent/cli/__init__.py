"""Claims about latent spaces, tested; and your own autoencoder, audited.

Each command has a module of its name, with `register` and `run`.
"""

from __future__ import annotations

import argparse
import os
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
    report,
    show,
    train,
)
from aelatent.cli.output import EXPECTED
from aelatent.cli.parser import Parser

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
    """
    root = parser()
    options = root.parse_args(arguments)
    if options.run is None:
        root.print_help()
        return 0
    try:
        return int(options.run(options))
    except EXPECTED as error:
        print(f"aelatent: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("aelatent: interrupted; finished results are kept", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    root = Parser(
        prog="aelatent",
        description=(__doc__ or "").partition("\n")[0],
        epilog="`aelatent COMMAND --help` shows examples. `pytest claims` tests the claims again.",
    )
    root.add_argument("--version", action="version", version=f"aelatent {__version__}")
    root.add_argument(
        "--fixtures", type=Path, default=Path("fixtures"), help="folder of the models"
    )
    root.set_defaults(run=None)
    commands = root.add_subparsers(metavar="COMMAND")
    for verb in VERBS:
        verb.register(commands)
    return root
