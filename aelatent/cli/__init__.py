"""The command line: images, fixture models, judges, audits, calibration of claims.

Each command has a module of its name, with `register` and `run`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from aelatent.cli import (
    answers,
    audit,
    calibrate,
    data,
    describe,
    diff,
    doctor,
    explore,
    fixtures,
    history,
    judge,
    judges,
    train,
)
from aelatent.cli.output import EXPECTED

# In the order of the help.
VERBS = (
    doctor,
    data,
    train,
    fixtures,
    judges,
    judge,
    audit,
    explore,
    describe,
    diff,
    history,
    calibrate,
    answers,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status.

    0 if all went well, 1 if a result is not as demanded, 2 for bad input or use.
    """
    options = parser().parse_args(arguments)
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
    root = argparse.ArgumentParser(prog="aelatent", description=(__doc__ or "").partition("\n")[0])
    root.add_argument(
        "--fixtures", type=Path, default=Path("fixtures"), help="folder of the models"
    )
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    for verb in VERBS:
        verb.register(commands)
    return root
