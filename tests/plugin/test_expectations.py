"""Expected verdicts of a project: from its file, or from marks."""

import pytest

pytest_plugins = ["pytester"]

CLAIMS = '''
import pytest
from aelatent import Above, estimate

{mark}
@pytest.mark.claim("Z-01")
@pytest.mark.parametrize("value", [0.1, 3.0], ids="v={{}}".format)
def test_numbers_exceed_one(value, decide):
    """Numbers exceed one.

    Source
        Nobody.
    Statement
        They do.
    Statistic
        The number.
    Null
        None.
    Decision
        Supported when the 95 % interval over replicates lies above 1; refuted when
        it lies below; inconclusive otherwise.
    """
    decide(estimate(float, [value, value + 0.1, value - 0.1]), Above(1.0))
'''
EXPECTED = """
test_numbers_exceed_one:
  - cases: [v=0.1]
    verdict: refuted
    because: it is small
"""


@pytest.fixture
def suite(pytester):
    """A function that runs a project of one claim with a file of expected verdicts."""
    pytester.makeini("[pytest]\naelatent_expected = expected.yaml")
    pytester.makepyfile(test_other="def test_other(): pass")

    def run(*arguments, expected=EXPECTED, mark=""):
        (pytester.path / "expected.yaml").write_text(expected)
        pytester.makepyfile(test_z=CLAIMS.format(mark=mark))
        run_pytest = pytester.runpytest_subprocess if "-n" in arguments else pytester.runpytest
        return run_pytest(*arguments)

    return run


@pytest.mark.slow
def test_the_file_says_what_is_expected_and_why(suite, records):
    suite().assert_outcomes(passed=3)

    said = [(record["expected"], record["because"]) for record in records()]
    assert said == [("refuted", "it is small"), ("supported", "")]


@pytest.mark.slow
def test_a_verdict_that_the_file_does_not_expect_fails(suite):
    suite(expected=EXPECTED.replace("v=0.1", "v=3.0")).assert_outcomes(passed=1, failed=2)


@pytest.mark.slow
def test_any_verdict_passes_while_it_is_unsettled(suite):
    unsettled = EXPECTED.replace("refuted", "unsettled")
    suite(expected=unsettled).assert_outcomes(passed=3)


@pytest.mark.slow
def test_a_cached_result_meets_the_present_expectation(suite, records):
    """The verdict itself depends on no expectation, so that nothing is computed again."""
    suite()

    result = suite(expected=EXPECTED.replace("it is small", "it is tiny"))

    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["2 of 2 unchanged*"])
    assert records()[0]["because"] == "it is tiny"
    suite(expected="").assert_outcomes(passed=2, failed=1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("test_numbers_exceed_one", "test_gone"), "test_gone: expected a claim of this name*"),
        (("v=0.1", "v=7"), "test_numbers_exceed_one, entry 1: cases: no check matches 'v=7'"),
        (("cases: ", "models: "), "test_numbers_exceed_one, entry 1: models: no check matches*"),
        (("refuted", "false"), "test_numbers_exceed_one, entry 1: verdict: expected supported*"),
    ],
)
def test_an_entry_that_matches_no_check_fails_the_run(suite, change, fault):
    result = suite("-k", "other", expected=EXPECTED.replace(*change))

    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines([f"expected.yaml: {fault}"])
    assert str(result.stdout).count("\nexpected.yaml: ") == 1


@pytest.mark.slow
def test_workers_tell_of_an_entry_that_matches_no_check_once(suite):
    result = suite("-n", "2", expected=EXPECTED.replace("v=0.1", "v=7"))

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["expected.yaml: test_numbers_exceed_one, entry 1: cases:*"])
    assert str(result.stdout).count("\nexpected.yaml: ") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("-k", "3.0"),
        ("--deselect", "test_z.py::test_numbers_exceed_one[v=0.1]"),
        ("test_z.py::test_numbers_exceed_one[v=3.0]",),
        ("test_other.py",),
        ("--ignore", "test_z.py"),
        ("--aelatent-claim", "Z-01"),
    ],
)
def test_a_part_of_the_checks_runs_without_complaint(suite, arguments):
    assert suite(*arguments).ret == 0


