"""Records of all workers become one report."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ABOVE = "[3.0, 3.1, 3.2]"


@pytest.mark.slow
def test_workers_send_their_records_home(suite, records):
    """pytest-xdist carries records in `user_properties`."""
    result = suite(ABOVE, arguments=["-n", "1"])

    result.assert_outcomes(passed=1)
    assert len(records()) == 1


@pytest.mark.slow
def test_workers_write_no_report_of_their_own(suite, pytester):
    """Each knows its share only; whoever reads in mid-run must not find that."""
    pytester.makeconftest(
        """
        import aelatent.report, os
        write = aelatent.report.write_report

        def writing(*arguments, **options):
            with open("writers", "a") as log:
                print("PYTEST_XDIST_WORKER" in os.environ, file=log)
            return write(*arguments, **options)

        aelatent.report.write_report = writing
        """
    )

    suite(ABOVE, arguments=["-n", "1"])

    assert (pytester.path / "writers").read_text() == "False\n"


def test_junit_carries_the_record(suite, pytester):
    suite(ABOVE, arguments=["--junitxml=junit.xml"])

    assert "Z-01" in Path(pytester.path / "junit.xml").read_text()


@pytest.mark.slow
def test_the_front_page_says_what_the_settings_say(suite, pytester):
    """Headlines, statuses of the catalogue, and the code of the claim reach the report."""
    pytester.path.joinpath("catalogue.yaml").write_text("Z-01: {status: R, says: x}\n")

    suite(
        ABOVE,
        arguments=[
            "-o",
            "aelatent_headlines=Z-01: Numbers exceed one at last",
            "-o",
            "aelatent_catalogue=catalogue.yaml",
        ],
    )

    front = (pytester.path / "reports" / "index.html").read_text("utf-8")
    assert "Numbers exceed one at last" in front
    assert "Withdrawn by its author" in front
    assert "def test_" in (pytester.path / "reports" / "claims" / "Z-01.html").read_text("utf-8")


@pytest.fixture
def two_files(pytester):
    """A project of two claims in a file each, which ran once; a function that runs it again."""
    pytester.makepyfile(test_a=TWO.format(id="A-01"), test_b=TWO.format(id="B-01"))

    def run(*arguments):
        return pytester.runpytest(*arguments)

    run()
    return run


TWO = """
import pytest
from aelatent import Above, estimate

@pytest.mark.claim("{id}")
@pytest.mark.parametrize("number", [1, 2])
def test_one_is_one(decide, number):
    '''One is one.

    Source
        Nobody.
    Statement
        It is.
    Statistic
        The number.
    Null
        None.
    Decision
        Supported when the 95 % interval over replicates lies above 0.5; refuted when it lies below;
        inconclusive otherwise.
    '''
    evidence = estimate(float, [1.0, 1.01, 1.02])

    decide(evidence, Above(0.5))
"""


def names(records):
    """Return the identifiers and names of records, and whether they are of an earlier run."""
    return [(r["id"], r["name"][-3:], bool(r["date"])) for r in records()]


ALL = [("A-01", "[1]"), ("A-01", "[2]"), ("B-01", "[1]"), ("B-01", "[2]")]


@pytest.mark.parametrize(
    "arguments", [["test_a.py"], ["-k", "test_a and 1"], ["test_a.py::test_one_is_one[1]"]]
)
def test_a_run_of_a_part_keeps_the_report_of_the_whole(two_files, records, arguments):
    two_files(*arguments)

    assert [check[:2] for check in names(records)] == ALL


def test_a_check_that_is_gone_leaves_the_report(two_files, records, pytester):
    pytester.makepyfile(test_a=TWO.format(id="A-01").replace("[1, 2]", "[2]"))

    two_files("test_a.py")

    assert [check[:2] for check in names(records)] == ALL[1:]


def test_a_file_that_is_gone_leaves_the_report(two_files, records, pytester):
    (pytester.path / "test_b.py").unlink()

    two_files("-k", "1")

    assert [check[:2] for check in names(records)] == ALL[:2]


@pytest.mark.slow
def test_older_records_answer_their_claims_too(two_files, pytester):
    """What the project says is filled from the records of all runs, not from those of this one."""
    answer = '{status: A, says: x, answer: "Yes. It is {1 estimate:.1f}."}'
    pytester.path.joinpath("catalogue.yaml").write_text(f"B-01: {answer}\n")

    two_files("test_a.py", "-o", "aelatent_catalogue=catalogue.yaml")

    front = (pytester.path / "reports" / "index.html").read_text("utf-8")
    assert "Yes. It is 1.0." in front
