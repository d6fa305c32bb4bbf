"""The sampling ladder: which ways of drawing codes give faces."""

import pytest

from aelatent import Above, estimate
from aelatent.figures import image_grid, ladder_bars
from aelatent.judges.judged_samples import decode_and_judge, hit_rate, judge_draws
from aelatent.samplers.ladder import LADDER, Gaussian
from aelatent.simulation import model_with_hit_rates, normal_clouds, scenario
from aelatent.statistics.diversity import relative_diversity

DRAWS = 200
HALF = Above(0.5)
DESIGNATED = "S4"
RUNGS = (
    "S0: uniform in [-b, b]; S1: N(0, I); S2: on the radii of the codes; S3: each component within "
    "its own range; S3b: columns of codes shuffled; S4: Gaussian with the codes' mean and "
    "covariance; S5: the same, cut at k standard deviations along principal axes; S6: each pair of "
    "components within its ellipse; S7: held-out codes."
)


@pytest.mark.claim("A-18", needs="trained autoencoder wide faces decoder")
def test_statistical_vectors_decode_to_faces(model, image_judge, decide, add_figure, rng):
    """Vectors drawn with the codes' mean and covariance decode to faces; no VAE is needed.

    Source
        000 part 1 (30 Apr 2023), conclusion; fragmentation X (3 Jun 2023) for the recipe.
    Statement
        A plain autoencoder makes faces from statistical vectors if their components are kept within
        the ranges and correlations that the data give.
    Statistic
        The judged hit rate, corrected for the judge's errors, of draws from the Gaussian with the
        codes' mean and covariance (rung S4 of the ladder S0 to S7), one value a replicate. S4 is
        named here before any rung was measured: to pick the best of several would favour the claim.
    Null
        None: the margin decides. The claim falls if such draws give faces less than half the time.
    Decision
        Supported when the 95 % interval over replicates lies above 0.5; refuted when it lies below;
        inconclusive otherwise.
    """
    ladder = judge_ladder(model, image_judge(model), rng)
    evidence = hit_rate(ladder[DESIGNATED])

    few = min(len(judged.codes) for judged in ladder["S7"])
    fewer = f" S7 has {few} draws a replicate, as many as there are codes." if few < DRAWS else ""
    add_figure(bars(ladder, rng), f"Corrected hit rate and diversity of each rung. {RUNGS}{fewer}")
    add_figure(draws_grid(ladder), f"Decoded draws of the first replicate, one row a rung. {RUNGS}")

    decide(evidence, HALF)


@pytest.mark.claim("A-18", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="the decoder was never trained")
def test_control_untrained_decoders_make_no_faces(model, image_judge, decide, add_figure, rng):
    """The same draws through the same networks before training decode to no faces."""
    judge = image_judge(model)
    judged = [
        decode_and_judge(r.untrained(), Gaussian().draw(DRAWS, r.train, rng), judge)
        for r in model.replicates
    ]
    evidence = hit_rate(judged)

    add_figure(
        draws_grid({r.replicate.name: [r] for r in judged}), "Draws through untrained decoders."
    )

    decide(evidence, HALF)


def judge_ladder(model, judge, rng):
    """Draw, decode and judge on every rung with every replicate."""
    ladder = {
        rung: judge_draws(model, sampler, DRAWS, judge, rng)
        for rung, sampler in LADDER.items()
        if rung != "S7"
    }
    # The reference is made of held-out codes, which no rung has seen.
    ladder["S7"] = judge_draws(model, LADDER["S7"], DRAWS, judge, rng, split="held_out")
    return ladder


def bars(ladder, rng):
    """Show hit rate and diversity of each rung with intervals over replicates."""
    rates = [hit_rate(judged) for judged in ladder.values()]
    spread = [
        estimate(lambda pair: relative_diversity(pair[0].pixels, pair[1].pixels, rng), pairs)
        for pairs in (zip(judged, ladder["S7"], strict=True) for judged in ladder.values())
    ]
    return ladder_bars(list(ladder), rates, spread)


def draws_grid(ladder):
    """Show the first replicate's draws on each rung, and the judge's verdicts.

    S7 is left out: its images are reconstructions of photographs of people.
    """
    rungs = {rung: judged[0] for rung, judged in ladder.items() if rung != "S7"}
    return image_grid(
        {rung: samples.pixels[:10] for rung, samples in rungs.items()},
        marks={rung: samples.accepted[:10] for rung, samples in rungs.items()},
    )


@scenario(test_statistical_vectors_decode_to_faces, null=0.2)
def decoders_of_a_share_of_faces(effect, rng):
    """Simulate decoders that make faces of a share of all codes."""
    clouds = normal_clouds(rng)
    return model_with_hit_rates(clouds, effect + 0.03 * rng.standard_normal(5), rng)
