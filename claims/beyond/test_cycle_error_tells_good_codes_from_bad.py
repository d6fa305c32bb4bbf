"""The networks themselves tell a good code from a bad one, without any judge."""

import numpy as np
import pytest
from scipy import stats

from aelatent import Above, Estimate, LatentCloud, estimate
from aelatent.figures import overlaid_histograms
from aelatent.judges.judged_samples import decode_and_judge
from aelatent.samplers.ladder import LADDER
from aelatent.simulation import (
    SimulatedCard,
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    decoder_accepting,
    scenario,
)
from aelatent.statistics.discrimination import auc_estimate

DRAWS = 15
WELL = Above(0.9)


@pytest.mark.claim("X-20", needs="trained autoencoder wide faces encoder")
def test_cycle_error_tells_good_codes_from_bad(model, image_judge, decide, add_figure, rng):
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
        0.5 if the distance carries no information; "tells" is read as 0.9.
    Decision
        Supported when the 95 % interval over replicates lies above 0.9; refuted when it lies below;
        inconclusive otherwise.
    """
    judge = image_judge(model)
    cycles = [cycle(r, judge, rng) for r in model.replicates]
    evidence = estimate(
        lambda c: auc_estimate(c["rejected"], c["accepted"]), cycles, unit="AUC of the cycle error"
    )

    add_figure(
        overlaid_histograms(
            {kind: np.log10(cycles[0][kind]) for kind in ("accepted", "rejected")},
            "log10 of the distance between a code and the code of its image",
        ),
        "Cycle errors of codes whose images the judge accepts and rejects, first replicate.",
    )

    decide(evidence, WELL)


@pytest.mark.claim("X-20", needs="trained autoencoder wide faces encoder")
@pytest.mark.expect("refuted", because="the judge's verdicts were shuffled")
def test_control_shuffled_verdicts_are_not_told(model, image_judge, decide, rng):
    """Verdicts assigned at random do not depend on the cycle error."""
    judge = image_judge(model)
    shuffled = []
    for r in model.replicates:
        found = cycle(r, judge, rng)
        errors = rng.permutation(np.concatenate([found["accepted"], found["rejected"]]))
        shuffled.append(np.split(errors, [len(found["accepted"])]))

    decide(estimate(lambda pair: auc_estimate(pair[1], pair[0]), shuffled), WELL)


def cycle(replicate, judge, rng):
    """Return cycle errors of draws from the whole ladder, by the judge's verdict."""
    codes = np.concatenate(
        [sampler.draw(DRAWS, replicate.train, rng) for sampler in LADDER.values()]
    )
    samples = decode_and_judge(replicate, codes, judge)
    again, _ = replicate.encode(samples.pixels)
    errors = np.linalg.norm((again - codes) / replicate.train.deviations, axis=1)
    return {"accepted": errors[samples.accepted], "rejected": errors[~samples.accepted]}


@scenario(test_cycle_error_tells_good_codes_from_bad, null=0.82)
def encoders_that_err_more_on_bad_images(effect, rng):
    """Simulate encoders that return codes at normal log-distances, farther off for bad images.

    Half of all codes are bad, the judge makes no error, and the area under the curve scatters by
    0.01 between trainings.
    """
    judge = SimulatedJudge(rng, SimulatedCard(Estimate(1.0), Estimate(0.0)))
    replicates = []
    for area in np.clip(effect + 0.01 * rng.standard_normal(5), 0.5, 0.999):
        cloud = LatentCloud(rng.standard_normal((500, 16)))
        decoder, encoder = roundtrip(2**0.5 * stats.norm.ppf(area), rng)
        replicates.append(SimulatedReplicate(cloud, cloud, decoder, encoder=encoder))
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


def roundtrip(apart, rng):
    """Return a decoder, and an encoder that errs on bad images by `apart` log-widths more."""
    decode, seen = decoder_accepting(lambda codes: rng.uniform(size=len(codes)) < 0.5), {}

    def decode_and_store(codes):
        seen["codes"] = codes
        return decode(codes)

    def encode(pixels):
        bad = pixels.reshape(len(pixels)) == 0
        off = np.exp(rng.standard_normal(len(pixels)) + apart * bad)
        return seen["codes"] + np.eye(16)[0] * off[:, None], None

    return decode_and_store, encode
