"""The networks themselves tell a good code from a bad one, without any judge."""

import numpy as np
import pytest

from aelatent import Above, weigh
from aelatent.figures import overlaid_histograms
from aelatent.sampling import LADDER
from aelatent.statistics.discrimination import auc_estimate
from aelatent.trials import attempt

DRAWS = 15
WELL = Above(0.9)


@pytest.mark.claim("X-20", needs="trained autoencoder wide faces encoder")
def test_cycle_error_tells_good_codes_from_bad(model, recognise, judge, draw, rng):
    """A code that survives decoding and encoding is one that decodes to a face.

    Source
        aelatent, a question none of the sources asks.
    Statement
        The distance from a code to the code of its own decoded image is smaller for codes that the
        judge accepts than for others.
    Statistic
        Area under the ROC curve of that distance, over the code's Mahalanobis scale, between
        rejected and accepted codes of all rungs of the ladder, one value a replicate.
    Null
        0.5 if the distance says nothing; "tells" is read as 0.9.
    Decision
        Supported when the 95 % interval over replicates lies above 0.9; refuted when it lies below;
        inconclusive otherwise.
    """
    eye = recognise(model)
    cycles = [cycle(r, eye, rng) for r in model.replicates]
    evidence = weigh(lambda c: auc_estimate(c["rejected"], c["accepted"]), cycles,
                     unit="AUC of the cycle error")  # fmt: skip

    draw(
        overlaid_histograms(
            {kind: np.log10(cycles[0][kind]) for kind in ("accepted", "rejected")},
            "log10 of the distance between a code and the code of its image",
        ),
        "Cycle errors of codes whose images the judge accepts and rejects, first replicate.",
    )

    judge(evidence, WELL)


@pytest.mark.claim("X-20", needs="trained autoencoder wide faces encoder")
@pytest.mark.expect("refuted", because="the judge's verdicts were shuffled")
def test_control_shuffled_verdicts_are_not_told(model, recognise, judge, rng):
    """Verdicts dealt out at random have nothing to do with the cycle error."""
    eye = recognise(model)
    shuffled = []
    for r in model.replicates:
        found = cycle(r, eye, rng)
        errors = rng.permutation(np.concatenate([found["accepted"], found["rejected"]]))
        shuffled.append(np.split(errors, [len(found["accepted"])]))

    judge(weigh(lambda pair: auc_estimate(pair[1], pair[0]), shuffled), WELL)


def cycle(replicate, eye, rng):
    """Return cycle errors of draws from the whole ladder, by what the judge says."""
    codes = np.concatenate([law.draw(DRAWS, replicate.train, rng) for law in LADDER.values()])
    trial = attempt(replicate, codes, eye)
    again, _ = replicate.encode(trial.pixels)
    errors = np.linalg.norm((again - codes) / replicate.train.deviations, axis=1)
    return {"accepted": errors[trial.accepted], "rejected": errors[~trial.accepted]}
