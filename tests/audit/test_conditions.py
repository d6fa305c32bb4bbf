"""Networks that take a condition get the one that is held fixed."""

import numpy as np
import pytest

import aelatent
from aelatent.audit import DescriptionError
from aelatent.audit.conditions import conditioned, takes_condition


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


@pytest.mark.parametrize("several", [[1, 2], np.zeros((3, 2))])
def test_several_conditions_are_refused(several):
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
