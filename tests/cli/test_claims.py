"""The commands `claims` and `show`, on the catalogue of this repository."""

import json
from pathlib import Path

import pytest

from aelatent.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """Stand in the repository, before a terminal of 80 columns."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")


def test_all_claims_are_listed_by_source(capsys):
    assert main(["claims"]) == 0

    listing = capsys.readouterr().out
    assert listing.count("\n") > 100
    assert "Angelo Yeo, “Variational AutoEncoder”" in listing
    assert "B-08 The radius density" in listing
    assert max(map(len, listing.splitlines())) <= 80


def test_words_search_and_show_answers(capsys):
    assert main(["claims", "radius", "sqrt(N)"]) == 0

    found = capsys.readouterr().out
    assert "B-08" in found
    assert "No. They peak at" in found
    assert "A-05" not in found


def test_sources_and_answers_select(capsys):
    assert main(["claims", "--source", "yeo", "--answer", "did not hold", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert {row["source"] for row in found} == {"Yeo"}
    assert {row["came_to"] for row in found} == {"did not hold"}


def test_a_phrase_lists_the_claims_that_fit_best_first(capsys):
    assert main(["claims", "codes lie near sqrt(N)"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert "B-08 The radius density" in lines[0]
    assert lines[-3] == "◆ did not hold   ◈ held in part"
    assert "aelatent show B-08" in lines[-2]
    assert "aelatent audit" in lines[-1]
    assert max(map(len, lines)) <= 80


def test_a_common_word_shows_a_dozen_and_counts_the_others(capsys):
    assert main(["claims", "faces"]) == 0

    shown = capsys.readouterr().out
    assert sum(line[:1] not in {" ", ""} and line[3:4] == "-" for line in shown.splitlines()) == 12
    assert "more fit; another word" in shown


def test_nothing_found_is_told_with_a_hint(capsys):
    assert main(["claims", "unicorns"]) == 1

    told = " ".join(capsys.readouterr().out.split())
    assert 'no claim fits "unicorns": searched titles, statements, sources and answers' in told
    assert "Try fewer words" in told


def test_a_word_that_no_claim_has_is_named(capsys):
    assert main(["claims", "radii", "unicorns"]) == 0
    assert 'No claim has "unicorns"' in capsys.readouterr().out


def test_a_claim_is_shown_with_numbers_and_reasons(capsys):
    assert main(["show", "b-08"]) == 0

    shown = capsys.readouterr().out
    assert "No. They peak at" in shown
    assert "faces_ae_256d" in shown
    assert "[" in shown
    assert "nothing ties to N" in shown.replace("\n      ", " ")
    assert "linux-blog.anracom.com" in shown
    assert "pytest claims -k B-08" in shown
    assert "● supported   ◆ refuted   ◐ inconclusive\n" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_a_reason_that_repeats_numbers_is_left_out(capsys):
    assert main(["show", "D-16"]) == 0
    assert "measured" not in capsys.readouterr().out


def test_a_claim_is_shown_as_json(capsys):
    assert main(["show", "B-08", "--json"]) == 0

    (shown,) = json.loads(capsys.readouterr().out)
    assert shown["answer"].startswith("No.")
    assert {"estimate", "low", "high", "unit", "outcome"} <= set(shown["checks"][0]["parts"][0])


def test_a_question_of_our_own_has_no_source(capsys):
    assert main(["show", "X-18"]) == 0
    assert "No source asks this." in capsys.readouterr().out


def test_an_unknown_claim_is_guessed(capsys):
    assert main(["show", "B-088"]) == 2
    assert "aelatent show: unknown claim: B-088; did you mean B-08" in capsys.readouterr().err


def test_where_nothing_is_found_no_prose_stands_for_json(capsys):
    assert main(["show", "XX-99", "--json"]) == 2
    assert capsys.readouterr().out == ""


def test_elsewhere_the_packaged_claims_are_shown(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    assert main(["show", "A-01"]) == 0
    assert "In part: draws with uniform" in capsys.readouterr().out
