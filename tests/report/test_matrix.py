"""A cell of the matrix has one sign for checks that came to the same, and says its numbers."""

from aelatent.report import write_site
from aelatent.report.arrangement import arrange
from aelatent.report.matrix import signs
from aelatent.report.topics import topics

from .samples import record


def cell(*records):
    """Return the signs of claims on one model."""
    (topic,) = topics(arrange(records))
    return signs(topic, "faces_ae", lambda claim: claim.anchor)


def test_checks_that_came_to_the_same_share_a_sign():
    first, other = record(name="test_a[faces_ae-b=1]"), record(name="test_a[faces_ae-b=2]")
    fell = record(name="test_b[faces_ae]", outcome="refuted")

    found = cell(first, other, fell)

    assert [(sign.outcome, sign.count) for sign in found] == [("supported", 2), ("refuted", 1)]
    assert found[0].words == (
        "B-08 on faces_ae: 2 times supported, 0.93 [0.90, 0.96] b=1; 0.93 [0.90, 0.96] b=2"
    )


def test_of_many_numbers_a_sign_tells_the_first():
    (sign,) = cell(*[record(name=f"test_a[faces_ae-b={i}]") for i in range(7)])

    assert sign.words.endswith("and 3 more")


def test_a_symbol_has_a_name_and_shows_its_numbers(folder):
    write_site([record()], {}, folder)
    page = (folder / "matrix.html").read_text("utf-8")

    words = "B-08 on faces_ae: supported, 0.93 [0.90, 0.96]"
    assert f'aria-label="{words}" title="{words}"' in page
