"""Property tests draw as many examples as the profile says, ten times as many at night."""

import re
from pathlib import Path

from hypothesis import settings


def test_a_night_draws_ten_times_the_examples_of_a_day():
    day, night = (settings.get_profile(name) for name in ("default", "nightly"))

    assert night.max_examples == 10 * day.max_examples
    assert night.deadline is None


def test_no_test_has_a_number_of_examples_of_its_own():
    """A part of `settings.default.max_examples` grows with the profile, a number does not."""
    fixed = re.compile(r"max_examples=\d")
    files = Path(__file__).parent.rglob("test_*.py")

    assert [file.name for file in files if fixed.search(file.read_text(encoding="utf-8"))] == []
