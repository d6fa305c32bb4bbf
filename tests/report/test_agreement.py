"""Our numbers against the sources': agreement lies on the diagonal."""

from aelatent.report.agreement import agreement
from aelatent.report.arrangement import arrange
from aelatent.report.topics import topics

from .samples import record


def plot(*numbers):
    """Return the plot of claims with these pairs of our number and the source's."""
    return agreement(topics(arrange([claim(i, *pair) for i, pair in enumerate(numbers)])))


def claim(i, ours, theirs, width=0.1):
    """Make a claim for which the source gives a number."""
    return record(
        id=f"B-{i}",
        file=f"claims/test_{i}.py",
        effect=ours,
        source_value=theirs,
        interval=(ours - width, ours + width),
    )


def test_agreement_lies_on_the_diagonal_and_more_above_it():
    same, more = plot((2.0, 2.0), (40.0, 10.0)).points

    assert abs(same.x - (100 - same.y)) < 0.1
    assert more.x < 100 - more.y


def test_zeros_and_exact_counts_are_named_instead():
    exact = claim(2, 6274, 6274, width=0)
    found = agreement(topics(arrange([claim(0, 2, 3), claim(1, 0, 0), exact])))

    assert [p.topic.id for p in found.points] == ["B-0"]
    assert [[t.id for t in some] for some in (found.zeros, found.exact)] == [["B-1"], ["B-2"]]


def test_labels_of_neighbours_do_not_cover_each_other():
    points = plot(*[(2 + 0.001 * i, 2) for i in range(6)], (50, 50)).points

    places = [point.label for point in points[:6] if point.label]
    assert len(places) == len(set(places)) >= 3


def test_without_numbers_of_sources_there_is_no_plot():
    assert agreement(topics(arrange([record(source_value=None)]))) is None