@pytest.mark.slow
def test_a_run_of_the_last_failures_has_no_complaint(suite):
    suite(expected="").assert_outcomes(passed=2, failed=1)

    suite("--lf").assert_outcomes(passed=1)


def test_an_entry_and_a_mark_on_one_claim_are_too_many(suite):
    mark = '@pytest.mark.expect("refuted", because="so it is")'

    result = suite(mark=mark)

    result.stdout.fnmatch_lines(
        ["expected.yaml: test_numbers_exceed_one?v=0.1?: expected this entry or*found both"]
    )


@pytest.mark.slow
def test_a_model_without_stored_replicates_counts_as_matched(suite, pytester, folder):
    text = (folder / "tiny.yaml").read_text()
    (folder / "huge.yaml").write_text(text.replace("store: {", "store: {replicates: false, "))
    (folder).rename(pytester.path / "fixtures")
    (pytester.path / "fixtures" / "huge").mkdir()
    (pytester.path / "fixtures" / "huge" / "recorded.json").write_text("[]")
    pytester.makepyfile(
        test_m="""
        import pytest
        @pytest.mark.claim("Z-02", needs="trained autoencoder")
        def test_m(model, decide): ...
        """
    )
    entry = "test_m: [{models: [huge], verdict: refuted, because: x}]\n"

    assert suite("--collect-only", expected=EXPECTED + entry).ret == 0
    faulty = suite("--collect-only", expected=EXPECTED + entry.replace("huge", "hug"))
    faulty.stdout.fnmatch_lines(["*test_m, entry 1: models: no check matches 'hug'"])


def test_fixture_models_from_elsewhere_need_no_entries(suite, pytester, folder):
    text = "test_numbers_exceed_one: [{models: [none], verdict: refuted, because: x}]"

    result = suite("--collect-only", f"--aelatent-fixtures={folder}", expected=text)

    assert result.ret == 0


def test_an_expectation_may_hold_for_several_models(pytester, folder):
    """It holds for those that it names, and for no other."""
    other = (folder / "tiny.yaml").read_text()
    (folder / "other.yaml").write_text(other)
    pytester.makepyfile(
        """
        import pytest
        @pytest.mark.claim("Z-02", needs="trained autoencoder")
        @pytest.mark.expect("refuted", because="so it is", model="none tiny")
        def test_a(model, decide): ...
        """
    )
    pytester.makeconftest(
        """
        def pytest_collection_finish(session):
            for item in session.items:
                print(item.name, "expected to fail:", bool(list(item.iter_markers("xfail"))))
        """
    )

    result = pytester.runpytest(
        "--collect-only", "-s", f"--aelatent-fixtures={folder}", "-p", "no:cacheprovider"
    )

    result.stdout.fnmatch_lines_random(
        ["test_a?tiny? expected to fail: True", "test_a?other? expected to fail: False"]
    )


@pytest.mark.slow
def test_one_model_may_support_what_others_refute(pytester, folder):
    """The mark nearest to the function wins; without a model to name, support needs no mark."""
    (folder / "other.yaml").write_text((folder / "tiny.yaml").read_text())
    claim = """
        import pytest
        @pytest.mark.claim("Z-02", needs="trained autoencoder")
        @pytest.mark.expect("refuted", because="so it is")
        @pytest.mark.expect("supported", because="it is wide"{model})
        def test_a(model, decide): ...
        """
    pytester.makeconftest(
        """
        def pytest_collection_finish(session):
            for item in session.items:
                print(item.name, "expected to fail:", bool(list(item.iter_markers("xfail"))))
        """
    )
    arguments = "--collect-only", "-s", f"--aelatent-fixtures={folder}", "-p", "no:cacheprovider"
    pytester.makepyfile(claim.format(model=', model="other"'))
    result = pytester.runpytest(*arguments)
    result.stdout.fnmatch_lines_random(
        ["test_a?tiny? expected to fail: True", "test_a?other? expected to fail: False"]
    )

    pytester.makepyfile(claim.format(model=""))
    result = pytester.runpytest(*arguments)
    result.stderr.fnmatch_lines(["*expected one of *'refuted'*, received 'supported'*"])
