"""The documentation as a site: `make docs` writes it to `site/`, and fails on any warning."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aelatent

ROOT = Path(__file__).resolve().parent.parent

project = "aelatent"
author = "the authors of aelatent"
version = release = aelatent.__version__
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "numpydoc",
    "sphinx_copybutton",
]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "aelatent"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1f4e79", "color-brand-content": "#1f4e79"},
    "dark_css_variables": {"color-brand-primary": "#8fbfe8", "color-brand-content": "#8fbfe8"},
}
copybutton_prompt_text = "$ "
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
autodoc_typehints = "none"  # numpydoc shows the types that docstrings give
autodoc_member_order = "bysource"
numpydoc_show_class_members = False  # autodoc lists them
default_role = "code"
suppress_warnings = ["myst.header"]

COPIES = {"index": "README.md", "contributing": "CONTRIBUTING.md", "changelog": "CHANGELOG.md"}
"""Pages that begin with a file at the top of the repository."""


def copied(source: str) -> str:
    """Return a file at the top of the repository, with links as seen from this folder."""
    text = (ROOT / source).read_text(encoding="utf-8").replace("](docs/", "](")
    return _between_pages(text, "")


def _between_pages(text: str, up: str) -> str:
    for page, source in COPIES.items():
        text = text.replace(f"]({up}{source}", f"]({page}.md")
    return text


def command_line() -> str:
    """Return the help of every command."""
    from aelatent.cli import parser

    root = parser()
    parts = [_help(root)]
    (verbs,) = (each for each in root._actions if isinstance(each, argparse._SubParsersAction))
    for name, verb in verbs.choices.items():
        parts += [f"## aelatent {name}\n", _help(verb)]
    return "\n".join(parts)


def _help(parser: argparse.ArgumentParser) -> str:
    parser.formatter_class = lambda prog: argparse.HelpFormatter(prog, width=92)
    return f"```text\n{parser.format_help()}```\n"


def pytest_options() -> str:
    """Return tables of the options and ini settings of the pytest plugin."""
    from _pytest.config.argparsing import Parser

    from aelatent import plugin

    asked = Parser(_ispytest=True)
    plugin.pytest_addoption(asked)
    options = [option.attrs() for group in asked._groups for option in group.options]
    return "\n".join(
        [
            "## Options\n\n| option | meaning |\n|---|---|",
            *(f"| `{_named(option)}` | {option['help']} |" for option in options),
            "\n## Settings in `pytest.ini` or `pyproject.toml`\n\n| setting | meaning |\n|---|---|",
            *(f"| `{name}` | {about} |" for name, (about, *_) in asked._inidict.items()),
        ]
    )


def _named(attributes: dict[str, object]) -> str:
    option = "--" + str(attributes["dest"]).replace("_", "-")
    return f"{option} {attributes['metavar']}" if attributes.get("metavar") else option


def findings() -> str:
    """Return the claims of each source with their plain answers, from the stored results."""
    from aelatent.catalogue import Catalogue
    from aelatent.catalogue.answer_table import table_lines

    claims = ROOT / "claims"
    catalogue = Catalogue.read(claims / "catalogue.yaml", claims / "sources.yaml")
    parts = []
    for name, source in catalogue.sources.items():
        about = [each for each in catalogue.of_source(name) if catalogue.sentence(each)]
        if about:
            parts += [f"## {name}\n", f"{source.citation}\n", *table_lines(catalogue, about), ""]
    return "\n".join(parts)


def notebook() -> str:
    """Return the executed notebook: its texts, code and outputs."""
    cells = json.loads((ROOT / "docs" / "notebook.ipynb").read_text(encoding="utf-8"))["cells"]
    return "\n\n".join(part for cell in cells for part in _cell(cell))


def _cell(cell: dict[str, Any]) -> Iterator[str]:
    text = "".join(cell["source"])
    yield text if cell["cell_type"] == "markdown" else f"```python\n{text}\n```"
    for output in cell.get("outputs", []):
        data = output.get("data", {"text/plain": output.get("text", "")})
        if "text/html" in data:
            yield "```{raw} html\n" + "".join(data["text/html"]) + "\n```"
        elif "image/png" in data:
            source = "".join(data["image/png"]).strip()
            yield f'```{{raw}} html\n<img alt="" src="data:image/png;base64,{source}">\n```'
        else:
            yield "```text\n" + "".join(data["text/plain"]).rstrip() + "\n```"


WRITTEN = {"digits": notebook, "cli": command_line, "pytest": pytest_options, "findings": findings}


def write_page(_: object, page: str, text: list[str]) -> None:
    """Add what the code and other files know to a page."""
    text[0] = _between_pages(text[0], "../")
    if page in COPIES:
        text[0] = copied(COPIES[page]) + "\n" + text[0]
    if page in WRITTEN:
        text[0] += "\n" + WRITTEN[page]()


def setup(app: object) -> None:
    """Register the hook that writes pages."""
    app.connect("source-read", write_page)  # type: ignore[attr-defined]
