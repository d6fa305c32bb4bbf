"""Farther from the centre images vary more, and correlations matter more."""

from functools import partial

import numpy as np
import pytest

from aelatent import Above, LatentCloud, estimate
from aelatent.figures import trend
from aelatent.judges.judged_samples import (
    CLEAN,
    at_each_reading,
    decode_and_judge,
    rate_contrast,
)
from aelatent.samplers.ladder import ColumnShuffles, Gaussian
from aelatent.simulation import (
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    correlated_codes,
    decoder_accepting,
    have_independent_halves,
    scenario,
)
from aelatent.statistics.diversity import relative_diversity

DRAWS = 200
REACHES = (0.5, 1.0, 1.5, 2.0)
MORE = Above(0.1)
VARIED = Above(1.0)


@pytest.mark.claim("A-15", needs="trained autoencoder wide faces decoder")
def test_correlations_matter_more_farther_out(model, image_judge, decide, add_figure, rng):
    """Farther out images vary more, and there correlations matter more for clean faces.

    Source
        anracom VI (30 Apr 2023), planes section.
    Statement
        With the distance from the centre decoded images vary more; the loss of the components'
        correlations costs more clean faces far out than near the centre ("disturbed" images are
        not clean).
    Statistic
        Corrected rate of clean images of correlated minus that of column-shuffled draws, both
        stretched about the mean by 2, minus the same difference at 0.5 (the interaction of distance
        and correlation); and the diversity of correlated draws at 2 over that at 0.5, one value a
        replicate.
    Null
        Without an interaction the first is 0, "more" is read as a tenth. Without an effect of the
        distance the second is 1.
    Decision
        Interaction: Supported when the 95 % interval over replicates lies above 0.1; refuted when
        it lies below; inconclusive otherwise. Diversity: Supported when the 95 % interval over
        replicates lies above 1; refuted when it lies below; inconclusive otherwise.
    """
    judge = image_judge(model)
    tables = [table(r, SAMPLERS, judge, rng) for r in model.replicates]
    evidence = [
        interactions(tables, judge),
        estimate(
            lambda t: relative_diversity(
                t["correlated"][2.0].pixels, t["correlated"][0.5].pixels, rng
            ),
            tables,
            unit="diversity at 2 over that at 0.5",
        ),
    ]

    add_figure(curves(tables), "Corrected rate of clean images over the stretch about the mean.")

    decide(evidence, [MORE, VARIED])


@pytest.mark.claim("A-15", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="both samplers are the same")
def test_control_one_law_has_no_interaction_with_itself(
    model, image_judge, decide, add_figure, rng
):
    """Two draws of the same sampler have no interaction with the distance."""
    judge = image_judge(model)
    both = {"correlated": Gaussian(), "shuffled": Gaussian()}
    tables = [table(r, both, judge, rng) for r in model.replicates]

    add_figure(curves(tables), "Corrected rate of clean images of one sampler, drawn twice.")

    decide(interactions(tables, judge), MORE)


SAMPLERS = {"correlated": Gaussian(), "shuffled": ColumnShuffles()}


def table(replicate, samplers, judge, rng):
    """Decode draws of each sampler at each stretch."""
    centre = replicate.train.mean
    return {
        name: {
            reach: decode_and_judge(
                replicate,
                centre + reach * (sampler.draw(DRAWS, replicate.train, rng) - centre),
                judge,
            )
            for reach in REACHES
        }
        for name, sampler in samplers.items()
    }


def interactions(tables, judge):
    """Return the interaction of distance and correlation at each reading of the judge."""
    return at_each_reading(
        judge,
        lambda reading: estimate(
            partial(interaction, reading=reading),
            tables,
            unit="interaction of distance and correlation",
        ),
    )


def interaction(judged, reading):
    """Return by how much the advantage of correlations grows from 0.5 to 2."""
    correlated, shuffled = judged["correlated"], judged["shuffled"]
    growing, falling = (correlated[2.0], shuffled[0.5]), (shuffled[2.0], correlated[0.5])
    return rate_contrast(growing, falling, CLEAN, reading)


def curves(tables):
    """Plot hit rates over the stretch."""
    series = {
        name: {k: [t[name][k].rate().value for t in tables] for k in REACHES} for name in tables[0]
    }
    return trend(series, "stretch about the mean", "corrected rate of clean images", log="")


@scenario(test_correlations_matter_more_farther_out, null=0.0)
def decoders_that_miss_torn_codes_far_out(effect, rng):
    """Simulate decoders that damage more faces far out where codes have independent halves."""
    replicates = []
    for further in effect + 0.02 * rng.standard_normal(5):
        cloud = LatentCloud(correlated_codes(1000, 32, rng))
        decoder = decoder_accepting(faces(further, rng), shades, damaged=True)
        replicates.append(SimulatedReplicate(cloud, cloud, decoder))
    judge = SimulatedJudge(rng)
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


def faces(further, rng):
    """Return a region of 97 % of near codes, 90 % of far ones, fewer of far independent halves."""

    def region(codes):
        far = np.sqrt((codes**2).mean(axis=1)) > 1
        shares = np.where(far, 0.9 - further * have_independent_halves(codes), 0.97)
        return rng.uniform(size=len(codes)) < shares

    return region


def shades(codes):
    """Return what sets the shade of a face: images differ the more, the farther out they are."""
    return (50 + 20 * codes[:, 0]).clip(0, 99).astype(int)
