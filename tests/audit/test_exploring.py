"""`aelatent.explore` writes the explorer of an audited model."""

import numpy as np
import pytest

import aelatent
from aelatent.audit import DescriptionError
from aelatent.cli import main


@pytest.fixture(scope="module")
def result(digits):
    flat = digits.pixels.reshape(len(digits), -1) / 255
    mean = flat.mean(axis=0)
    axes = np.linalg.svd(flat - mean, full_matrices=False)[2][:4]
    return aelatent.audit(
        encoder=lambda x: (x.reshape(len(x), -1) - mean) @ axes.T,
        decoder=lambda z: np.clip(z @ axes + mean, 0, 1),
        images=digits.pixels[:800],
        labels=digits.labels[:800],
        name="Mine & yours",
        progress=False,
    )


@pytest.mark.slow
def test_the_page_of_an_audit_links_to_its_explorer(result, tmp_path):
    page = result.report(tmp_path / "audit")
    assert "explore/mine-yours.html" not in page.read_text()
    found = aelatent.explore(result, tmp_path / "audit", progress=False)
    assert found.path == tmp_path / "audit" / "explore" / "mine-yours.html"
    assert "../index.html" in found.path.read_text()
    assert "explore/mine-yours.html" in page.read_text()
    assert (
        "an audit keeps no originals" in found.path.with_name("mine-yours-samples.html").read_text()
    )
    assert "<iframe" in found._repr_html_()
    assert not [p.name for p in found.path.parent.glob("*.html") if "eld-out" in p.read_text()]


def test_codes_alone_cannot_be_explored(result, tmp_path):
    loaded = aelatent.load_audit(result.save(tmp_path / "mine.npz"))
    with pytest.raises(DescriptionError, match="expected a decoder and two latent dimensions"):
        aelatent.explore(loaded, tmp_path, progress=False)


def test_an_error_leaves_no_bar(result, bars, monkeypatch, tmp_path):
    def failing(*_):
        raise RuntimeError("no memory")

    monkeypatch.setattr("aelatent.audit.exploring.write_pages", failing)
    with pytest.raises(RuntimeError, match="no memory"):
        aelatent.explore(result, tmp_path / "audit")
    assert [each.bar is None for each in bars] == [True]


@pytest.mark.slow
def test_the_command_explores_a_description(describe, home, capsys):
    assert main(["explore", str(describe()), "--report", str(home / "audit")]) == 0
    assert capsys.readouterr().out.rstrip().endswith("audit/explore/mine.html")
    assert (home / "audit" / "explore" / "mine.html").is_file()
