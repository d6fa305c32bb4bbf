"""A topic is all that a run says about one identifier."""

import pytest

from aelatent.report.arrangement import arrange
from aelatent.report.topics import topics

from .samples import record


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("Draws from [-b, b] miss. [b=1.5]", "Draws from [-b, b] miss."),
        ("Draws from [-b, b] miss.", "Draws from [-b, b] miss."),
        ("Codes peak.", "Codes peak."),
    ],
)
def test_a_topic_has_the_sentence_without_the_parameters(title, sentence):
    (topic,) = topics(arrange([record(title=title)]))

    assert topic.sentence == sentence
