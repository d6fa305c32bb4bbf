"""Trials as figures: what was decoded, and how far its codes lie from those of images."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from aelatent.figures import distance_histogram, image_grid
from aelatent.judges.judged_samples import JudgedSamples
from aelatent.statistics.region import distances


def wall(trials: Sequence[JudgedSamples], count: int = 10) -> Figure:
    """Show the first `count` images of each trial, a row a replicate, and what the judge said."""
    return image_grid(
        {trial.replicate.name: trial.pixels[:count] for trial in trials},
        marks={trial.replicate.name: trial.accepted[:count] for trial in trials},
    )


def reach(trials: Sequence[JudgedSamples], law: str) -> Figure:
    """Show how far the draws of a law and held-out codes lie from the training codes' centre."""
    held_out = [distances(t.replicate.held_out.z_mean, t.replicate.train) for t in trials]
    drawn = [distances(t.codes, t.replicate.train) for t in trials]
    return distance_histogram(held_out, {law: drawn})
