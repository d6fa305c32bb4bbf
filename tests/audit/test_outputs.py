"""What networks return is recognised by name, by type and by behaviour."""

from collections import namedtuple
from types import SimpleNamespace

import numpy as np
import pytest

from aelatent.audit.description import DescriptionError
from aelatent.audit.outputs import image_output, named, reading

N, D = 200, 4
IMAGE = (8, 8, 1)


@pytest.fixture
def codes():
    rng = np.random.default_rng(0)
    mean = (3 * rng.normal(size=(N, D))).astype(np.float32)
    log_variance = rng.normal(-2, 0.5, (N, D)).astype(np.float32)
    draws = [mean + np.exp(log_variance / 2) * rng.normal(size=mean.shape) for _ in range(2)]
    return mean, log_variance, *(draw.astype(np.float32) for draw in draws)


@pytest.mark.parametrize("order", ["zml", "mlz", "lzm", "mzl"])
def test_draws_means_and_log_variances_stand_in_any_order(codes, order):
    mean, spread, *draws = codes
    first, again = (
        named(tuple({"z": draw, "m": mean, "l": spread}[key] for key in order)) for draw in draws
    )
    found = reading(first, again, {IMAGE})
    assert (found.code, found.spread) == (str(order.index("m")), str(order.index("l")))
    assert "changes from call to call" in found.notes[0]
    np.testing.assert_array_equal(found.log_variances(first), spread)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("standard deviation", lambda x: np.exp(x / 2)),
        ("variance", np.exp),
        ("log standard deviation", lambda x: x / 2),
    ],
)
def test_the_spread_is_recognised_by_how_draws_scatter(codes, kind, told):
    mean, spread, *draws = codes
    first, again = (named((draw, mean, told(spread))) for draw in draws)
    found = reading(first, again, {IMAGE})
    assert found.measure == kind
    np.testing.assert_allclose(found.log_variances(first), spread, atol=1e-4)


def test_outputs_that_explain_no_draw_are_refused(codes):
    mean, spread, *draws = codes
    first, again = (named((draw, mean + 50, spread)) for draw in draws)
    with pytest.raises(DescriptionError, match="no two of these are mean and log-variance"):
        reading(first, again, {IMAGE})


def test_codes_that_change_from_call_to_call_are_named(codes):
    *_, one, other = codes
    (note,) = reading(named(one), named(other), {IMAGE}).notes
    assert "draws its codes at random: two codes of one image differ by 0.1" in note


def test_a_draw_without_noise_is_no_log_variance(codes):
    mean, spread, *_ = codes
    outputs = named((mean, mean, spread))
    assert (reading(outputs, outputs, {IMAGE}).spread) == "2"


def test_an_output_of_the_shape_of_an_image_is_no_code(codes):
    mean, spread, *_ = codes
    outputs = named((np.zeros((N, *IMAGE)), np.ones((N, *IMAGE)), mean, spread))
    found = reading(outputs, outputs, {IMAGE})
    assert (found.code, found.spread, len(found.notes)) == ("2", "3", 2)


def test_names_of_libraries_come_before_places(codes):
    mean, spread, one, other = codes
    pythae = [{"embedding": mean, "log_covariance": spread}] * 2
    assert reading(*map(named, pythae), {IMAGE}).code == "embedding"
    moments = namedtuple("Moments", ["z", "mu", "logvar"])
    found = reading(*(named(moments(z, mean, spread)) for z in (one, other)), {IMAGE})
    assert (found.code, found.spread, found.notes) == ("mu", "logvar", ())


def test_a_distribution_is_its_mean_and_spread(codes):
    mean, spread, *_ = codes
    normal = SimpleNamespace(loc=mean, scale=np.exp(spread / 2))
    found = reading(*(named({"latent_dist": normal}),) * 2, {IMAGE})
    assert (found.code, found.measure) == ("mean", "standard deviation")


def test_a_decoder_may_return_more_than_the_image(codes):
    mean, spread, *_ = codes
    image = np.ones((N, *IMAGE), np.float32)
    assert image_output(named((mean, image, spread)), {IMAGE}) is image
    assert image_output({"mu": mean, "sample": image}, ()) is image
