"""What networks take and return, found out on a few images."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from aelatent.audit import networks
from aelatent.audit.autoencoder import Autoencoder, Pixels, Range
from aelatent.audit.description import RANGES, DescriptionError
from aelatent.audit.networks import Network
from aelatent.audit.outputs import Arrays, Reading, difference, reading
from aelatent.latent.cloud import Floats

PROBE = 64
# A pair of ranges is refused where its error is so many times that of another pair,
FAR = 2
NEARLY_ALL = 0.9  # ... and the other pair reconstructs this share of the images better.
BATCH_NOISE = 1e-3  # of the codes' spread: how far codes may depend on the batch
OUTSIDE = 0.25  # of the declared range: decoded images beyond it are not in it
SLIVER = 0.02
LOGITS = "logits"
Pair = tuple[Range, Range | str]


def probe_of(pixels: Pixels, n: int = PROBE) -> Pixels:
    """Return some images, evenly spaced: sets are often sorted.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (m, h, w, c)
    n : int
        How many at most.

    Returns
    -------
    ndarray of uint8, shape (min(m, n), h, w, c)
    """
    return pixels[np.linspace(0, len(pixels) - 1, min(n, len(pixels))).astype(int)]


def all_outputs(network: Network, inputs: NDArray[Any], prepare: Any) -> Arrays:
    """Return the outputs of a network for all inputs, by name.

    Parameters
    ----------
    network : Network
    inputs : ndarray, shape (n, ...)
    prepare : callable
        As `networks.run` takes it.

    Returns
    -------
    mapping of str to ndarray of float32, shape (n, ...)
    """
    parts = list(networks.run(network, inputs, prepare))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def with_reading(autoencoder: Autoencoder, probe: Pixels) -> Autoencoder:
    """Find out which outputs of the encoder are codes, by encoding some images three times.

    Parameters
    ----------
    autoencoder : Autoencoder
        With an encoder.
    probe : ndarray of uint8, shape (n, h, w, c)

    Returns
    -------
    Autoencoder
        With `reading`, whose notes name codes that change from call to call or with the batch, and
        with `code_shape`.

    Raises
    ------
    DescriptionError
        If nothing tells which outputs are codes.
    """
    encoder = autoencoder.encoder
    assert encoder is not None  # noqa: S101 -- for mypy: callers check it
    prepare = autoencoder.encoder_input
    first, again = (all_outputs(encoder, probe, prepare) for _ in range(2))
    found = reading(first, again, autoencoder.image_shapes)
    codes = found.codes(first)
    found = replace(found, notes=(*found.notes, *_batch_notes(autoencoder, probe, found, codes)))
    return replace(autoencoder, reading=found, code_shape=codes.shape[1:])


def _batch_notes(
    autoencoder: Autoencoder, probe: Pixels, found: Reading, codes: NDArray[np.float32]
) -> Iterable[str]:
    """Name an encoder whose codes depend on the other images of a batch."""
    if len(codes) > 1 and float(np.ptp(codes, axis=0).max()) == 0:
        return  # `aelatent.audit.diagnosis` names it
    encoder = autoencoder.encoder
    assert encoder is not None  # noqa: S101 -- for mypy: `with_reading` checks it
    again, *parts = (
        np.concatenate(
            [found.codes(all_outputs(encoder, part, autoencoder.encoder_input)) for part in cut]
        )
        for cut in ([probe], np.array_split(probe, 2))
    )
    apart = difference(codes, parts[0])
    if difference(codes, again) < BATCH_NOISE < apart:
        yield (
            f"A code depends on the other images of its batch: it moves by {apart:.2g} times the "
            "spread of all codes in batches of half the size. Is batch normalisation in training "
            "mode? Call .eval()."
        )


def with_split(autoencoder: Autoencoder, probe: Pixels) -> Autoencoder:
    """Find out whether the encoder returns means and log-variances in one array.

    Parameters
    ----------
    autoencoder : Autoencoder
        With `reading`.
    probe : ndarray of uint8, shape (n, h, w, c)

    Returns
    -------
    Autoencoder

    Raises
    ------
    DescriptionError
        If the decoder takes neither the codes nor half of them.
    """
    encoder, found = autoencoder.encoder, autoencoder.reading
    if encoder is None or autoencoder.decoder is None:
        return autoencoder
    codes = found.codes(all_outputs(encoder, probe, autoencoder.encoder_input))
    try:
        _decoded(autoencoder, codes)
    except DescriptionError:
        axes = [axis for axis in {1, codes.ndim - 1} if codes.shape[axis] % 2 == 0]
        for axis in axes if found.spread is None else ():
            half = np.split(codes, 2, axis)[0]
            note = "The encoder's output is read as means and log-variances, half of it each."
            split = replace(found, axis=axis, notes=(*found.notes, note))
            halved = replace(autoencoder, reading=split, code_shape=half.shape[1:])
            if _decodes(halved, half):
                return halved
        raise
    return autoencoder


def _decoded(autoencoder: Autoencoder, codes: NDArray[Any]) -> NDArray[Any]:
    """Return decoded codes (n, ...) as images (n, h, w, c), in the decoder's own values."""
    raw = replace(autoencoder, decoder_range=(0.0, 1.0))
    rows = codes.reshape(len(codes), -1)
    return np.concatenate([*raw.decode_batches(rows)])


