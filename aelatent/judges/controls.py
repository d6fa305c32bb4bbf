"""Images that no claim about good images may accept: noise, and one good image for every code."""

from __future__ import annotations

import numpy as np

from aelatent.judges.judged_samples import JudgedSamples
from aelatent.judges.registry import ImageJudge
from aelatent.zoo import FixtureModel


def judge_one_image(model: FixtureModel, n: int, judge: ImageJudge) -> list[JudgedSamples]:
    """Judge what decoders would make that ignore their code: one good image for all draws.

    It is the decoded mean of the codes.

    Parameters
    ----------
    model : FixtureModel
    n : int
        Draws for each replicate.
    judge : ImageJudge

    Returns
    -------
    list of JudgedSamples
        One entry a replicate.
    """
    judged = []
    for replicate in model.replicates:
        code = replicate.train.mean[None]
        pixels = replicate.decode(code)
        measures = {name: np.repeat(found, n) for name, found in judge.measures(pixels).items()}
        images = np.repeat(pixels, n, axis=0)
        judged.append(JudgedSamples(replicate, judge, np.repeat(code, n, axis=0), images, measures))
    return judged


def judge_noise(
    model: FixtureModel, n: int, judge: ImageJudge, rng: np.random.Generator
) -> list[JudgedSamples]:
    """Judge noise in the place of decoded draws: each pixel uniform, on its own.

    Parameters
    ----------
    model : FixtureModel
    n : int
        Draws for each replicate.
    judge : ImageJudge
    rng : numpy.random.Generator

    Returns
    -------
    list of JudgedSamples
        One entry a replicate; all codes are the mean.
    """
    judged = []
    for replicate in model.replicates:
        code = replicate.held_out.mean[None]
        shape = n, *replicate.decode(code).shape[1:]
        pixels = rng.integers(0, 256, shape, dtype=np.uint8)
        codes = np.repeat(code, n, axis=0)
        judged.append(JudgedSamples(replicate, judge, codes, pixels, judge.measures(pixels)))
    return judged
