"""Networks that take a condition get the one that is held fixed."""

import numpy as np
import pytest

import aelatent
from aelatent.audit import DescriptionError
from aelatent.audit.conditions import ConditionTable, conditioned, takes_condition


def decode(z, c):
    return z + c[:, None]


class Module:
    def __call__(self, *inputs):
        return self.forward(*inputs)

    @staticmethod
    def forward(z, y):
        return z * y


def test_a_condition_is_repeated_for_each_input():
    np.testing.assert_array_equal(conditioned(decode, 3)(np.zeros((2, 4))), np.full((2, 4), 3))
    np.testing.assert_array_equal(conditioned(Module(), [2.0, 0])(np.ones((3, 2))), [[2, 0]] * 3)


@pytest.mark.parametrize(
    ("network", "takes"),
    [
        (decode, True),
        (Module(), True),
        (lambda x: x, False),
        (lambda x, return_dict=True: (x, return_dict), False),
        (lambda x, label=None: (x, label), True),
        (np.sqrt, False),
    ],
)
def test_a_condition_is_given_where_it_is_taken(network, takes):
    assert takes_condition(network) is takes


@pytest.mark.parametrize("several", [[1, 2], np.zeros((3, 2)), np.zeros(501), np.zeros((600, 2))])
def test_conditions_that_are_neither_one_nor_one_an_image_are_refused(several):
    with pytest.raises(DescriptionError, match="expected one"):
        aelatent.audit(encoder=abs, decoder=decode, images=np.zeros((500, 8, 8)), condition=several)


def test_a_conditional_decoder_is_audited_under_its_condition(digits):
    flat = digits.pixels.reshape(len(digits), -1) / 255
    mean = flat.mean(axis=0)
    axes = np.linalg.svd(flat - mean, full_matrices=False)[2][:16]
    asked = []

    def decode(z, c):
        asked.extend(c.tolist())
        return np.clip(z @ axes + mean * (c[:, None] == 3), 0, 1)

    found = aelatent.audit(
        encoder=lambda x: (x.reshape(len(x), -1) - mean) @ axes.T,
        decoder=decode,
        images=digits.pixels[:600],
        condition=3,
        progress=False,
    )
    assert found.ok
    assert set(asked) == {3}


def test_a_table_finds_images_codes_and_what_is_decoded_from_them():
    table = ConditionTable(np.array([5, 6, 7]))
    images = np.arange(12, dtype=np.uint8).reshape(3, 2, 2, 1)
    table.learn(images, np.arange(3))
    table.expect(images[[2, 0]])
    assert table.given(2).tolist() == [7, 5]
    assert table.given(4).tolist() == [7, 5, 5, 5]
    codes = np.array([[0.1, 0.2, 9, 9], [0.3, 0.4, 9, 9]], np.float32)
    table.learn_outputs({"moments": codes})
    for rows in (codes, codes[:, :2].astype(np.float64)):
        table.expect(rows)
        assert table.given(2).tolist() == [7, 5]


def test_draws_have_conditions_as_frequent_as_images_have():
    table = ConditionTable(np.repeat([0, 1], [750, 250]))
    draws = np.random.default_rng(0).normal(size=(2000, 4))
    table.expect(draws)
    first = table.given(2000)
    assert first.mean() == pytest.approx(0.25, abs=0.04)
    table.expect(draws)
    np.testing.assert_array_equal(table.given(2000), first)


@pytest.fixture(scope="module")
def conditional(digits):
    """Encoder and decoder of what is left of digits without the mean of their class."""
    flat, labels = digits.pixels.reshape(len(digits), -1) / 255, digits.labels
    means = np.stack([flat[labels == label].mean(axis=0) for label in range(10)])
    axes = np.linalg.svd(flat - means[labels], full_matrices=False)[2][:12]

    def encode(x, c):
        return (x.reshape(len(x), -1) - means[c]) @ axes.T

    def decode(z, c):
        return np.clip(z @ axes + means[c], 0, 1)

    return encode, decode


@pytest.fixture(scope="module")
def audited(conditional, digits):
    return aelatent.audit(
        conditional, images=digits.pixels, condition=digits.labels, most=900, progress=False
    )


def test_each_image_is_reconstructed_under_its_own_condition(audited, conditional, digits):
    assert audited.ok
    chosen = np.sort(np.random.default_rng(0).permutation(len(digits))[:900])
    codes = conditional[0](digits.pixels[chosen] / np.float32(255), digits.labels[chosen])
    np.testing.assert_allclose(audited.measured.trainings[0].codes, codes, atol=1e-5)
    again = conditional[1](codes, digits.labels[chosen])
    best = np.square(again - digits.pixels[chosen].reshape(900, -1) / 255)
    assert audited.measured.trainings[0].error.mean() == pytest.approx(best.mean(), rel=0.1)


def test_the_audit_says_what_conditions_draws_have(audited):
    assert "draws are decoded with conditions of images at random" in audited.found
    same = np.zeros((40, 12)) + np.arange(40)[:, None] * 1e-6
    images = audited.measured.autoencoders[0].decode(same)
    assert len(np.unique(images.reshape(40, -1), axis=0)) > 5


def test_codes_have_conditions_of_their_own_too(conditional, digits):
    encode, decode = conditional
    codes = encode(digits.pixels[:900] / 255, digits.labels[:900])
    found = aelatent.audit(
        codes=codes,
        decoder=decode,
        condition=digits.labels[:900],
        shape=(8, 8),
        progress=False,
    )
    own = found.measured.autoencoders[0].decode(found.measured.trainings[0].codes[:50])
    expected = decode(codes[:50], digits.labels[:50]).reshape(own.shape) * 255
    np.testing.assert_allclose(own, expected, atol=1)


def test_a_model_of_many_conditions_has_no_explorer(audited, tmp_path):
    with pytest.raises(DescriptionError, match="one condition for each image"):
        aelatent.explore(audited, tmp_path / "audit", progress=False)
