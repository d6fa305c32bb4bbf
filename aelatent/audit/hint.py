"""What users probably meant, where a description is wrong: ends of error messages."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path, PurePosixPath

SHOWN = 5  # names of files
DESCRIPTIONS = {".yaml", ".yml"}


def of_callable(name: str) -> str:
    """Return how a function in a file is named, if a file stands where a module should.

    Examples
    --------
    >>> of_callable("nets.py:encode"), of_callable("src/nets.py")
    ('; did you mean nets:encode?', '; name its function too, as in src.nets:encode')
    >>> of_callable("nets:encode")
    ''
    """
    file, _, function = name.partition(":")
    if not file.endswith(".py"):
        return ""
    module = ".".join(PurePosixPath(file).with_suffix("").parts)
    if function:
        return f"; did you mean {module}:{function}?"
    return f"; name its function too, as in {module}:encode"


def of_images(name: str, folder: Path) -> str:
    """Return how a file of images or a folder of them is named, if it stands without its kind.

    Parameters
    ----------
    name : str
        As the description gives it.
    folder : Path
        Of the description.

    Returns
    -------
    str
    """
    if ":" in name:
        return ""
    if name.endswith(".npy"):
        return f"; did you mean array:{name}?"
    if name.endswith(".npz"):
        return "; save the array with numpy.save, and name it as array:images.npy"
    return f"; did you mean folder:{name}?" if (folder / name).is_dir() else ""


def of_description(path: Path) -> str:
    """Return which descriptions lie where one was looked for, or how to write one.

    Parameters
    ----------
    path : Path
        Of the file that is not there.

    Returns
    -------
    str
    """
    if not path.parent.is_dir():
        return "There is no such folder"
    here = sorted(each.name for each in path.parent.iterdir() if each.suffix in DESCRIPTIONS)
    if not here:
        return "No YAML file lies there; `aelatent init` writes one"
    near = get_close_matches(path.name, here, 1)
    shown = ", ".join(here[:SHOWN]) + (", ..." if len(here) > SHOWN else "")
    return f"Did you mean {near[0]}?" if near else f"There are: {shown}"
