"""Templates filled in and written: pages that need no server, and are whole without a script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup
from PIL import Image

from aelatent.inference.headings import HEADINGS
from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.report import notation
from aelatent.report.cell_power import needed, power_sentence
from aelatent.report.flip_conditions import flip_conditions
from aelatent.report.markup import breakable, inline, paragraphs
from aelatent.report.project import Project
from aelatent.report.topics import filename
from aelatent.runtime.files import digest, write

PACKAGE = Path(__file__).parent
_OPENING = re.compile(r"(Open|In part|Not tested|By construction)[.,:] ")
_SPACE = re.compile(r"/\*.*?\*/|(?<=[{};,]) +|\n\s*", re.DOTALL)


def _style(*names: str) -> str:
    """Return style sheets as one, without comments and blanks."""
    return "".join(_SPACE.sub("", (PACKAGE / "templates" / n).read_text("utf-8")) for n in names)


def _script(name: str) -> str:
    return (PACKAGE / "templates" / name).read_text("utf-8")


STYLE = _style("style.css", "front.css")
SHEET = "style.css"  # in the report's folder, for the pages of a site
SCRIPTS = {
    "index.html": _script("filters.js"),
    "matrix.html": _script("filters.js"),
    "page.html": _script("copy.js"),
}
HEAD = 2048  # bytes of a page that hold its stamp, or of a picture that hold its size
_BOX = re.compile(rb'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')


def render(
    folder: Path,
    name: str,
    template: str,
    content: Mapping[str, Any],
    environment: Mapping[str, Any] | None = None,
    project: Project | None = None,
    stamp: str = "",
    *,
    linked: bool = False,
) -> Path:
    """Fill in a template and write the page.

    Parameters
    ----------
    folder : Path
        The report's.
    name : str
        Place of the page in the folder.
    template : str
        File name of the template.
    content : mapping
        Names in the template and their values.
    environment : mapping, optional
        What the results depend on, for the foot of the page.
    project : Project, optional
    stamp : str
        What the page shows, as `stamp_of` gives it. A page that carries this stamp already is left
        as it is.
    linked : bool
        Whether the page takes its style from the sheet that `write_sheet` wrote into the folder. By
        default it holds its own, and can be moved.

    Returns
    -------
    Path
    """
    path = folder / name
    if stamp and stamped(path) == stamp:
        return path
    style, script = None if linked else STYLE, SCRIPTS.get(template)
    root = "../" * name.count("/")
    text = (
        _templates(folder)
        .get_template(template)
        .render(
            style=style and Markup(style),  # noqa: S704 -- our own file, not a user's text
            sheet=root + SHEET,
            script=script and Markup(script),  # noqa: S704 -- as well
            policy=content_policy(style, script),
            environment=environment or {},
            project=project or Project(),
            root=root,
            stamp=stamp,
            **content,
        )
    )
    write(path, text.encode("utf-8", errors="backslashreplace"))
    return path


def write_sheet(folder: Path) -> None:
    """Write the style sheet of the pages of a site: a copy in each would take megabytes."""
    write(folder / SHEET, STYLE.encode())


def template_environment(package: str) -> Environment:
    """Return what fills in the templates of a package: it escapes text and refuses unset names."""
    return Environment(
        loader=PackageLoader(package, "templates"),
        bytecode_cache=_COMPILED,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def content_policy(style: str | None, script: str | None = None) -> str:
    """Return a content security policy for a page that opens from the disk.

    It allows the page's own style sheet and script by their digests, pictures of the page's folder,
    and nothing else. Browsers disagree on whether 'self' covers a page opened from the disk, hence
    file: as well.

    Parameters
    ----------
    style : str or None
        The text of the page's style sheet; None if the page links to a file beside it.
    script : str, optional
        The text of its script; without one, none may run.

    Returns
    -------
    str
    """
    styles = "'self' file:" if style is None else _source(style)
    scripts = "" if script is None else f"script-src {_source(script)}; "
    return (
        f"default-src 'none'; style-src {styles}; {scripts}img-src 'self' file: data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def stamp_of(*facts: Any) -> str:
    """Return the stamp of a page that shows these facts: it changes with them and with the code."""
    text = json.dumps([_edition(), *facts], sort_keys=True, default=str)
    return digest(text.encode("utf-8", errors="backslashreplace"))[:32]


def stamped(path: Path) -> str:
    """Return the stamp that a page carries; nothing where there is no page, or none on it."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return ""
    _, _, rest = head.partition(b'<meta name="aelatent-stamp" content="')
    return rest[:32].decode("ascii", errors="replace") if rest[32:33] == b'"' else ""


