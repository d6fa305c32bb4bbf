"""Draws from N(0, I) decode to digits with a VAE, and more often than with an autoencoder."""

import numpy as np
import pytest

from aelatent import Above, weigh
from aelatent.exhibits import wall
from aelatent.figures import class_shares, scatter_2d
from aelatent.sampling import StandardNormal
from aelatent.statistics.rates import rate_difference
from aelatent.trials import attempt, reconstructions

DRAWS = 1000
DIGITS = Above(0.8)
BETTER = Above(0.0)


@pytest.mark.claim("D-16", needs="trained vae digits decoder counterpart")
def test_vae_samples_decode_to_digits(model, models, recognise, judge, draw, rng):
    """Samples of a VAE decode to digits, more of them than the same draws through an autoencoder.

    Source
        002 (11 Oct 2020), Fig. 8 and remedy 2 (D-13); its figures called "random sampling" are
        grids, so N(0, I) is drawn here.
    Statement
        Codes drawn from N(0, I) decode to digits if the model is a VAE, and its samples are better
        than those of an autoencoder.
    Statistic
        The judged hit rate of 1,000 decoded draws over that of reconstructions of held-out images,
        one value a replicate; and that ratio minus the same ratio of the autoencoder of the same
        seed, trained on as many images with as many updates, under the same draws.
    Null
        None: margins decide. "Decode to digits" is read as at least four fifths as often as the
        model's own reconstructions.
    Decision
        The ratio: Supported when the 95 % interval over replicates lies above 0.8; refuted when it
        lies below; inconclusive otherwise. The difference: Supported when the 95 % interval over
        replicates lies above 0; refuted when it lies below; inconclusive otherwise.
    """
    eye, rival = recognise(model), models(model.specification.counterpart)
    draws = [StandardNormal().draw(DRAWS, r.train, rng) for r in model.replicates]
    trials = [attempt(r, z, eye) for r, z in zip(model.replicates, draws, strict=True)]
    rivals = [attempt(r, z, eye) for r, z in zip(rival.replicates, draws, strict=True)]
    evidence = [
        weigh(lambda trial: trial.ratio(), trials, unit="hit rate over that of reconstructions"),
        weigh(lead, zip(trials, rivals, strict=True), unit="VAE's ratio minus autoencoder's"),
    ]

    draw(wall(trials + rivals, count=20), "Decoded N(0, I) draws: VAE above, autoencoder below.")
    for kind, trial in (("VAE", trials[0]), ("autoencoder", rivals[0])):
        cloud = {f"{kind}, held-out codes by digit": trial.replicate.held_out}
        draw(scatter_2d(cloud, {"draws from N(0, I)": trial.codes}), f"Codes and draws: {kind}.")
    draw(
        class_shares(
            {"VAE": shares(trials, eye), "autoencoder": shares(rivals, eye)}, range(10), "digit"
        ),
        "Share of each digit among the accepted samples of VAE and autoencoder.",
    )

    judge(evidence, [DIGITS, BETTER])


@pytest.mark.claim("D-16", needs="trained vae digits decoder counterpart")
@pytest.mark.expect("refuted", because="an untrained decoder makes no digits of any draw")
def test_control_untrained_decoders_make_no_digits(model, models, recognise, judge, draw, rng):
    """The same draws through the same networks before training decode to no digits."""
    eye, rival = recognise(model), models(model.specification.counterpart)
    draws = [StandardNormal().draw(DRAWS, r.train, rng) for r in model.replicates]
    trials = [attempt(r.untrained(), z, eye) for r, z in zip(model.replicates, draws, strict=True)]
    rivals = [attempt(r, z, eye) for r, z in zip(rival.replicates, draws, strict=True)]
    evidence = [
        weigh(lambda trial: trial.ratio(), trials, unit="hit rate over that of reconstructions"),
        weigh(lead, zip(trials, rivals, strict=True), unit="untrained ratio minus autoencoder's"),
    ]

    draw(wall(trials, count=20), "N(0, I) draws through untrained decoders.")

    judge(evidence, [DIGITS, BETTER])


def lead(pair):
    """Return by how much the first trial's hit ratio exceeds the second's."""
    first, second = pair
    return rate_difference(
        first.accepted,
        reconstructions(first.replicate, first.judge),
        second.accepted,
        reconstructions(second.replicate, second.judge),
        first.judge.card.false_acceptance,
    )


def shares(trials, eye):
    """Return the share of each digit among the accepted samples, one row a replicate."""
    found = [eye.classes(trial.pixels[trial.accepted]) for trial in trials]
    return np.array([np.bincount(f, minlength=10) / max(len(f), 1) for f in found])
