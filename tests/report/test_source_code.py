"""The code of a claim is shown with what it uses, and without what the page says elsewhere."""

import pytest

from aelatent.report.source_code import source_code

CLAIM = '''"""A file."""

import pytest

RULE = 1
OTHER = 2


@pytest.mark.claim("B-08")
@pytest.mark.expect(
    "refuted",
    because="of reasons",
)
def test_a(model):
    """The sentence.

    Source ...
    """
    measured = half(model)  # a comment

    assert measured < RULE


def half(x):
    """Return a half."""
    return quarter(x) * 2


def quarter(x):
    return x / 4


def unused():
    return OTHER
'''


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "test_a.py"
    path.write_text(CLAIM)
    return path


def test_code_holds_what_the_function_uses_in_the_files_order(file):
    code = source_code(file, "test_a")

    places = [code.index(name) for name in ("RULE = 1", "def test_a", "def half", "def quarter")]
    assert places == sorted(places)
    assert "# a comment" in code
    assert "OTHER" not in code


def test_texts_and_expectations_are_left_out(file):
    code = source_code(file, "test_a")

    assert "The sentence." not in code
    assert "Return a half." not in code
    assert "of reasons" not in code
    assert '@pytest.mark.claim("B-08")' in code
    compile(code, "excerpt", "exec")


def test_a_missing_file_or_function_or_broken_code_gives_nothing(file, tmp_path):
    assert source_code(tmp_path / "gone.py", "test_a") == ""
    assert source_code(file, "test_b") == ""
    file.write_text("def (")
    assert source_code(file, "test_a") == ""


PARAMETERS = """
PARTS = [
    pytest.param("centre", marks=[pytest.mark.expect("refuted", because="of reasons")]),
    "spread",
]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "n",
    [
        1,
        pytest.param(2, id="two", marks=pytest.mark.expect("refuted", because="of reasons")),
    ],
)
def test_b(part, n):
    pass
"""


def test_expectations_of_parameters_are_left_out(file):
    file.write_text(CLAIM + PARAMETERS)

    code = source_code(file, "test_b")

    assert "of reasons" not in code
    assert "pytest.param(2, id='two')" in code
    assert "PARTS = [pytest.param('centre'), 'spread']" in code
    compile(code, "excerpt", "exec")
