"""How a run ends: verdicts become test outcomes, and every end is recorded."""

import pytest

pytest_plugins = ["pytester"]

ABOVE = "[3.0, 3.1, 3.2]"
BELOW = "[0.1, 0.2, 0.3]"
ACROSS = "[0.0, 1.0, 2.0]"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("values", "expected", "outcomes"),
    [
        (ABOVE, "", {"passed": 1}),
        (BELOW, "", {"failed": 1}),
        (ACROSS, "", {"failed": 1}),
        (BELOW, "refuted", {"passed": 1}),
        (ACROSS, "inconclusive", {"passed": 1}),
        (ABOVE, "refuted", {"failed": 1}),
        (ACROSS, "refuted", {"failed": 1}),
        ("[]", "refuted", {"failed": 1}),
    ],
)
def test_only_the_expected_verdict_is_green(suite, values, expected, outcomes):
    """The last case crashes; a crash never passes for a refutation."""
    mark = f"@pytest.mark.expect({expected!r}, because='so it is')" if expected else ""

    result = suite(values, mark)

    result.assert_outcomes(**outcomes)


@pytest.mark.slow
def test_a_crash_is_recorded_as_an_error_with_its_traceback(suite, records):
    suite("[]")

    (record,) = records()
    assert record["outcome"] == "error"
    assert "InsufficientEvidence" in record["message"]


@pytest.mark.slow
def test_a_skip_is_recorded_as_not_applicable_with_its_reason(suite, records):
    suite(ABOVE, "@pytest.mark.skip(reason='no decoder')")

    (record,) = records()
    assert (record["outcome"], record["message"]) == ("not applicable", "no decoder")


@pytest.mark.slow
def test_a_claim_that_is_never_judged_is_an_error(suite, records):
    extra = '''
    def test_nothing_is_judged():
        """Nothing."""
    '''

    result = suite(ABOVE, extra=extra)

    result.assert_outcomes(passed=1, failed=1)
    assert {record["outcome"] for record in records()} == {"supported", "error"}


def test_arguments_of_a_refuted_claim_are_not_written_out(suite, pytester):
    """Pytest would write those of a model with large arrays, for a traceback that nobody reads."""
    extra = """
        class Large:
            def __repr__(self):
                open("written", "w").close()
                return "large"

        @pytest.fixture
        def large():
            return Large()

        @pytest.mark.expect("refuted", because="it is small")
        def test_control_a(decide, large):
            decide(estimate(float, [0.1, 0.2, 0.3]), Above(1.0))

        def test_control_b(decide, large):
            decide(estimate(float, [0.1, 0.2, 0.3]), Above(1.0))
        """

    result = suite([1.9, 2.0, 2.1], extra=extra)

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*Z-01 on analytic: refuted, expected supported*"])
    assert not (pytester.path / "written").exists()
