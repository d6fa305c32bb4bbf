"""Our numbers against the sources': one plot with an axis for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from aelatent.report.dot_plot import Scale
from aelatent.report.topics import Topic

LETTER, LINE = 7.5, 13.0  # pixels of a label's letter and line
WIDTH, HEIGHT = 640.0, 420.0  # pixels for which labels are laid out; the plot fits its column
OFFSETS = ((9.0, 4.0), (-9.0, 4.0), (0.0, -9.0), (0.0, 18.0))  # of labels from their points


@dataclass(frozen=True)
class Point:
    """A claim: the source's number across, ours upwards, in per cent of the plot.

    Attributes
    ----------
    topic : Topic
    x, y : float
    low, high : float
        The ends of the interval.
    label : tuple of float, or None
        Where its label lies from the point, in pixels; None where others leave no room.
    """

    topic: Topic
    x: float
    y: float
    low: float
    high: float
    label: tuple[float, float] | None = None


@dataclass(frozen=True)
class Agreement:
    """The plot, and the claims that it does not show.

    Attributes
    ----------
    scale : Scale
        Of both axes.
    points : tuple of Point
    zeros : tuple of Topic
        Claims whose numbers a logarithmic axis does not show.
    exact : tuple of Topic
        Claims whose number was counted and has no interval.
    """

    scale: Scale
    points: tuple[Point, ...]
    zeros: tuple[Topic, ...]
    exact: tuple[Topic, ...]


def agreement(found: Iterable[Topic]) -> Agreement | None:
    """Return the plot of all claims for which the source gives a number; None without any.

    Each claim is shown by its number on the model at the top of its page.
    """
    numbered = [topic for topic in found if _numbers(topic)]
    zeros = tuple(topic for topic in numbered if min(_numbers(topic)) <= 0)
    exact = tuple(topic for topic in numbered if topic not in zeros and _exact(topic))
    shown = [topic for topic in numbered if topic not in (*zeros, *exact)]
    if not shown:
        return None
    values = [value for topic in shown for value in _numbers(topic)]
    room = (max(values) / min(values)) ** 0.08 * 1.05
    scale = Scale(min(values) / room, max(values) * room, logarithmic=True)
    return Agreement(scale, tuple(_labelled([_point(t, scale) for t in shown])), zeros, exact)


def _exact(topic: Topic) -> bool:
    interval = topic.headline.record.interval
    return interval is None or interval[0] == interval[1]


def _numbers(topic: Topic) -> list[float]:
    """Return ours and the source's number, or none."""
    record = topic.headline.record
    if record.source_value is None or record.effect is None or not record.parts:
        return []
    return [record.effect, record.source_value]


def _point(topic: Topic, scale: Scale) -> Point:
    record = topic.headline.record
    ours, theirs = _numbers(topic)
    ends = record.interval or (ours, ours)
    low, high = (scale.place(end) if end > 0 else 0.0 for end in ends)
    return Point(topic, scale.place(theirs), 100 - scale.place(ours), 100 - low, 100 - high)


def _labelled(points: Sequence[Point]) -> list[Point]:
    """Give each point the first place for its label that is free of points and labels."""
    taken = [(0.01 * WIDTH * p.x - 5, 0.01 * HEIGHT * p.y - 5, 10.0, 10.0) for p in points]
    labelled = []
    for point in points:
        x, y = 0.01 * WIDTH * point.x, 0.01 * HEIGHT * point.y
        length = LETTER * len(point.topic.id)
        for dx, dy in OFFSETS:
            left = x + dx - length * (0.5 if dx == 0 else dx < 0)
            box = (left, y + dy - LINE + 2, length, LINE)
            if 0 <= left <= WIDTH - length and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                labelled.append(replace(point, label=(dx, dy)))
                break
        else:
            labelled.append(point)
    return labelled


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    across = a[0] < b[0] + b[2] and b[0] < a[0] + a[2]
    return across and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]
