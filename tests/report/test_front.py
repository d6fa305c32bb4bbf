"""The front page puts each claim where it belongs, and answers first what is asked first."""

from dataclasses import replace

import pytest

from aelatent.catalogue import Answer, Catalogue, Entry
from aelatent.report import Headline, Model, Project, write_site
from aelatent.report.arrangement import arrange
from aelatent.report.claim_view import readings
from aelatent.report.front import answers, grouped, segments
from aelatent.report.model_groups import NO_MODEL, OTHERS, model_groups
from aelatent.report.site import explorer_pages
from aelatent.report.topics import topics

from .samples import control, part, record


def found(*records):
    """Return the topics of some records."""
    return topics(arrange(records))


def runs(*outcomes, **fields):
    """Make a claim that came to these outcomes, on a model each."""
    return [
        record(name=f"test_x[m{i}]", model=f"m{i}", outcome=outcome, **fields)
        for i, outcome in enumerate(outcomes)
    ]


@pytest.mark.parametrize(
    ("outcomes", "answer"),
    [
        (("supported", "supported"), Answer.HELD),
        (("supported", "inconclusive"), Answer.HELD),
        (("supported", "refuted"), Answer.PARTLY),
        (("refuted", "inconclusive"), Answer.FELL),
        (("inconclusive",), Answer.OPEN),
        (("not applicable",), Answer.UNTESTED),
        (("error",), Answer.UNTESTED),
    ],
)
def test_a_claim_is_in_the_group_of_its_outcomes(outcomes, answer):
    (group,) = grouped(found(*runs(*outcomes)), Project())

    assert group.answer == answer


def test_what_is_true_by_construction_has_a_group_of_its_own():
    project = Project(statuses={"B-08": "T (mistranslated)"})

    assert grouped(found(*runs("supported")), project)[0].answer == Answer.GIVEN
    assert grouped(found(*runs("refuted")), project)[0].answer == Answer.FELL


def test_an_answer_has_one_number_and_names_the_other_claims():
    both = [record(), record(id="B-09", file="claims/a/test_other.py", name="test_other[faces_ae]")]
    names = ("B-08", "Z-99", "B-09")
    project = Project(headlines=[Headline("Peaks", names), Headline("Gone", ("Z-99",))])

    (answer,) = answers(found(*both), project)

    assert answer.gauge.topic.id == "B-08"
    assert [topic.id for topic in answer.others] == ["B-09"]


@pytest.mark.parametrize(
    ("sentence", "model"),
    [
        ("Yes on m1, no on m0.", "m1"),
        ("No.", "m0"),
        ("Open: who knows.", "m2"),
        ("In part: on m1.", "m0"),
        ("", "m0"),
    ],
)
def test_a_headline_shows_a_number_of_the_verdict_it_begins_with(sentence, model):
    first, *others = runs("refuted", "supported", "inconclusive")
    made = [replace(first, per_replicate=[1.0] * 5), *others]
    catalogue = Catalogue({"B-08": Entry("B-08", answer=sentence)})
    project = Project(headlines=[Headline("Peaks", ("B-08",))], catalogue=catalogue)

    (answer,) = answers(topics(arrange(made), project.favoured), project)

    assert answer.gauge.row.record.model == model


def test_models_of_one_group_share_a_column():
    project = Project(models={"faces_ae": Model("A model", "Faces AE")})
    records = [*runs("supported"), record(), record(model="analytic", name="test_y", models=[])]

    assert [f.name for f in model_groups(found(*records), project)] == ["Faces AE", "m0", NO_MODEL]


def test_families_beyond_the_ninth_share_a_column():
    columns = model_groups(found(*runs(*["supported"] * 12)), Project())

    assert len(columns) == 9
    assert columns[-1].name == OTHERS
    assert sum(len(family.models) for family in columns) == 12


def test_controls_under_the_same_rule_share_the_plot():
    other = control(name="test_control_other", parts=[part(rule="Another rule.")])
    (topic,) = found(record(), control(), other)
    (reading,) = readings(topic.claims)

    assert [row.dot_plot.control for row in reading.plots[0].rows] == [False, True]


def test_what_the_source_took_back_is_told_with_what_came_out(folder):
    project = Project(statuses={"B-08": "A/R(as strong evidence)"})

    text = write_site([record()], {}, folder, None, project).read_text("utf-8")

    assert "Withdrawn by its author (as strong evidence)." in text


def test_pages_of_others_are_linked_where_they_exist(folder):
    (folder / "explore").mkdir()
    (folder / "explore" / "faces_ae.html").write_text("<!DOCTYPE html>")

    found_ = write_site([record()], {}, folder).read_text("utf-8")
    named = write_site([record()], {}, folder, explorers=[("A wall", "explore/faces_ae.html")])
    gone = write_site([record()], {}, folder, explorers=[("A wall", "explore/gone.html")])

    assert 'href="explore/faces_ae.html"' in found_
    assert "A wall" not in gone.read_text("utf-8")
    assert named == gone


def test_the_page_of_a_claim_shows_its_code_where_that_lies(folder, tmp_path):
    (tmp_path / "claims" / "a").mkdir(parents=True)
    (tmp_path / "claims" / "a" / "test_radius.py").write_text(
        "def test_radius_peaks():\n    pass\n"
    )

    write_site([record()], {}, folder, None, Project(root=tmp_path))

    assert "def test_radius_peaks():" in (folder / "claims" / "B-08.html").read_text("utf-8")


def test_explorers_are_found_but_not_samples_or_lists(tmp_path):
    (tmp_path / "explore").mkdir()
    for name in ("b.html", "a c.html", "b-samples.html", "index.html"):
        (tmp_path / "explore" / name).touch()

    assert explorer_pages(tmp_path) == [("a c", "explore/a c.html"), ("b", "explore/b.html")]


def test_the_bar_is_as_long_as_its_segments():
    made = [*runs("supported"), *runs("refuted", id="B-09", file="claims/b/test_b.py")]
    second, first = segments(found(*made), Project())

    assert (first.answer, first.left, first.width) == (Answer.HELD, 50, 50)
    assert (second.answer, second.left, second.width) == (Answer.FELL, 0, 50)


def test_the_front_page_lists_its_sources(folder):
    sources = {"000": "anracom, “Fragments”, 2022, https://example.org/post"}
    page = write_site([record()], {}, folder, sources).read_text("utf-8")

    assert '<a href="https://example.org/post" rel="noopener noreferrer">Fragments</a>' in page
    assert "anracom, 2022" in page


def test_rows_say_what_they_can_be_filtered_by(folder):
    page = write_site([record()], {}, folder).read_text("utf-8")

    assert 'data-a="held" data-i="B-08" data-s="0" data-f="0 "' in page
    assert 'class="filters" data-table="board" role="search" aria-label="Claims" hidden' in page
