"""The command `init`: write the description of a model from the files that lie here."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from aelatent.cli.output import UsageError
from aelatent.cli.parser import add_command
from aelatent.runtime import files
from aelatent.runtime.arrays import DAMAGE, checked_header
from aelatent.runtime.own_file import is_as_marked, marked

NETWORKS = (".keras", ".onnx")
IMAGES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
LARGEST = 2**20  # bytes of a module in which functions are looked for
ENOUGH = 20  # images that make a folder one of images
DEFAULT = Path("mine.yaml")


def register(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "init",
        "write a description of your model from the files in this folder",
        "aelatent init",
        "aelatent init my_model.yaml && aelatent audit my_model.yaml",
    )
    command.add_argument(
        "description",
        nargs="?",
        type=Path,
        default=DEFAULT,
        metavar="MODEL.yaml",
        help="file to write; it looks for files in its folder",
    )
    command.add_argument(
        "--force",
        action="store_true",
        help="replace a file that init did not write, or that was edited since",
    )
    command.set_defaults(run=run)


@dataclass
class Found:
    """What lies in a folder that a description can name."""

    encoder: str = ""
    decoder: str = ""
    images: str = ""
    codes: str = ""
    doubts: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether an audit can begin: codes, or an encoder with images."""
        return bool(self.codes or (self.encoder and self.images))


def run(options: argparse.Namespace) -> int:
    """Write a description; status 1 if something has to be filled in."""
    path: Path = options.description
    if not options.force and path.exists() and not is_as_marked(path):
        raise UsageError(
            f"{path} is there already, and not as init wrote it; it stays. Name another file, or "
            "give --force to replace it"
        )
    found = look(path.parent)
    files.write(path, marked(description(path.parent.resolve().name, found), "init"))
    print(f"written: {path}")
    for doubt in found.doubts:
        print(f"  {doubt}")
    if not found.whole:
        print("fill in what is missing, marked with TODO; then: aelatent audit", path)
        return 1
    print(f"next: aelatent audit {path}")
    return 0


def look(folder: Path) -> Found:
    """Look for networks, images and codes in a folder, without running anything.

    Names that YAML or a terminal could take for something else are passed over: somebody else may
    have chosen them.
    """
    found = Found()
    known = [path for path in sorted(folder.iterdir()) if _is_plain(path.name)]
    ordinary = [path for path in known if path.is_file()]
    networks = [path.name for path in ordinary if path.suffix in NETWORKS]
    functions = [name for path in ordinary if path.suffix == ".py" for name in _functions(path)]
    for role in ("encoder", "decoder"):
        fitting = [name for name in networks if role[:3] in name.lower()] or [
            name for name in functions if name.partition(":")[2].lower().startswith(role[:3])
        ]
        _choose(found, role, fitting)
    arrays = [(path.name, _dimensions(path)) for path in ordinary if path.suffix == ".npy"]
    folders = [
        f"folder:{path.name}" for path in known if path.is_dir() and _count_images(path) >= ENOUGH
    ]
    _choose(found, "images", [f"array:{n}" for n, d in arrays if d in {3, 4}] + folders)
    if not found.encoder:
        _choose(found, "codes", [name for name, dimensions in arrays if dimensions == 2])
    return found


def description(name: str, found: Found) -> str:
    """Return the text of a description.

    Parameters
    ----------
    name : str
        The model's.
    found : Found

    Returns
    -------
    str
    """
    safe = re.sub(r"[^\w.-]+", "_", name).strip("_") or "model"
    lines = [f"name: {safe}"]
    if found.codes:
        lines.append(f"codes: {found.codes}")
    else:
        lines.append(_line("encoder", found.encoder, "encoder.keras, .onnx, or module:function"))
    lines.append(
        f"decoder: {found.decoder}"
        if found.decoder
        else "# decoder: decoder.keras             # without one nothing can be drawn"
    )
    if found.images or not found.codes:
        lines.append(_line("images", found.images, "array:images.npy or folder:photos"))
        lines.append("range: [0, 1]    # values of black and white: [0, 1], [-1, 1] or [0, 255]")
    lines.append("# channels: first                 # if the networks have channels before rows")
    lines.append("# judge: faces                    # or digits, where the images show these")
    return "\n".join(lines) + "\n"


def _line(key: str, value: str, examples: str) -> str:
    return f"{key}: {value}" if value else f"# {key}: TODO                   # {examples}"


def _is_plain(name: str) -> bool:
    """Tell whether a name means itself in YAML, without quotes, and on a terminal."""
    return name.isprintable() and re.fullmatch(r"[\w(]([\w .,()+=@-]*[\w)])?", name) is not None


def _choose(found: Found, role: str, fitting: Iterable[str]) -> None:
    """Take the first of several, and say so."""
    first, *others = [*fitting, ""]
    setattr(found, role, first)
    if others := [name for name in others if name]:
        found.doubts.append(f"{role}: {first}, and not {', '.join(others)}: change it if need be")


def _functions(path: Path) -> list[str]:
    """Return the functions of a module as `module:function`; none if it is no Python."""
    try:
        tree = ast.parse(files.read(path, LARGEST))
    except (*DAMAGE, SyntaxError):  # among them what is nested too deeply
        return []
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [f"{path.stem}:{name}" for name in names]


def _dimensions(path: Path) -> int:
    """Return the number of axes of a stored array, from its header; 0 if it has none."""
    try:
        with files.opened(path) as file:
            checked_header(file, path.stat().st_size)
        return int(np.load(path, mmap_mode="r", allow_pickle=False).ndim)
    except DAMAGE:
        return 0


def _count_images(folder: Path) -> int:
    return sum(path.suffix.lower() in IMAGES for path in folder.rglob("*"))
