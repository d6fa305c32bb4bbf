"""A VAE makes more clean images than its autoencoder, each with its own best sampler."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from aelatent import Above, estimate
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import (
    CLEAN,
    at_each_reading,
    decode_and_judge,
    ratio_difference,
)
from aelatent.judges.stand_ins import decoding_to_noise, decoding_to_one_image
from aelatent.samplers.fitted import SAMPLERS
from aelatent.simulation import (
    DIGITS_CARD,
    SimulatedModel,
    SimulatedSpecification,
    model_with_hit_rates,
    normal_clouds,
    scenario,
    with_style,
)

TRIED = 100
DRAWS = 500
BETTER = Above(0.0)
AS_VARIED = Above(-0.1)


@pytest.mark.claim("X-30", needs="trained vae digits decoder counterpart", amended="2026-11-28")
def test_a_vae_samples_better_than_its_autoencoder(
    model, models, image_judge, decide, add_figure, rng
):
    """Each with its own best sampler, a VAE makes clean digits more often than its autoencoder.

    Source
        aelatent, a question none of the sources asks: D-16 compares both models under N(0, I), by
        which no one would sample an autoencoder.
    Statement
        Drawn from as well as either can be, the VAE makes clean digits more often than the
        autoencoder of the same images and updates, and no less varied ones.
    Statistic
        The rate of clean images over that of reconstructions, the VAE's minus the autoencoder's;
        and the recall of the clean draws over that of as many reconstructions, likewise, one value
        a seed. The best sampler is chosen for each training: of the eight that an audit compares,
        each fitted to the training codes, the one with the largest product of clean rate and recall
        in 100 draws. The 500 draws that count are others. Where the draws of neither model reach a
        tenth of the recall, no loss of a tenth could be seen, and the claim does not apply.
    Null
        0 if the two are equal; no less varied allows a tenth, as in X-24. That decoders give one
        image for all codes does not count as better: its recall is 0.
    Decision
        Clean: Supported when the 95 % interval over replicates lies above 0; refuted when it lies
        below; inconclusive otherwise. Recall: Supported when the 95 % interval over replicates lies
        above -0.1; refuted when it lies below; inconclusive otherwise.
    """
    judge, rival = image_judge(model), models(model.specification.counterpart)
    judged, rivals = ([best(r, judge, rng) for r in m.replicates] for m in (model, rival))
    if all(np.mean([s.relative_recall().value for s in m]) <= 0.1 for m in (judged, rivals)):
        pytest.skip("the clean draws of neither model vary")
    evidence = differences(list(zip(judged, rivals, strict=True)))

    add_figure(judged_images(judged, count=20), f"Draws by the best sampler: {model.name}.")
    add_figure(judged_images(rivals, count=20), f"Draws by the best sampler: {rival.name}.")

    decide(evidence, [BETTER, AS_VARIED])


@pytest.mark.claim("X-30", needs="trained vae digits decoder counterpart")
@pytest.mark.expect("refuted", because="the images of the VAE hold noise, or always one digit")
@pytest.mark.parametrize("images", ["noise", "one digit"])
def test_control_noise_or_one_digit_is_no_better(images, model, models, image_judge, decide, rng):
    """Noise is not clean, and a decoder that ignores its code has no variety."""
    judge, rival = image_judge(model), models(model.specification.counterpart)
    pairs = [
        (
            best(
                decoding_to_noise(r, rng) if images == "noise" else decoding_to_one_image(r, judge),
                judge,
                rng,
            ),
            best(other, judge, rng),
        )
        for r, other in zip(model.replicates, rival.replicates, strict=True)
    ]

    decide(differences(pairs), [BETTER, AS_VARIED])


def best(replicate, judge, rng):
    """Decode and judge draws of the replicate's best sampler."""
    tried = {
        name: decode_and_judge(replicate, sampler.draw(TRIED, replicate.train, rng), judge)
        for name, sampler in SAMPLERS.items()
    }
    name = max(tried, key=lambda name: goodness(tried[name]))
    codes = SAMPLERS[name].draw(DRAWS, replicate.train, rng)
    return decode_and_judge(replicate, codes, judge)


def goodness(samples):
    """Return the share of clean images times the recall."""
    return samples.accepted(CLEAN).mean() * samples.relative_recall().value


def differences(pairs):
    """Estimate the differences in clean rate, at each reading, and in recall."""
    return [
        at_each_reading(
            pairs[0][0].judge,
            lambda reading: estimate(
                partial(ratio_difference, grade=CLEAN, reading=reading),
                pairs,
                unit="ratio of clean digits minus the autoencoder's",
            ),
        ),
        at_each_reading(
            pairs[0][0].judge,
            lambda reading: estimate(
                partial(recall_difference, reading=reading),
                pairs,
                unit="recall minus the autoencoder's",
            ),
        ),
    ]


def recall_difference(pair, reading):
    """Return the recall of the first samples minus that of the second, each over that of codes."""
    first, second = (samples.relative_recall(CLEAN, reading) for samples in pair)
    return replace(
        first,
        value=first.value - second.value,
        shared=(first.shared**2 + second.shared**2) ** 0.5,
    )


@scenario(test_a_vae_samples_better_than_its_autoencoder, null=-0.15, count=100)
def decoders_of_a_share_of_digits(effect, rng):
    """Simulate autoencoders that make clean digits of 0.8 of all codes, and VAEs of `effect` more.

    The others are damaged, whatever the sampler. Shares scatter by 0.025 between trainings.
    """
    found = {}
    for name, mean in {"vae": 0.8 + effect, "rival": 0.8}.items():
        shares = mean + 0.025 * rng.standard_normal(5)
        made = model_with_hit_rates(
            normal_clouds(rng, n=400, d=2), shares, rng, DIGITS_CARD, damaged=True
        )
        found[name] = SimulatedModel(
            [replace(r, decoder=with_style(r.decoder)) for r in made["model"].replicates],
            specification=SimulatedSpecification(counterpart="rival"),
        )
    return {
        "model": found["vae"],
        "models": found.__getitem__,
        "image_judge": made["image_judge"],
    }
