"""The form of networks is found out by trying."""

import numpy as np
import pytest

from aelatent.audit.autoencoder import Autoencoder
from aelatent.audit.description import DescriptionError
from aelatent.audit.forms import form_words, found_autoencoder, found_decoder
from aelatent.audit.inputs import given_images
from aelatent.audit.objects import network

D = 16


@pytest.fixture(scope="module")
def linear(digits):
    """A linear code of the digits, in [0, 1] and flat: mean image, axes."""
    flat = digits.pixels.reshape(len(digits), -1) / 255
    mean = flat.mean(axis=0)
    return mean, np.linalg.svd(flat - mean, full_matrices=False)[2][:D]


@pytest.fixture
def encode(linear):
    mean, axes = linear
    return lambda x: (x.reshape(len(x), -1) - mean) @ axes.T


@pytest.fixture
def decode(linear):
    mean, axes = linear
    return lambda z: np.clip(z @ axes + mean, 0, 1)


def found(images, encoder, decoder, **options):
    networks = network("encoder", encoder), network("decoder", decoder)
    return found_autoencoder(*networks, given_images(images), **options)


def error(form, images):
    copies = form.decode(form.encode(images)[0])
    return np.mean((copies / 255 - images / 255) ** 2)


def shaped(function, shape):
    """Accept one shape alone, as a convolution does."""

    def strict(x):
        assert x.shape[1:] == shape, f"expected {shape}"
        return function(x)

    return strict


@pytest.mark.parametrize("shape", [(8, 8, 1), (1, 8, 8), (8, 8), (64,)])
def test_layouts_are_found_out(digits, encode, decode, shape):
    form = found(digits.pixels, shaped(encode, shape), lambda z: decode(z).reshape(len(z), *shape))
    assert error(form, digits.pixels) < 0.02


@pytest.mark.parametrize("inward", [(0, 1), (-1, 1), (0, 255)])
@pytest.mark.parametrize("outward", [(0, 1), (-1, 1), (0, 255)])
def test_ranges_of_encoder_and_decoder_are_found_apart(digits, encode, decode, inward, outward):
    def encoder(x):
        return encode((x - inward[0]) / (inward[1] - inward[0]))

    def decoder(z):
        return decode(z) * (outward[1] - outward[0]) + outward[0]

    form = found(digits.pixels, encoder, decoder)
    assert (form.value_range, form.output_range) == (inward, outward)
    assert f"[{inward[0]:g}, {inward[1]:g}]" in form_words(form)


def test_codes_alone_are_described_without_batches():
    codes = Autoencoder(None, None, (0.0, 255.0), code_shape=(8,))
    assert form_words(codes) == "codes of shape 8"


def test_a_range_that_is_given_is_kept(digits, encode, decode):
    form = found(digits.pixels, encode, decode, ranges=((0.0, 255.0), (0.0, 1.0)))
    assert form.value_range == (0.0, 255.0)


def test_channels_of_colour_images_are_found_out(digits, linear):
    colour = np.moveaxis(np.repeat(digits.pixels, 3, axis=-1), -1, 1) // np.array(
        [1, 2, 3], np.uint8
    ).reshape(1, 3, 1, 1)
    mean, axes = linear

    def encoder(x):
        assert x.shape[1] == 3
        return (x[:, 0].reshape(len(x), -1) - mean) @ axes.T

    def decoder(z):
        grey = np.clip(z @ axes + mean, 0, 1).reshape(len(z), 8, 8)
        return np.stack([grey, grey / 2, grey / 3], axis=1)

    form = found(colour, encoder, decoder)
    assert form.layout == "first"
    assert error(form, np.moveaxis(colour, 1, -1)) < 0.02


def test_logits_are_named(digits, encode, decode):
    def logits(z):
        p = np.clip(decode(z), 1e-5, 1 - 1e-5)
        return np.log(p / (1 - p))

    with pytest.raises(DescriptionError, match="looks like logits"):
        found(digits.pixels, encode, logits)


def test_moments_in_one_array_are_split(digits, encode, decode):
    form = found(
        digits.pixels,
        lambda x: np.concatenate([encode(x), np.full((len(x), D), -3.0)], axis=1),
        shaped(decode, (D,)),
    )
    codes, log_variances = form.encode(digits.pixels)
    np.testing.assert_allclose(codes, encode(digits.pixels / 255), atol=1e-4)
    assert (log_variances == -3).all()


def test_statistics_of_a_batch_are_noticed(digits, encode, decode):
    def normalised(x):
        codes = encode(x)
        return codes / codes.std(axis=0)

    form = found(digits.pixels, normalised, decode)
    assert any("depends on the other images of its batch" in note for note in form.reading.notes)


@pytest.mark.parametrize("size", [1, 64])
def test_a_network_of_one_batch_size_gets_it(digits, encode, decode, size):
    form = found(
        digits.pixels[:70],
        lambda x: encode(x) + np.zeros((size, D)) * len(x[:size].reshape(size, -1)),
        lambda z: decode(z + np.zeros((size, D)))[: 1 if size == 1 else None],
    )
    assert error(form, digits.pixels[:70]) < 0.02


def test_a_model_that_reconstructs_nothing_keeps_the_users_form(digits, encode):
    form = found(digits.pixels, encode, lambda z: np.zeros((len(z), 8, 8, 1)) + z[0, 0] % 1)
    assert (form.layout, form.encoder.batch, form.decoder.batch) == ("last", None, None)


def test_the_encoder_is_blamed_where_it_is_at_fault(digits, decode):
    def broken(x):
        raise RuntimeError("no memory")

    with pytest.raises(DescriptionError, match=r"encoder: expected outputs .* no memory"):
        found(digits.pixels, broken, decode)


@pytest.mark.parametrize("limits", [(0, 1), (-1, 1), (0, 255)])
def test_codes_alone_tell_the_range_of_a_decoder(digits, encode, decode, limits):
    codes = encode(digits.pixels / 255).astype(np.float32)
    low, high = limits
    form = found_decoder(
        network("decoder", lambda z: decode(z) * (high - low) + low), codes, shape=(8, 8)
    )
    assert form.output_range == limits
    assert np.mean((form.decode(codes) / 255 - digits.pixels / 255) ** 2) < 0.02
