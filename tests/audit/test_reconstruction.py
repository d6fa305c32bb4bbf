"""Whether a model reconstructs, on models of which the answer is known."""

from pathlib import Path

import numpy as np
import pytest

from aelatent.audit.description import read
from aelatent.audit.gates import Demands, Threshold
from aelatent.audit.measuring import measure
from aelatent.audit.reconstruction import alike, baseline_errors, linear_code, reconstruction
from aelatent.audit.running import Audit

MODELS = """

GREY = np.random.default_rng(0).normal(scale=0.1, size=(16, 64))


def untrained(codes):
    return (1 / (1 + np.exp(-codes @ GREY))).reshape(len(codes), 8, 8, 1)


def collapsed(images):
    return np.zeros((len(images), 16)) + 0.5


def prior(images):
    return 0.01 * encode(images), np.zeros((len(images), 16))


def mean_image(codes):
    return np.repeat(mean.reshape(1, 8, 8, 1), len(codes), axis=0)


def noise(codes):
    rng = np.random.default_rng(0)
    return rng.random((len(codes), 8, 8, 1))


def noisy(codes):
    rng = np.random.default_rng(0)
    return np.clip(decode(codes) + rng.normal(scale=0.4, size=(len(codes), 8, 8, 1)), 0, 1)


def first_axis(codes):
    return decode(codes * (np.arange(16) < 1))
"""
FAILING = {
    "untrained": {"decoder": "networks_of_mine:untrained"},
    "a constant code": {"encoder": "networks_of_mine:collapsed"},
    "units at the prior": {
        "encoder": "networks_of_mine:prior",
        "decoder": "networks_of_mine:mean_image",
    },
    "the mean image for every code": {"decoder": "networks_of_mine:mean_image"},
    "noise": {"decoder": "networks_of_mine:noise"},
    "copies under noise": {"decoder": "networks_of_mine:noisy"},
    "one number of sixteen": {"decoder": "networks_of_mine:first_axis"},
}
CAUSES = {
    "a constant code": "all images have one code, since the encoder has collapsed. Its mean",
    "units at the prior": "16 of 16 units have collapsed to the prior, so that they say nothing",
    "the mean image for every code": "the decoder gives the same image for the code of every image",
}


@pytest.fixture
def poor(home, describe):
    """Describe a model that does not reconstruct."""
    file = home / "networks_of_mine.py"
    file.write_text(file.read_text() + MODELS)
    return lambda kind: describe(**FAILING[kind])


@pytest.mark.parametrize("kind", FAILING)
def test_a_poor_model_does_not_reconstruct(poor, kind):
    found = measure(read(poor(kind)))
    (sentence,) = found.refusals
    cause = CAUSES.get(kind, "its mean squared error")
    assert sentence.startswith(f"The model does not reconstruct its images: {cause}")
    assert "of a linear code of 16 numbers" in sentence
    assert ("Check whether `range` is right" in sentence) is (kind not in CAUSES)
    assert found.image_judge is None
    audit = Audit(Path(), found, None, [])
    assert audit.advice[:2] == [sentence, "No sampler is recommended."]
    for demands in (Demands(hit_rates=[Threshold(0.9)]), Demands(max_error=1.0)):
        assert audit.shortcomings(demands)[0] == sentence


def test_a_linear_code_reconstructs_as_well_as_itself(describe):
    found = measure(read(describe()))
    (check,) = found.reconstructions
    assert check.sufficient
    assert check.share.value == pytest.approx(1.0, abs=0.1)
    assert check.linear < check.mean_image / 3
    assert found.refusals == ()


def test_one_poor_training_of_several_is_enough(poor, home, describe):
    poor("noise")
    second = "[{encoder: networks_of_mine:encode, decoder: networks_of_mine:noise}]"
    found = measure(read(describe(replicates=second)))
    assert [check.sufficient for check in found.reconstructions] == [True, False]
    assert found.refusals


def test_a_decoder_of_one_image_is_noticed_without_originals(poor, home, describe):
    poor("noise")
    np.save(home / "codes.npy", np.random.default_rng(0).normal(size=(900, 16)))
    only = {"encoder": None, "images": None, "codes": "codes.npy"}
    found = measure(read(describe(**only, decoder="networks_of_mine:mean_image")))
    assert found.refusals == ("The decoder gives the same image for the code of every image.",)


def test_codes_that_are_one_are_named_without_a_decoder(home, describe):
    np.save(home / "codes.npy", np.full((900, 16), 3.0))
    only = {"encoder": None, "images": None, "decoder": None, "codes": "codes.npy"}
    audit = Audit(Path(), measure(read(describe(**only))), None, [])
    assert audit.advice == ["All codes are one and the same.", "No sampler is recommended."]
    assert not audit.ok
    assert audit.codes.sentence == "All codes are the same: none of the 16 units changes."


@pytest.mark.parametrize(
    ("error", "linear", "sufficient"),
    [
        (0.06, 0.01, True),  # 44 % of what the linear code removes
        (0.08, 0.01, False),  # 22 %
        (0.095, 0.095, False),  # as good as a linear code, and hardly better than the mean image
        (0.085, 0.12, True),  # a linear code that overfits asks for nothing
        (0.10, 0.12, False),
    ],
)
def test_the_rule_holds_at_its_borders(error, linear, sufficient):
    values = [np.full(50, each) for each in (error, 0.1, linear)]
    assert reconstruction(*values, 4).sufficient is sufficient


def test_images_of_a_group_count_together():
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(50), 4)
    errors = 0.05 + 0.01 * rng.normal(size=50)[groups]
    rest = np.full(200, 0.1), np.full(200, 0.01), 4
    together = reconstruction(errors, *rest, groups).error.error
    assert together == pytest.approx(2 * reconstruction(errors, *rest).error.error, rel=0.05)


@pytest.mark.parametrize("shape", [(40, 100), (100, 40)])
def test_the_linear_code_is_that_of_principal_components(shape):
    rng = np.random.default_rng(0)
    rows = (rng.normal(size=shape) * np.linspace(5, 0.1, shape[1])).astype(np.float32)
    mean, axes = linear_code(rows, 5)
    expected = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)[2][:5]
    np.testing.assert_allclose(np.abs(axes @ expected.T), np.eye(5), atol=1e-3)
    np.testing.assert_allclose(mean, rows.mean(axis=0), atol=1e-5)


def test_all_numbers_reconstruct_images_exactly():
    pixels = np.random.default_rng(0).integers(0, 256, (200, 3, 3, 1), dtype=np.uint8)
    mean_image, linear, kept = baseline_errors(pixels[:100], pixels[100:], 20)
    assert kept == 9
    assert linear.max() < 1e-6 < mean_image.min()


def test_images_that_differ_by_less_than_a_level_are_alike():
    flat = np.full((20, 4, 4, 1), 100, np.uint8)
    assert alike(flat)
    assert not alike(np.concatenate([flat, flat + np.uint8(9)]))
