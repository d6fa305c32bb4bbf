"""The command `judge`: grade the images of a file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from aelatent.cli.parser import add_command
from aelatent.zoo import Collection


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "judge",
        "grade the images of a file: none, damaged, clean",
        "aelatent judge faces images.npy",
        "aelatent judge likeness references.npy images.npy --json",
    )
    command.add_argument("name", choices=["digits", "faces", "likeness"], help="the judge")
    command.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="IMAGES.npy",
        help="uint8 images (n, h, w, c); for likeness first a file of 120 reference images or more",
    )
    command.add_argument("--json", action="store_true", help="print grade and score of each image")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Grade the images of a file, and print a table or JSON."""
    from aelatent.audit import image_file

    graded = image_file.grade_files(options.name, options.files, Collection(options.fixtures))
    if options.json:
        print(json.dumps(image_file.plain(graded), indent=1))
    else:
        print("\n".join(image_file.grade_lines(graded)))
    return 0
