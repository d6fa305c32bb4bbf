"""The form in which a user's networks take and return images, found out by trying."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.audit import networks, probing
from aelatent.audit.autoencoder import LAYOUTS, Autoencoder, Pixels, Range
from aelatent.audit.description import RANGES, DescriptionError
from aelatent.audit.inputs import GivenImages
from aelatent.audit.networks import Network
from aelatent.audit.onnx_file import SlowNetworkError
from aelatent.audit.outputs import image_output

KNOWN = tuple(dict.fromkeys(RANGES.values()))
ONE = 1
Ranges = tuple[Range | None, Range | None]


def found_autoencoder(
    encoder: Network,
    decoder: Network | None,
    given: GivenImages,
    ranges: Ranges = (None, None),
    channels: str | None = None,
) -> Autoencoder:
    """Find out by trying in what form networks take and return images.

    The form in which the user keeps the images comes first. Another range is taken where it halves
    the error of reconstructions, and another order of axes where the first does not work or
    reconstructs worse than the mean image.

    Parameters
    ----------
    encoder : Network
    decoder : Network or None
    given : GivenImages
    ranges : tuple of (range or None)
        The values of black and white of encoder and decoder; those that are None are found out.
    channels : {"last", "first"}, optional
        Where the networks have the channel axis.

    Returns
    -------
    Autoencoder

    Raises
    ------
    DescriptionError
        If no form works; the message is that of the first.
    """
    probe = probing.probe_of(given.images.pixels)
    start = Autoencoder(
        encoder,
        decoder,
        ranges[0] or given.value_range,
        image_shape=given.images.shape,
        decoder_range=ranges[1],
    )
    failures: list[DescriptionError] = []
    for batch in (encoder.batch, ONE):
        encoder.batch = batch
        fitting: list[tuple[float, int, Autoencoder]] = []
        for candidate in _forms(start, channels or given.layout):
            try:
                error, found = _fitted(candidate, probe, ranges)
            except (LogitsError, SlowNetworkError):
                raise
            except DescriptionError as failure:
                failures.append(failure)
                continue
            if error <= 0:
                return found
            fitting.append((error, len(fitting), found))
        if fitting:
            return min(fitting)[2]
    raise failures[0]


class LogitsError(DescriptionError):
    """A decoder that returns logits: no other form helps."""


def _forms(start: Autoencoder, first: str) -> Iterator[Autoencoder]:
    """Yield the layouts to try, the user's own first."""
    grey = start.image_shape[-1] == 1
    for layout in dict.fromkeys([first, *LAYOUTS]):
        if grey or layout != "plain":
            yield replace(start, layout=layout)


def _fitted(candidate: Autoencoder, probe: Pixels, ranges: Ranges) -> tuple[float, Autoencoder]:
    """Return a form with its ranges, and by how much it is worse than the mean image."""
    found = probing.with_reading(candidate, probe)
    if found.decoder is None:
        return 0.0, found
    found = _with_decoder(found, probe)
    tried = probing.range_errors(found, probe, [ranges[0]] if ranges[0] else KNOWN)
    declared = found.value_range, found.output_range
    pair = declared if ranges[0] and ranges[1] else tried.better(declared) or declared
    if isinstance(pair[1], str):
        raise LogitsError(
            f"{candidate.decoder.name if candidate.decoder else 'decoder'}: expected images, "
            "received what looks like logits: the images are reconstructed after a sigmoid, and "
            "not without one. Let the decoder end with it: "
            "decoder=lambda z: 1 / (1 + exp(-decode(z)))"
        )
    pair = (pair[0], ranges[1] or pair[1])
    error = float(tried.errors[pair].mean()) - tried.mean_image if pair in tried.errors else 0.0
    return error, replace(found, value_range=pair[0], decoder_range=pair[1])


