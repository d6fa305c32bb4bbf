"""Figures of judged samples: decoded images, and how far their codes lie from those of images."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from aelatent.figures import distance_histogram, image_grid
from aelatent.judges.grade import Grade
from aelatent.judges.judged_samples import JudgedSamples
from aelatent.statistics.region import distances


def judged_images(
    samples: Sequence[JudgedSamples], count: int = 10, grade: Grade = Grade.CLEAN
) -> Figure:
    """Show decoded images, one row a replicate, and mark which of them reach a grade.

    Parameters
    ----------
    samples : sequence of JudgedSamples
        One a replicate.
    count : int
        Number of images shown of each.
    grade : Grade

    Returns
    -------
    matplotlib.figure.Figure
    """
    return image_grid(
        {sample.replicate.name: sample.pixels[:count] for sample in samples},
        marks={sample.replicate.name: sample.accepted(grade)[:count] for sample in samples},
    )


def code_distances(samples: Sequence[JudgedSamples], sampler: str) -> Figure:
    """Show how far drawn and held-out codes lie from the centre of the training codes.

    Parameters
    ----------
    samples : sequence of JudgedSamples
        One a replicate.
    sampler : str
        What the codes were drawn from, for the legend.

    Returns
    -------
    matplotlib.figure.Figure
        Histograms of Mahalanobis distances.
    """
    held_out = [distances(s.replicate.held_out.z_mean, s.replicate.train) for s in samples]
    drawn = [distances(s.codes, s.replicate.train) for s in samples]
    return distance_histogram(held_out, {sampler: drawn})
