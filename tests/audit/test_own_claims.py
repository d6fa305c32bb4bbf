"""Claims of the user's own about models of the user's own."""

import json

import pytest

pytest_plugins = ["pytester"]

pytestmark = pytest.mark.slow
CLAIM = '''
import pytest
from aelatent import Above, estimate


@pytest.mark.claim("M-01", needs="{needs}")
{mark}
def test_codes_are_wide(model, image_judge, decide, add_figure):
    """Codes scatter by more than {bound} in all.

    Source
        Our notes, 2026.
    Statement
        They do.
    Statistic
        Root of the total variance of the codes.
    Null
        None.
    Decision
        Supported when the 95 % interval over replicates lies above {bound}; refuted when
        it lies below; inconclusive otherwise.
    """
    image_judge(model)
    evidence = estimate(lambda r: r.held_out.covariance.trace() ** 0.5, model.replicates)

    decide(evidence, Above({bound}))
'''


@pytest.fixture
def suite(libraries, home, describe, pytester, monkeypatch):
    """A function that runs a claim on `mine.yaml` in a project that holds nothing else."""

    def run(bound=1, needs="", mark="", arguments=(), claim=CLAIM, **description):
        describe(**description)
        (home / "test_mine.py").write_text(claim.format(bound=bound, needs=needs, mark=mark))
        (home / "pytest.ini").write_text("[pytest]\naelatent_subjects = mine.yaml\n")
        monkeypatch.chdir(home)
        monkeypatch.setenv("PYTHONPATH", str(home))
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-rs", *arguments)

    return run


def test_a_claim_runs_on_the_model_and_leaves_a_report(suite, home):
    result = suite(arguments=["--junitxml=out.xml"])

    assert result.ret == 0, str(result.stdout)
    result.stdout.fnmatch_lines(["*supported*", "written: reports/index.html"])
    (record,) = json.loads((home / "reports" / "results.json").read_text())["claims"]
    assert (record["model"], record["outcome"]) == ("mine", "supported")
    assert "M-01" in (home / "out.xml").read_text()


def test_parts_of_one_training_share_no_error_of_images(suite, home):
    known = CLAIM.replace(
        "import Above, estimate", "import Above, Estimate, shared_error, estimate"
    )
    known = known.replace("lambda r: r.held_out.covariance.trace() ** 0.5", "measured")
    known += """
    assert evidence.errors.shared == 0 < evidence.errors.own


def measured(replicate):
    return shared_error(Estimate(replicate.held_out.covariance.trace() ** 0.5, 0.1))
"""

    assert suite(claim=known).ret == 0


def test_what_is_the_same_in_all_parts_gets_its_error_from_the_images(suite, home, monkeypatch):
    """Where parts have too few codes for moments of their own, all have those of all codes."""
    monkeypatch.setattr("aelatent.audit.adapter.ENOUGH", 10**6)
    known = CLAIM.replace("r.held_out.covariance.trace()", "r.train.covariance.trace()")

    result = suite(claim=known)

    assert result.ret == 0, str(result.stdout)
    (record,) = json.loads((home / "reports" / "results.json").read_text())["claims"]
    low, high = record["interval"]
    assert record["outcome"] == "supported"
    assert 0 < high - low < 0.5 * record["effect"]
    assert len(set(record["per_replicate"])) == 5


def test_what_was_expected_is_green_and_what_was_not_is_red(suite):
    expected = '@pytest.mark.expect("refuted", because="they are not so wide")'

    assert suite(bound=100, mark=expected).ret == 0
    assert suite(bound=100).ret == 1


def test_a_model_that_lacks_something_skips_the_claim(suite):
    result = suite(needs="vae")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["*needs an encoder that gives means and log-variances*"])


def test_a_value_error_of_ones_own_claim_is_an_error(suite):
    wrong = CLAIM.replace("r.held_out.covariance.trace() ** 0.5", "int('none')")

    assert suite(claim=wrong).ret == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"range": "[-1, 1]"}, "*range: expected*-1, 1* as declared*"),
        ({"encoder": "nobody.knows"}, "*expected a .keras or an .onnx file*"),
        ({"images": "array:nowhere.npy"}, "*nowhere.npy*"),
    ],
)
def test_a_fault_of_the_description_is_told_without_a_traceback(suite, fault, said):
    result = suite(**fault)

    assert result.ret != 0
    result.stdout.fnmatch_lines([said])
    result.stdout.no_fnmatch_line("*site-packages*")
    result.stdout.no_fnmatch_line("*state.py:*")
