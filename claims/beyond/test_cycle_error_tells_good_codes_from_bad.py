"""The networks themselves tell a good code from a bad one, without any judge."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pytest
from scipy import stats

from aelatent import Above, Estimate, LatentCloud, estimate
from aelatent.figures import overlaid_histograms
from aelatent.judges.judged_samples import RECOGNISABLE, at_each_reading, decode_and_judge
from aelatent.samplers.ladder import LADDER
from aelatent.simulation import (
    SimulatedCard,
    SimulatedJudge,
    SimulatedModel,
    SimulatedRates,
    SimulatedReplicate,
    decoder_accepting,
    scenario,
)
from aelatent.statistics.discrimination import auc_estimate

DRAWS = 15
WELL = Above(0.9)


@pytest.mark.claim("X-20", needs="trained autoencoder wide faces encoder")
def test_cycle_error_tells_good_codes_from_bad(model, image_judge, decide, add_figure, rng):
    """A code that survives decoding and encoding is one that decodes to a recognisable face.

    Source
        aelatent, a question none of the sources asks.
    Statement
        The distance from a code to the code of its own decoded image is smaller for codes that the
        judge finds recognisable, damaged or clean, than for others.
    Statistic
        Area under the ROC curve of that distance, each component over its standard deviation,
        between codes of unrecognisable and of recognisable images of all rungs of the ladder, one
        value a replicate.
    Null
        0.5 if the distance carries no information; "tells" is read as 0.9.
    Decision
        Supported when the 95 % interval over replicates lies above 0.9; refuted when it lies below;
        inconclusive otherwise.
    """
    judge = image_judge(model)
    cycles = [Cycle.of(r, judge, rng) for r in model.replicates]

    unrecognisable, recognisable = cycles[0].by_verdict()
    add_figure(
        overlaid_histograms(
            {
                "recognisable": np.log10(recognisable),
                "unrecognisable": np.log10(unrecognisable),
            },
            "log10 of the distance between a code and the code of its image",
        ),
        "Cycle errors of codes whose images are recognisable or not, first replicate.",
    )

    decide(areas(judge, cycles), WELL)


@pytest.mark.claim("X-20", needs="trained autoencoder wide faces encoder")
@pytest.mark.expect("refuted", because="the judge's verdicts were shuffled")
def test_control_shuffled_verdicts_are_not_told(model, image_judge, decide, rng):
    """Verdicts assigned at random do not depend on the cycle error."""
    judge = image_judge(model)
    cycles = [Cycle.of(r, judge, rng) for r in model.replicates]
    shuffled = [Cycle(cycle.samples, rng.permutation(cycle.errors)) for cycle in cycles]

    decide(areas(judge, shuffled), WELL)


@dataclass(frozen=True)
class Cycle:
    """Draws from the whole ladder, and how far each lies from the code of its own image."""

    samples: Any
    errors: Any

    @classmethod
    def of(cls, replicate, judge, rng):
        """Draw, decode, judge and encode again."""
        codes = np.concatenate(
            [sampler.draw(DRAWS, replicate.train, rng) for sampler in LADDER.values()]
        )
        samples = decode_and_judge(replicate, codes, judge)
        again, _ = replicate.encode(samples.pixels)
        return cls(samples, np.linalg.norm((again - codes) / replicate.train.deviations, axis=1))

    def by_verdict(self, reading="threshold"):
        """Return the errors of codes of unrecognisable and of recognisable images."""
        recognisable = self.samples.accepted(RECOGNISABLE, reading)
        return self.errors[~recognisable], self.errors[recognisable]


def areas(judge, cycles):
    """Return the area under the ROC curve of the cycle error at each reading of the judge."""
    return at_each_reading(
        judge,
        lambda reading: estimate(
            partial(area, reading=reading), cycles, unit="AUC of the cycle error", bounds=(0, 1)
        ),
    )


def area(cycle, reading):
    """Return the area under the curve of one replicate."""
    return auc_estimate(*cycle.by_verdict(reading))


@scenario(test_cycle_error_tells_good_codes_from_bad, null=0.82)
def encoders_that_err_more_on_bad_images(effect, rng):
    """Simulate encoders that return codes at normal log-distances, farther off for bad images.

    Half of all codes are bad, the judge makes no error, and the area under the curve scatters by
    0.01 between trainings.
    """
    exact = {"threshold": SimulatedRates(Estimate(1.0), Estimate(0.0))}
    judge = SimulatedJudge(rng, SimulatedCard(exact, exact))
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
