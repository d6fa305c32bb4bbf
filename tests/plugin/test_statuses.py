"""What a run tells of its claims: in words of verdicts, and where one fails in one line."""

import xml.etree.ElementTree as ET

import pytest

from aelatent.plugin.statuses import finding_line

pytest_plugins = ["pytester"]

ABOVE, BELOW = "[3.0, 3.1, 3.2]", "[0.1, 0.2, 0.3]"
EXPECTED = "@pytest.mark.expect('refuted', because='so it is')"


@pytest.mark.slow
def test_a_claim_refuted_as_expected_has_passed(suite, pytester):
    result = suite(BELOW, EXPECTED, arguments=["-v", "--junitxml=junit.xml"])

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*test_numbers_exceed_one refuted as expected*"])
    result.stdout.no_fnmatch_line("*xfail*")
    (case,) = ET.parse(pytester.path / "junit.xml").iter("testcase")  # noqa: S314 -- our own
    assert [child.tag for child in case] == ["properties"]
    told = {p.get("name"): p.get("value") for p in case.iter("property")}
    assert (told["claim"], told["verdict"]) == ("Z-01", "refuted")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("values", "mark", "told"),
    [
        (BELOW, "", "refuted, expected supported: *0.20 [[]-0.05, 0.45], limit above 1*"),
        (ABOVE, EXPECTED, "supported, expected refuted: *3.10 [[]2.85, 3.35], limit above 1*"),
    ],
)
def test_an_unexpected_verdict_fails_in_one_line(suite, values, mark, told):
    result = suite(values, mark)

    result.assert_outcomes(failed=1)
    minus = told.replace("-0", "\N{MINUS SIGN}0")
    result.stdout.fnmatch_lines([f"FAILED Z-01 on analytic: {minus}", f"Z-01 on analytic: {minus}"])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line(">*decide(*")


@pytest.mark.parametrize(
    ("limits", "told"),
    [({"limits": [None, 1.0]}, "below 1"), ({"limits": None}, "none"), ({}, "none")],
    ids=["limit", "rule without limits", "old record"],
)
def test_a_verdict_has_its_line_also_without_limits(record_of, limits, told):
    (part,) = record_of().parts

    line = finding_line(record_of(parts=[{**part, **limits}]))

    assert f", limit {told} (" in line


@pytest.mark.slow
def test_a_crash_keeps_its_traceback(suite):
    result = suite("[]", EXPECTED)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([">*estimate(*"])


@pytest.mark.slow
def test_a_pipe_gets_lines_with_counts(suite):
    result = suite(BELOW, EXPECTED)

    result.stdout.fnmatch_lines(["[[]100%[]] 0:*\N{BLACK DIAMOND} 1*analytic*Z-01*"])
    result.stdout.no_fnmatch_line("test_z.py*")


@pytest.mark.slow
def test_other_tests_look_as_ever(pytester):
    pytester.makepyfile(test_plain="def test_one(): pass")

    result = pytester.runpytest()

    result.stdout.fnmatch_lines(["test_plain.py .*[[]100%[]]"])


@pytest.mark.slow
def test_workers_are_counted_together(suite):
    extra = '''
    @pytest.mark.claim("Z-02")
    def test_control_two(decide):
        """Two."""
        decide(estimate(float, [3.0, 3.1, 3.2]), Above(1.0))
    '''

    result = suite(BELOW, EXPECTED, extra=extra, arguments=["-n", "2"])

    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["[[]100%[]] 0:*\N{BLACK DIAMOND} 1*"])
