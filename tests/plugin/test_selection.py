"""Claims are selected by their identifiers."""

import pytest

pytest_plugins = ["pytester"]

OTHER = '''
@pytest.mark.claim("Z-02")
def test_control_other(decide):
    """Another."""
    decide(estimate(float, [3.0, 3.1, 3.2]), Above(1.0))
'''
SOURCE = f'''
import pytest
from aelatent import Above, estimate

@pytest.mark.claim("Z-01")
def test_control_one(decide):
    """One."""
    decide(estimate(float, [3.0, 3.1, 3.2]), Above(1.0))

{OTHER}
'''


@pytest.mark.parametrize("arguments", [["-k", "Z-01"], ["--aelatent-claim=Z-01"]])
def test_an_identifier_selects_its_claims(pytester, arguments):
    pytester.makepyfile(test_z=SOURCE)

    result = pytester.runpytest("--collect-only", "-q", *arguments)

    result.stdout.fnmatch_lines(["*::test_control_one", "*1 deselected*"])
    result.stdout.no_fnmatch_line("*::test_control_other")


def test_an_unknown_identifier_is_a_usage_error(pytester):
    pytester.makepyfile(test_z=SOURCE)

    result = pytester.runpytest("--collect-only", "--aelatent-claim=Z-11")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*received Z-11; did you mean Z-0*"])
