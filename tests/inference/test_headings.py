"""Claims say in their docstrings what they are."""

from aelatent.inference.headings import sections


def test_headings_split_the_text_and_line_breaks_become_spaces():
    found = sections("Codes lie far out.\n\nSource\n    A blog.\nDecision\n    Below\n    one.\n")

    assert found == {"title": "Codes lie far out.", "Source": "A blog.", "Decision": "Below one."}


def test_an_empty_docstring_has_an_empty_title():
    assert sections("") == {"title": ""}


def test_a_heading_inside_a_text_is_text():
    assert sections("Title.\n\nSource\n    Null\n    and void.\n")["Source"] == "Null and void."