def _decodes(autoencoder: Autoencoder, codes: NDArray[Any]) -> bool:
    try:
        _decoded(autoencoder, codes)
    except DescriptionError:
        return False
    return True


@dataclass(frozen=True, eq=False)
class RangeErrors:
    """Errors of reconstructions under pairs of ranges.

    Attributes
    ----------
    errors : mapping of (range, range or "logits") to ndarray, shape (n,)
        The mean squared error of each image, with that range of the encoder and of the decoder.
    mean_image : float
        The error of the mean image.
    """

    errors: Mapping[Pair, Floats]
    mean_image: float

    def better(self, declared: Pair) -> Pair | None:
        """Return a pair that reconstructs much better than the declared one; None without one."""
        same = {pair: e for pair, e in self.errors.items() if pair[0] == pair[1]}
        found = self._better(declared, same)
        other = self._better(found or declared, self.errors)
        return other or found

    def _better(self, than: Pair, among: Mapping[Pair, Floats]) -> Pair | None:
        own = self.errors[than]
        best = min(among, key=lambda pair: float(among[pair].mean()))
        other = among[best]
        nearly_all = float((other < own).mean()) > NEARLY_ALL
        much = own.mean() > FAR * other.mean() and other.mean() < self.mean_image
        return best if nearly_all and much else None


def range_errors(
    autoencoder: Autoencoder, probe: Pixels, encoder_ranges: Iterable[Range] | None = None
) -> RangeErrors:
    """Measure how well images are reconstructed under each pair of ranges.

    Parameters
    ----------
    autoencoder : Autoencoder
        With both networks and `reading`.
    probe : ndarray of uint8, shape (n, h, w, c)
    encoder_ranges : iterable of tuple of float, optional
        Those to try, besides the declared one; all that are known by default.

    Returns
    -------
    RangeErrors

    Raises
    ------
    DescriptionError
        If decoded images have another shape than the originals.
    """
    known = tuple(dict.fromkeys(RANGES.values()))
    tried = dict.fromkeys([autoencoder.value_range, *(encoder_ranges or known)])
    outputs = dict.fromkeys([autoencoder.output_range, *known])
    originals = probe / np.float32(255)
    errors: dict[Pair, Floats] = {}
    for each in tried:
        try:
            raw = _reconstructed(replace(autoencoder, value_range=each), probe)
        except DescriptionError:
            if each == autoencoder.value_range:
                raise
            continue  # networks may fail on values that they were not made for
        for low, high in outputs:
            errors[each, (low, high)] = _errors((raw - low) / (high - low), originals)
        errors[each, LOGITS] = _errors(expit(raw), originals)
    return RangeErrors(errors, float(np.mean(np.var(originals, axis=0))))


