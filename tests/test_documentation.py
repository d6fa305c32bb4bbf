"""Tutorials do what they say: files are written, commands run, their output is as shown.

A block whose first line is a comment with a file's name is written to that file. In a block of the
kind "console", lines after "$ " are run in a shell that stops at errors; what is shown below a
command must match what it prints, with "..." for anything.
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from aelatent.catalogue import fill
from aelatent.cli.answer_lines import read_catalogue

BASH = shutil.which("bash") or "bash"
DOCS = Path(__file__).parent.parent / "docs"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"# (\S+\.(?:py|yaml|ini))\n")
WRAPPED = re.compile(r"\s+")


class Block(NamedTuple):
    kind: str
    text: str


def blocks(name):
    return [Block(*found) for found in BLOCK.findall((DOCS / name).read_text("utf-8"))]


def commands(text):
    """Yield each command with the output that is shown below it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def matches(shown, printed):
    """Compare but for white space, with "..." for anything."""
    pieces = [re.escape(WRAPPED.sub(" ", piece).strip()) for piece in shown.split("...")]
    return re.fullmatch(r"\s*" + r".*".join(pieces) + r"\s*", WRAPPED.sub(" ", printed), re.DOTALL)


def follow(name, folder, **variables):
    """Do what a page says, block by block, with further environment variables."""
    return follow_blocks(name, blocks(name), folder, **variables)


def follow_blocks(name, found, folder, **variables):
    """Do what some blocks of a page say."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "COLUMNS": "200",
        **variables,
    }
    done = 0
    for kind, text in found:
        if kind == "console":
            for command, shown in commands(text):
                ran = subprocess.run(
                    [BASH, "-c", command],
                    cwd=folder,
                    env=environment,
                    text=True,
                    check=False,
                    capture_output=True,
                )
                told = f"{name}: $ {command}\n{ran.stdout}\n{ran.stderr[-3000:]}"
                assert ran.returncode == 0, told
                assert matches(shown, ran.stdout), f"{told}\nexpected:\n{shown}"
                done += 1
        else:
            named = NAMED.match(text)
            assert named, f"{name}: expected a file's name in the first line of\n{text}"
            (folder / named[1]).write_text(text)
    return done


@pytest.fixture
def wheel(tmp_path_factory):
    """The content of the wheel, in a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=DOCS.parent, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "site")
    shorten_maps(folder / "site")
    return folder / "site"


def shorten_maps(site):
    """Let maps by t-SNE, most of the time of all claims, end at the first look at their gradient.

    That is after 50 steps of each of two stages. What the claims come to is not looked at here.
    """
    file = site / "aelatent" / "statistics" / "embedding.py"
    text = file.read_text("utf-8")
    assert text.count('        init="pca",\n') == 1
    shortened = text.replace('init="pca",\n', 'init="pca", min_grad_norm=1e9,\n')
    file.write_text(shortened, "utf-8")


@pytest.mark.slow
def test_an_engineer_audits_a_model_with_the_wheel(tmp_path, wheel):
    """The checkout is beside it in no way: code, claims and judges come from the wheel."""
    assert follow("audit.md", tmp_path, PYTHONPATH=str(wheel)) == 8

    for report in ("audit", "quick"):
        results = json.loads((tmp_path / report / "verdicts" / "results.json").read_text())
        assert results["claims"]
        assert all("_claims" in record["file"] for record in results["claims"])
    doctor = subprocess.run(
        [sys.executable, "-m", "aelatent", "doctor"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(wheel)},
        text=True,
        check=True,
        capture_output=True,
    )
    assert "_claims" in doctor.stdout


@pytest.mark.slow
def test_an_engineer_audits_objects_in_memory(tmp_path):
    root = DOCS.parent
    assert follow("python.md", tmp_path, PYTHONPATH=str(root)) == 2
    assert (tmp_path / "audit" / "index.html").exists()


@pytest.fixture
def notebook():
    return json.loads((DOCS / "notebook.ipynb").read_text("utf-8"))


@pytest.mark.slow
def test_the_notebook_runs(notebook, tmp_path):
    """Its cells one after the other; the results that it shows are stored with it."""
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    script = "\n".join("".join(cell["source"]) for cell in cells)
    environment = {**os.environ, "PYTHONPATH": str(DOCS.parent)}
    subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, check=True, timeout=900
    )


def test_the_readme_has_at_most_500_words_besides_code():
    text = (DOCS.parent / "README.md").read_text("utf-8")
    for kind in (r"```.*?```", r"^ {4}[^\n]*$", r"<!--.*?-->", r"\]\([^)]*\)"):
        text = re.sub(kind, " ", text, flags=re.DOTALL | re.MULTILINE)

    assert sum(any(map(str.isalnum, word)) for word in text.split()) <= 500


def test_the_readme_begins_with_numbers_of_the_results():
    catalogue = read_catalogue(DOCS.parent / "claims")
    sentence = fill(
        "decode to faces at most {B-02 positions_miss faces_ae_256d most high:.1%} as often as "
        "reconstructions do; draws from the fitted Gaussian decode to clean faces "
        "{A-18 statistical_vectors interval:.2f} times as often.",
        "",
        catalogue.checks,
    )

    assert sentence in (DOCS.parent / "README.md").read_text("utf-8")


def test_the_notebook_shows_its_results(notebook):
    results = [o.get("data", {}) for c in notebook["cells"] for o in c.get("outputs", ())]
    assert sum("text/html" in each for each in results) == 3
    assert sum("image/png" in each for each in results) == 2
    assert (DOCS / "notebook.ipynb").stat().st_size < 500_000


@pytest.mark.slow
def test_an_engineer_writes_a_claim(tmp_path):
    assert follow("claims.md", tmp_path) == 2
    assert (tmp_path / "reports" / "index.html").exists()
    assert not (tmp_path / ".aelatent").exists()


@pytest.mark.slow
def test_an_engineer_asks_about_codes_that_do_not_fit_in_memory(tmp_path):
    assert follow("scale.md", tmp_path) == 3


@pytest.mark.slow
@pytest.mark.skipif(
    not importlib.util.find_spec("torch") or not importlib.util.find_spec("onnxscript"),
    reason="needs PyTorch and onnxscript, which are no dependencies: 3 GB",
)
def test_an_engineer_audits_a_torch_model(tmp_path):
    assert follow("pytorch.md", tmp_path) == 5


RECIPES = {
    "torch_vae.py": ["torch"],
    "diffusers_vae.py": ["torch", "diffusers"],
    "pythae_ae.py": ["torch", "pythae"],
    "lightning_ae.py": ["torch", "lightning"],
    "keras_vae.py": ["keras"],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_runs_where_its_packages_are(name, tmp_path):
    lacking = [each for each in RECIPES[name] if not importlib.util.find_spec(each)]
    if lacking:
        pytest.skip(f"needs {', '.join(lacking)}")
    found = blocks("recipes.md")
    place = next(k for k, each in enumerate(found) if each.text.startswith(f"# {name}\n"))
    assert follow_blocks("recipes.md", found[place : place + 2], tmp_path) == 1


def test_every_recipe_is_run():
    named = [NAMED.match(each.text) for each in blocks("recipes.md")]
    assert [found[1] for found in named if found] == list(RECIPES)


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a ... c\n", "a b c", True),
        ("", "", True),
        ("", "more", False),
        ("a\n...\nb\n", "a b", True),
        ("1.5 [...]", "1x5 [2]", False),
    ],
)
def test_what_is_shown_is_compared(shown, printed, same):
    assert bool(matches(shown, printed)) is same