def inside(path: str) -> str:
    """Return a path if it stays within the report's folder.

    Raises
    ------
    ValueError
        If it leads out of it.
    """
    pure = PurePosixPath(path)
    if not path or pure.is_absolute() or ".." in pure.parts or "\\" in path:
        raise ValueError(f"expected a figure's path within the report's folder, received {path!r}")
    return str(pure)


def decision(record: Record) -> tuple[list[tuple[str, dict[str, Any]]], str]:
    """Split the Decision section into its rules, each with the words before it, and the rest.

    A claim that came to no verdict has no rules yet: all of its section is the rest.
    """
    rest = " ".join(record.sections.get("Decision", "").split())
    rules = []
    for part in record.parts:
        before, found, after = rest.partition(" ".join(part["rule"].split()))
        label, rest = (before, after) if found else ("", rest)
        rules.append((label.strip(), part))
    return rules, rest.strip()


def variant(record: Record) -> str:
    """Return what a test's name holds in brackets, unless that is only the model."""
    _, _, inner = record.name.partition("[")
    words = inner.rstrip("]")
    if record.model and words.startswith(f"{record.model}-"):
        words = words.removeprefix(f"{record.model}-")
    return "" if words == record.model else words


def unopened(sentence: str) -> str:
    """Return a plain answer without first words that repeat the mark before it.

    Examples
    --------
    >>> unopened("Open: it depends."), unopened("No. It does not.")
    ('It depends.', 'No. It does not.')
    """
    found = _OPENING.match(sentence)
    rest = sentence[found.end() :] if found else sentence
    return rest[:1].upper() + rest[1:]


def size(picture: Path) -> tuple[int, int] | None:
    """Return width and height of a picture in pixels of a page; None where it does not say.

    A browser that knows them leaves room for a picture before it has loaded.
    """
    if picture.suffix == ".svg":
        with picture.open("rb") as file:
            found = _BOX.search(file.read(HEAD))
        return (round(float(found[1])), round(float(found[2]))) if found else None
    try:
        with Image.open(picture) as opened:
            return opened.size
    except OSError:
        return None


class _CompiledTemplates(BytecodeCache):
    """Keeps what templates were compiled to: each folder has an environment of its own."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _CompiledTemplates()


@cache
def _edition() -> str:
    """Digest of everything that makes pages of records: templates, style and code."""
    files = sorted([*PACKAGE.glob("*.py"), *PACKAGE.glob("templates/*")])
    return digest(b"".join(file.read_bytes() for file in files))


@cache
def _templates(folder: Path) -> Environment:
    templates = template_environment("aelatent.report")
    templates.filters |= {
        "breakable": breakable,
        "paragraphs": paragraphs,
        "inline": inline,
        "effect": notation.effect,
        "limits": notation.limits,
        "number": notation.number,
        "duration": notation.duration,
        "ident": id,
        "unopened": unopened,
        "slug": lambda name: name.lower().replace(" ", "-"),
        "untagged": lambda title: title.rpartition(" [")[0] if title.endswith("]") else title,
        "anchor": lambda identifier: f"row-{filename(identifier).removesuffix('.html')}",
    }
    templates.tests |= {
        "met": lambda record: notation.as_expected(record) is True,
        "unjudged": lambda record: notation.as_expected(record) is None,
    }
    templates.globals |= {
        "HEADINGS": HEADINGS,
        "MARKS": notation.MARKS,
        "Outcome": Outcome,
        "as_expected": notation.as_expected,
        "reason": notation.reason,
        "decision": decision,
        "variant": variant,
        "flip_conditions": flip_conditions,
        "needed": needed,
        "power_sentence": power_sentence,
        "control_sentence": notation.control_sentence,
        "readings_by_outcome": notation.readings_by_outcome,
        "refuting_level": notation.refuting_level,
        "calibration_sentence": notation.calibration_sentence,
        "present": lambda path: (folder / inside(path)).is_file(),
        "address": lambda path: quote(inside(path)),
        "size": lambda path: size(folder / inside(path)),
    }
    return templates
