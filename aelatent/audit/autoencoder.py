"""One training of a user's model: uint8 images to flat codes, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.audit import networks
from aelatent.audit.description import (
    RANGES,
    DescriptionError,
    ModelDescription,
    TrainingFiles,
)
from aelatent.audit.networks import Network
from aelatent.audit.progress import Progress, no_progress
from aelatent.data.images import to_bytes
from aelatent.latent.cloud import Floats

Pixels = NDArray[np.uint8]
Range = tuple[float, float]
PROBE = 64  # images on which ranges are compared
# The declared range is refused where its error is so many times that of another range,
FAR = 2
NEARLY_ALL = 0.9  # ... and the other range reconstructs this share of the images better.


@dataclass(frozen=True, eq=False)
class Autoencoder:
    """The networks of one training, with the value range and the axis order that they use.

    Attributes
    ----------
    encoder, decoder : Network or None
    value_range : tuple of float
        The networks' values of black and white.
    channels_first : bool
        Whether the networks have the channel axis first.
    code_shape : tuple of int
        Of one code, as the networks use it; everywhere else codes are flat, (d,).
    """

    encoder: Network | None
    decoder: Network | None
    value_range: Range
    channels_first: bool
    code_shape: tuple[int, ...] = ()

    @classmethod
    def load(
        cls,
        description: ModelDescription,
        training: TrainingFiles,
        code_shape: tuple[int, ...] = (),
    ) -> Autoencoder:
        """Load the networks of a training.

        Parameters
        ----------
        description : ModelDescription
        training : TrainingFiles
            One of its trainings.
        code_shape : tuple of int
            Of one code, where it is known.

        Returns
        -------
        Autoencoder
        """
        encoder, decoder = (
            networks.load(name, description.folder) if name else None
            for name in (training.encoder, training.decoder)
        )
        first = description.channels == "first"
        return cls(encoder, decoder, description.value_range, first, code_shape)

    def encode(
        self, pixels: Pixels, progress: Progress = no_progress
    ) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """Encode images.

        An encoder with one output returns codes; one with two or three returns means,
        log-variances and, optionally, draws, which are ignored.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, h, w, c)
        progress : callable
            See `aelatent.audit.progress`.

        Returns
        -------
        codes : ndarray of float32, shape (n, ...)
            For a VAE the means.
        log_variances : ndarray of float32, shape (n, ...), or None

        Raises
        ------
        DescriptionError
            If there is no encoder, or its outputs are none of these.
        """
        encoder = _required(self.encoder, "an encoder")
        means, variances = [], []
        for outputs in networks.run(encoder, pixels, self.encoder_input):
            _check_encoded(encoder, outputs)
            means.append(outputs[0])
            variances += outputs[1:2]
            progress("encoding", sum(map(len, means)), len(pixels))
        return np.concatenate(means), np.concatenate(variances) if variances else None

    def decode(self, codes: NDArray[Any], progress: Progress = no_progress) -> Pixels:
        """Decode codes to images.

        Parameters
        ----------
        codes : ndarray, shape (n, d)
        progress : callable
            See `aelatent.audit.progress`.

        Returns
        -------
        ndarray of uint8, shape (n, h, w, c)

        Raises
        ------
        DescriptionError
            If there is no decoder, or its outputs are no images.
        """
        return np.concatenate([to_bytes(part) for part in self.decode_batches(codes, progress)])

    def decode_batches(
        self, codes: NDArray[Any], progress: Progress = no_progress
    ) -> Iterator[NDArray[Any]]:
        """Decode codes in batches, scaled so that the declared range becomes [0, 1].

        Parameters
        ----------
        codes : ndarray, shape (n, d)
        progress : callable
            See `aelatent.audit.progress`.

        Yields
        ------
        ndarray of float32, shape (b, h, w, c)
            Within [0, 1] where the declared range is right.

        Raises
        ------
        DescriptionError
            If there is no decoder, or its outputs are no images.
        """
        decoder = _required(self.decoder, "a decoder")
        low, high = self.value_range
        done = 0
        for outputs in networks.run(decoder, codes, self.decoder_input):
            image = self._channels_last(decoder, outputs[0])
            yield (image - np.float32(low)) / np.float32(high - low)
            done += len(image)
            progress("decoding", done, len(codes))

    def _channels_last(self, decoder: Network, output: NDArray[Any]) -> NDArray[Any]:
        """Return a decoder's output as images (n, h, w, c), or raise."""
        image = output
        if image.ndim == 3:
            image = image[:, None] if self.channels_first else image[..., None]
        if image.ndim != 4:
            raise DescriptionError(
                f"{decoder.name}: expected images (n, height, width, channels), received "
                f"{image.shape}"
            )
        image = np.moveaxis(image, 1, -1) if self.channels_first else image
        if image.shape[-1] not in (1, 3):
            axis, other = ("first", "last") if self.channels_first else ("last", "first")
            raise DescriptionError(
                f"{decoder.name}: expected 1 or 3 channels on the {axis} axis, received "
                f"images of shape {output.shape[1:]}. Declare `channels: {other}` if they "
                "are there"
            )
        return image

    def encoder_input(self, pixels: Pixels, value_range: Range | None = None) -> NDArray[Any]:
        """Convert images to what the encoder takes.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, h, w, c)
        value_range : tuple of float, optional
            Values of black and white; by default the declared ones.

        Returns
        -------
        ndarray of float32, shape (n, h, w, c) or (n, c, h, w)
        """
        low, high = value_range or self.value_range
        scaled = pixels.astype(np.float32) / np.float32(255) * np.float32(high - low)
        images = scaled + np.float32(low)
        return np.moveaxis(images, -1, 1) if self.channels_first else images

    def decoder_input(self, codes: NDArray[Any]) -> NDArray[Any]:
        """Reshape flat codes (n, d) to what the decoder takes."""
        decoder = _required(self.decoder, "a decoder")
        declared = [side or 0 for side in decoder.shape or ()]
        if declared and int(np.prod(declared)) == int(np.prod(codes.shape[1:])):
            return codes.reshape(len(codes), *declared)
        return codes.reshape(len(codes), *(self.code_shape or codes.shape[1:]))

    def check_reconstructions(self, pixels: Pixels) -> None:
        """Check on some images that the shapes and the declared range are right.

        Raises
        ------
        DescriptionError
            If decoded images have another shape than the originals, or if another range than the
            declared one halves the error, reconstructs nearly all of the images better, and beats
            the mean image: networks that reconstruct under no range do not tell which is right.
        """
        if self.decoder is None or self.encoder is None:
            return
        ranges = dict.fromkeys([self.value_range, *RANGES.values()])
        errors = {each: self._errors(pixels[:PROBE], each) for each in ranges}
        own, declared = errors[self.value_range], self.value_range
        best = min(errors, key=lambda each: float(errors[each].mean()))
        other = errors[best]
        nearly_all = (other < own).mean() > NEARLY_ALL
        reconstructs = other.mean() < np.mean(np.var(pixels[:PROBE] / np.float32(255), axis=0))
        if reconstructs and nearly_all and own.mean() > FAR * other.mean():
            raise DescriptionError(
                f"range: expected [{declared[0]:g}, {declared[1]:g}] as declared, but the "
                f"networks reconstruct with a mean squared error of {own.mean():.2g} "
                f"under it and of {other.mean():.2g} under [{best[0]:g}, {best[1]:g}]. Declare "
                f"`range: [{best[0]:g}, {best[1]:g}]`"
            )

    def _errors(self, pixels: Pixels, value_range: Range) -> NDArray[Any]:
        """Return the mean squared error of each reconstruction under another range, (n,)."""
        encoder, decoder = _required(self.encoder, "an encoder"), _required(self.decoder, "one")
        prepare = partial(self.encoder_input, value_range=value_range)
        codes = np.concatenate([outputs[0] for outputs in networks.run(encoder, pixels, prepare)])
        under = replace(self, value_range=value_range)
        copies = np.concatenate([*under.decode_batches(codes)])
        if copies.shape != pixels.shape:
            raise DescriptionError(
                f"{decoder.name}: expected images of shape {pixels.shape[1:]} as the "
                f"originals, received {copies.shape[1:]}"
            )
        differences = np.clip(copies, -1, 2) - pixels / np.float32(255)
        return np.asarray(np.mean(differences**2, axis=(1, 2, 3)))

    def check_outputs(self, codes: NDArray[Any]) -> None:
        """Check on decoded codes alone that the declared range can be right.

        Raises
        ------
        DescriptionError
            If a decoder's outputs lie mostly outside the declared range, or fill a sliver of it.
        """
        if self.decoder is None:
            return
        images = np.concatenate([*self.decode_batches(codes[:PROBE])])
        low, high = (float(q) for q in np.quantile(images, (0.01, 0.99)))
        black, white = self.value_range
        if low < -0.25 or high > 1.25 or high - low < 0.02:
            raw = [black + x * (white - black) for x in (low, high)]
            raise DescriptionError(
                f"range: expected images in [{black:g}, {white:g}] as declared, "
                f"{self.decoder.name} gives values from {raw[0]:.3g} to {raw[1]:.3g} (98 % of "
                "them). Declare the range that the decoder has"
            )


def _check_encoded(encoder: Network, outputs: Sequence[NDArray[Any]]) -> None:
    if len(outputs) > 3:
        raise DescriptionError(
            f"{encoder.name}: expected codes, or means and log-variances and draws, "
            f"received {len(outputs)} outputs"
        )
    if len(outputs) > 1 and outputs[1].shape != outputs[0].shape:
        raise DescriptionError(
            f"{encoder.name}: expected log-variances of the means' shape "
            f"{outputs[0].shape}, received {outputs[1].shape}"
        )


def _required(network: Network | None, what: str) -> Network:
    if network is None:
        raise DescriptionError(f"expected {what}, the description of the model names none")
    return network


def flatten_codes(codes: NDArray[Any]) -> Floats:
    """Return codes (n, ...) as rows (n, d) of float64."""
    return codes.reshape(len(codes), -1).astype(np.float64)