def _with_decoder(found: Autoencoder, probe: Pixels) -> Autoencoder:
    """Find out where the decoder has the channel axis, and whether it takes half of the codes."""
    order = ("first", "last") if found.layout == "first" else ("last", "first")
    failures: list[DescriptionError] = []
    for batch in (None, ONE):
        for layout in order:
            try:
                return probing.with_split(replace(found, decoder_layout=layout), probe)
            except DescriptionError as failure:
                failures.append(failure)
        if found.decoder is None or found.decoder.batch:
            break
        found.decoder.batch = ONE if batch is None else None
    if found.decoder is not None and found.decoder.batch == ONE:
        found.decoder.batch = None
    raise failures[0]


def found_decoder(
    decoder: Network,
    codes: NDArray[Any],
    value_range: Range | None = None,
    shape: tuple[int, ...] | None = None,
) -> Autoencoder:
    """Find out the form of a decoder's images from codes alone.

    Parameters
    ----------
    decoder : Network
    codes : ndarray, shape (n, ...)
        As the decoder takes them.
    value_range : tuple of float, optional
        The decoder's values of black and white; found out by default.
    shape : tuple of int, optional
        Of one image, (h, w) or (h, w, c), where the decoder returns flat ones.

    Returns
    -------
    Autoencoder

    Raises
    ------
    DescriptionError
        If its outputs are no images, or lie in none of the known ranges.
    """
    image_shape = (*shape, 1) if shape is not None and len(shape) == 2 else tuple(shape or ())
    start = Autoencoder(
        None, decoder, (0.0, 1.0), code_shape=codes.shape[1:], image_shape=image_shape
    )
    rows = codes[: probing.PROBE].reshape(min(len(codes), probing.PROBE), -1)
    outputs = probing.all_outputs(decoder, rows, start.decoder_input)
    images = image_output(outputs, start.image_shapes)
    first = images.ndim == 4 and images.shape[1] in {1, 3} and images.shape[-1] not in {1, 3}
    ranges = [value_range] if value_range else KNOWN
    found = replace(start, decoder_layout="first" if first else "last")
    for each in ranges:
        candidate = replace(found, decoder_range=each, value_range=each)
        if value_range or _covers(candidate, images):
            return candidate
    probing.check_outputs(found, rows)
    return found


def _covers(candidate: Autoencoder, images: NDArray[Any]) -> bool:
    """Tell whether images lie in a range, and fill more than a sliver of it."""
    low, high = candidate.output_range
    scaled = (np.quantile(images, (0.01, 0.99)) - low) / (high - low)
    inside = scaled[0] > -probing.OUTSIDE and scaled[1] < 1 + probing.OUTSIDE
    return bool(inside and scaled[1] - scaled[0] > probing.SLIVER)


def read_as(given: str, found: Autoencoder, trainings: int = 1) -> str:
    """Return how images and networks were read, in a line.

    Parameters
    ----------
    given : str
        What the images or codes are.
    found : Autoencoder
    trainings : int

    Returns
    -------
    str
    """
    told = f"{given}; {form_words(found)}"
    return f"{told}; {trainings} trainings" if trainings > 1 else told


def form_words(found: Autoencoder) -> str:
    """Return what was found out about networks, in words."""
    parts: list[str] = []
    low, high = found.value_range
    if found.encoder is not None:
        parts.append(f"the encoder takes {_axes(found.layout)} in [{low:g}, {high:g}]")
    if found.decoder is not None:
        low, high = found.output_range
        parts.append(f"the decoder gives images in [{low:g}, {high:g}]")
    if given := [each for each in (found.encoder, found.decoder) if each is not None]:
        parts.append(_batches(given))
    parts.append(f"codes of shape {_shape(found.code_shape)}")
    return "; ".join(parts)


def _batches(each: Iterable[Network]) -> str:
    sizes = {network.batch or networks.BATCH for network in each}
    return f"batches of {' and '.join(map(str, sorted(sizes)))}"


def _shape(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))


def _axes(layout: str) -> str:
    words = {
        "last": "(n, height, width, channels)",
        "first": "(n, channels, height, width)",
        "plain": "(n, height, width)",
    }
    return words.get(layout, "flat images")
