"""A small project with one claim, and the records that a run of it leaves."""

import json
import textwrap

import pytest

CLAIM = '''
import pytest
from aelatent import Above, estimate

pytestmark = pytest.mark.claim("Z-01", source_value=2.0)

{mark}
def test_numbers_exceed_one(decide):
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
        {rule}
    """
    evidence = estimate(float, {values})

    decide(evidence, Above(1.0))
'''
RULE = (
    "Supported when the 95 % interval over replicates lies above 1; refuted when\n"
    "        it lies below; inconclusive otherwise."
)


@pytest.fixture
def suite(pytester):
    """A function that writes a claim into an empty project and runs it, in this process if it can.

    Workers, and what is loaded, need `processes` of their own.
    """

    def run(values, mark="", rule=RULE, extra="", arguments=(), *, processes=False):
        source = CLAIM.format(values=values, mark=mark, rule=rule) + textwrap.dedent(extra)
        pytester.makepyfile(test_z=source)
        apart = processes or "-n" in arguments
        run_pytest = pytester.runpytest_subprocess if apart else pytester.runpytest
        return run_pytest(*arguments)

    return run


@pytest.fixture
def records(pytester):
    """A function that returns the records of the last run."""
    path = pytester.path / "reports" / "results.json"
    return lambda: json.loads(path.read_text())["claims"]
