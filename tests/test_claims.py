"""The claims themselves: none missing, none double, each with its sections and its control."""

import ast
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from aelatent.inference.headings import HEADINGS, sections

CLAIMS = Path(__file__).parents[1] / "claims"
FILES = sorted(CLAIMS.glob("*/test_*.py"))
CATALOGUE = yaml.safe_load((CLAIMS / "catalogue.yaml").read_text(encoding="utf-8"))
SOURCES = yaml.safe_load((CLAIMS / "sources.yaml").read_text(encoding="utf-8"))
FOLDERS = {
    "A": "fragmentation_vi",
    "B": "high_dimensionality_ii",
    "C": "vae_dimension",
    "D": "ae_to_vae",
    "X": "beyond",
}


@dataclass(frozen=True)
class Check:
    """A test function of a claim file."""

    file: Path
    name: str
    id: str | None
    doc: str

    @property
    def control(self):
        return self.name.startswith("test_control_")


def marked(decorators):
    """Return the identifier in the first `pytest.mark.claim("...")` among decorators."""
    for node in decorators:
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.claim":
            return ast.literal_eval(node.args[0])
    return None


def checks(file):
    """Read the test functions of a file without importing it."""
    module = ast.parse(file.read_text(encoding="utf-8"))
    whole = None
    for node in module.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            listed = node.value.elts if isinstance(node.value, ast.List) else [node.value]
            whole = marked(listed)
    return [
        Check(file, node.name, marked(node.decorator_list) or whole, ast.get_docstring(node) or "")
        for node in module.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


ALL = [check for file in FILES for check in checks(file)]
OF_FILES = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def test_catalogue_rows_and_claims_match():
    found = {check.id for check in ALL if not check.control}
    rows = {name for name, row in CATALOGUE.items() if row["status"] != "replaced"}

    assert sorted(rows - found) == []
    assert sorted(found - rows) == []


def test_every_identifier_lives_in_one_file():
    homes = defaultdict(set)
    for check in ALL:
        homes[check.id].add(check.file.name)

    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


def test_no_two_checks_share_a_name():
    """Random numbers are seeded from the name."""
    names = [check.name for check in ALL]

    assert sorted({name for name in names if names.count(name) > 1}) == []


@OF_FILES
def test_a_claim_lives_in_the_folder_of_its_source(file):
    assert {FOLDERS[check.id[0]] for check in checks(file)} == {file.parent.name}


@OF_FILES
def test_every_identifier_has_a_control(file):
    found = checks(file)

    assert {c.id for c in found if not c.control} <= {c.id for c in found if c.control}


@OF_FILES
def test_every_claim_has_its_sections_and_names_a_known_source(file):
    for check in checks(file):
        if check.control:
            continue
        text = sections(check.doc)
        assert [h for h in HEADINGS if not text.get(h)] == [], check.name
        assert text["Source"].startswith(tuple(SOURCES)), check.name
