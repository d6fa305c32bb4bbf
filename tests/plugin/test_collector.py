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

        def writing(*arguments):
            with open("writers", "a") as log:
                print("PYTEST_XDIST_WORKER" in os.environ, file=log)
            return write(*arguments)

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