def _reconstructed(autoencoder: Autoencoder, probe: Pixels) -> NDArray[Any]:
    encoder, decoder = autoencoder.encoder, autoencoder.decoder
    assert encoder is not None and decoder is not None  # noqa: S101, PT018 -- for mypy
    outputs = all_outputs(encoder, probe, autoencoder.encoder_input)
    copies = _decoded(autoencoder, autoencoder.reading.codes(outputs))
    if copies.shape != probe.shape:
        raise DescriptionError(
            f"{decoder.name}: expected images of shape {probe.shape[1:]} as the "
            f"originals, received {copies.shape[1:]}"
        )
    return copies


def _errors(copies: NDArray[Any], originals: NDArray[Any]) -> Floats:
    differences = np.clip(copies, -1, 2) - originals
    return np.asarray(np.mean(differences**2, axis=(1, 2, 3)), np.float64)


def check_ranges(autoencoder: Autoencoder, probe: Pixels) -> None:
    """Check on some images that the declared ranges are right.

    Parameters
    ----------
    autoencoder : Autoencoder
        With `reading`.
    probe : ndarray of uint8, shape (n, h, w, c)

    Raises
    ------
    DescriptionError
        If decoded images have another shape than the originals, or if another pair of ranges than
        the declared one halves the error, reconstructs nearly all of the images better, and beats
        the mean image: networks that reconstruct under no range do not tell which is right.
    """
    if autoencoder.decoder is None or autoencoder.encoder is None:
        return
    tried = range_errors(autoencoder, probe)
    declared = autoencoder.value_range, autoencoder.output_range
    best = tried.better(declared)
    if best is None:
        return
    own, other = (float(tried.errors[pair].mean()) for pair in (declared, best))
    raise DescriptionError(
        f"range: expected {_pair_words(declared)} as declared, but the networks reconstruct with "
        f"a mean squared error of {own:.2g} under it and of {other:.2g} {_remedy(best)}"
    )


def _words(value_range: Range) -> str:
    return f"[{value_range[0]:g}, {value_range[1]:g}]"


def _pair_words(pair: tuple[Range, Range]) -> str:
    encoder, decoder = map(_words, pair)
    return encoder if encoder == decoder else f"{{encoder: {encoder}, decoder: {decoder}}}"


def _remedy(best: Pair) -> str:
    encoder, decoder = best
    if isinstance(decoder, str):
        return (
            f"with the encoder's range {_words(encoder)} and a sigmoid after the decoder: it "
            "returns logits. Let it end with the sigmoid"
        )
    words = _pair_words((encoder, decoder))
    return f"under {words}. Declare `range: {words}`"


def check_outputs(autoencoder: Autoencoder, codes: NDArray[Any]) -> None:
    """Check on decoded codes alone that the declared range can be right.

    Parameters
    ----------
    autoencoder : Autoencoder
    codes : ndarray, shape (n, d)

    Raises
    ------
    DescriptionError
        If a decoder's outputs lie mostly outside the declared range, or fill a sliver of it.
    """
    if autoencoder.decoder is None:
        return
    images = np.concatenate([*autoencoder.decode_batches(codes[:PROBE])])
    low, high = (float(q) for q in np.quantile(images, (0.01, 0.99)))
    black, white = autoencoder.output_range
    if low < -OUTSIDE or high > 1 + OUTSIDE or high - low < SLIVER:
        raw = [black + x * (white - black) for x in (low, high)]
        raise DescriptionError(
            f"range: expected images in [{black:g}, {white:g}] as declared, "
            f"{autoencoder.decoder.name} gives values from {raw[0]:.3g} to {raw[1]:.3g} (98 % of "
            "them). Declare the range that the decoder has" + _logits_hint(*raw)
        )


def _logits_hint(low: float, high: float) -> str:
    both = low < -1 - OUTSIDE and high > 1 + OUTSIDE
    return ", or let it end with a sigmoid if these are logits" if both else ""
