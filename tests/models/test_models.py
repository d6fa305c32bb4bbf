"""Architectures: their parameters, and their weights before training."""

import keras
import numpy as np
import pytest

from aelatent import models


def weights(networks):
    return [keras.ops.convert_to_numpy(v) for net in networks.values() for v in net.variables]


def test_initial_weights_depend_on_the_seed_alone():
    parameters = {"latent_dim": 3, "filters": [4, 4]}
    one, same, other = (
        weights(models.build("strided_conv", parameters, (8, 8, 1), seed, dtype))
        for seed, dtype in ((0, "float32"), (0, "mixed_bfloat16"), (1, "float32"))
    )

    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not np.array_equal(one[0], other[0])


@pytest.mark.parametrize(
    ("variational", "encoder"), [(False, 98_946), (True, 105_220)], ids=["ae", "vae"]
)
def test_gdl_networks_have_the_published_numbers_of_parameters(variational, encoder):
    """Catalogue table 2.1."""
    parameters = {"latent_dim": 2, "variational": variational}

    networks = models.build("gdl_mnist", parameters, (28, 28, 1), seed=0)

    assert networks["encoder"].count_params() == encoder
    assert networks["decoder"].count_params() == 102_017


def test_the_face_autoencoder_has_the_published_parameters():
    """Catalogue section 2.3: 1.37 million in all."""
    parameters = {"latent_dim": 256, "filters": [32, 64, 64, 64]}

    networks = models.build("strided_conv", parameters, (96, 96, 3), seed=0)

    assert sum(net.count_params() for net in networks.values()) == pytest.approx(1.37e6, rel=0.005)


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("resnet", {}, "expected an architecture among"),
        ("strided_conv", {"latent_dim": 2, "depth": 3}, "does not fit"),
    ],
)
def test_an_unknown_architecture_is_refused(name, parameters, message):
    with pytest.raises(ValueError, match=message):
        models.build(name, parameters, (8, 8, 1), seed=0)
