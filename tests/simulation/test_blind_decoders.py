"""A decoder that gives one good image for all codes is refuted by the claims about good digits."""

from pathlib import Path

import numpy as np
import pytest

from aelatent.inference.rules import Outcome
from aelatent.judges.stand_ins import decoding_to_one_image
from aelatent.simulation import SimulatedModel, run_claim, scenarios_of

CLAIMS = Path(__file__).parents[2] / "claims"


@pytest.mark.parametrize(
    ("file", "name", "effect"),
    [
        (
            "ae_to_vae/test_vae_samples_decode_to_digits.py",
            "test_vae_samples_decode_to_digits/decoders_of_a_share_of_digits",
            0.95,
        ),
        (
            "vae_dimension/test_unit_gaussians_about_the_means_keep_the_digit.py",
            "test_unit_noise_about_the_mean_keeps_the_digit/draws_that_keep_the_digit",
            0.95,
        ),
        (
            "vae_dimension/test_unit_gaussians_about_the_means_keep_the_digit.py",
            "test_the_good_images_are_a_mixture_of_unit_gaussians/digits_of_a_share_of_the_mixture",
            0.95,
        ),
        (
            "beyond/test_class_vectors_morph_digits.py",
            "test_class_vectors_morph_digits/decoders_that_follow_a_share_of_vectors",
            0.9,
        ),
        (
            "beyond/test_a_forced_gap_does_not_mean_bad_samples.py",
            "test_a_forced_gap_does_not_mean_bad_samples/decoders_of_a_share_of_faces",
            0.95,
        ),
    ],
    ids=["D-16", "C-05", "C-06", "X-15", "X-16"],
)
def test_one_image_for_all_codes_is_refuted(file, name, effect, rng):
    scenario = next(s for s in scenarios_of(CLAIMS / file) if s.name == name)
    arguments = scenario.simulate(effect, rng)
    model, judge = arguments["model"], arguments["image_judge"](None)
    blind = SimulatedModel([decoding_to_one_image(r, judge) for r in model.replicates])

    verdict = run_claim(scenario.claim, {**arguments, "model": blind}, rng)

    assert verdict.outcome is Outcome.REFUTED
    assert np.isfinite([evidence.effect for evidence, _ in verdict.parts]).all()
