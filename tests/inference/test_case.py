"""A model is taken out of a case as a whole part of it."""

import pytest

from aelatent.inference.case import without_model


@pytest.mark.parametrize(
    ("case", "model", "left"),
    [
        ("ae", "ae", ""),
        ("ae-b=1", "ae", "b=1"),
        ("my-ae-b=1", "my-ae", "b=1"),
        ("b=1-ae", "ae", "b=1"),
        ("ae-latent ae-ae", "ae", "latent ae-ae"),
        ("ae--0.5", "ae", "-0.5"),
        ("ae_64d-b=1", "ae", "ae_64d-b=1"),
        (r"M\xf6bius-b=1", "Möbius", "b=1"),
        ("-0.5", "analytic", "-0.5"),
    ],
)
def test_what_is_left_are_the_other_parameters(case, model, left):
    assert without_model(case, model) == left
