"""One training of a user's model: uint8 images to flat codes, and back."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.audit import networks
from aelatent.audit.conditions import expect, learn
from aelatent.audit.description import DescriptionError, ModelDescription, TrainingFiles
from aelatent.audit.networks import Network
from aelatent.audit.outputs import Reading, image_output
from aelatent.audit.progress import Progress, no_progress
from aelatent.data.images import to_bytes
from aelatent.latent.cloud import Floats

Pixels = NDArray[np.uint8]
Range = tuple[float, float]
FIRST_OUTPUT = Reading()
FIRST = "first", "flat-first"  # layouts with the channel axis before the others
# The axes of images (n, h, w, c) as networks take them: "plain" has no channel axis.
LAYOUTS: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "last": lambda images: images,
    "first": lambda images: np.moveaxis(images, -1, 1),
    "plain": lambda images: images[..., 0],
    "flat": lambda images: images.reshape(len(images), -1),
    "flat-first": lambda images: np.moveaxis(images, -1, 1).reshape(len(images), -1),
}


@dataclass(frozen=True, eq=False)
class Autoencoder:
    """The networks of one training, with the value range and the axis order that they use.

    Attributes
    ----------
    encoder, decoder : Network or None
    value_range : tuple of float
        The networks' values of black and white.
    layout : str
        A key of `LAYOUTS`: the axes of an image, as the encoder takes it.
    code_shape : tuple of int
        Of one code, as the networks use it; everywhere else codes are flat, (d,).
    image_shape : tuple of int
        Of one image, (h, w, c), where it is known.
    decoder_range : tuple of float or None
        The decoder's values of black and white where they are other ones.
    decoder_layout : str or None
        The axes of an image, as the decoder returns it, where they are other ones.
    reading : Reading
        Which outputs of the encoder are codes.
    """

    encoder: Network | None
    decoder: Network | None
    value_range: Range
    layout: str = "last"
    code_shape: tuple[int, ...] = ()
    image_shape: tuple[int, ...] = ()
    decoder_range: Range | None = None
    decoder_layout: str | None = None
    reading: Reading = FIRST_OUTPUT

    @classmethod
    def load(
        cls,
        description: ModelDescription,
        training: TrainingFiles,
        code_shape: tuple[int, ...] = (),
        image_shape: tuple[int, ...] = (),
    ) -> Autoencoder:
        """Load the networks of a training.

        Parameters
        ----------
        description : ModelDescription
        training : TrainingFiles
            One of its trainings.
        code_shape, image_shape : tuple of int
            Of one code and of one image, where they are known.

        Returns
        -------
        Autoencoder
        """
        encoder, decoder = (
            networks.load(name, description.folder) if name else None
            for name in (training.encoder, training.decoder)
        )
        for network in (encoder, decoder):
            if isinstance(network, networks.CallableNetwork):
                network.batch = description.batch
                network.seconds = description.call_seconds
        return cls(
            encoder,
            decoder,
            description.value_range,
            description.channels,
            code_shape,
            image_shape,
            description.decoder_range,
        )

    def encode(
        self, pixels: Pixels, progress: Progress = no_progress
    ) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """Encode images.

        An encoder with one output returns codes; one with several returns means, log-variances
        and perhaps draws, which are ignored: `reading` tells which is which.

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
            If there is no encoder, or its outputs are no arrays of numbers.
        """
        encoder = _required(self.encoder, "an encoder")
        means, variances = [], []
        for outputs in networks.run(encoder, pixels, self.encoder_input, real=True):
            means.append(self.reading.codes(outputs))
            spread = self.reading.log_variances(outputs)
            variances += [] if spread is None else [spread]
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
        parts = self.decode_batches(codes, progress)
        return np.concatenate([learn(self.decoder, to_bytes(part)) for part in parts])

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
        low, high = self.output_range
        done = 0
        for outputs in networks.run(decoder, codes, self.decoder_input):
            image = self._channels_last(decoder, image_output(outputs, self.image_shapes))
            yield (image - np.float32(low)) / np.float32(high - low)
            done += len(image)
            progress("decoding", done, len(codes))

    @property
    def output_range(self) -> Range:
        """The decoder's values of black and white."""
        return self.decoder_range or self.value_range

    @property
    def image_shapes(self) -> set[tuple[int, ...]]:
        """The shapes that one image may have, where its size is known."""
        return image_shapes(self.image_shape)

    def _channels_last(self, decoder: Network, output: NDArray[Any]) -> NDArray[Any]:
        """Return a decoder's output as images (n, h, w, c), or raise."""
        layout = self.decoder_layout or self.layout
        first = layout in FIRST
        image = self._unflattened(output, first)
        if image.ndim == 3:
            image = image[:, None] if first else image[..., None]
        if image.ndim != 4:
            raise DescriptionError(
                f"{decoder.name}: expected images (n, height, width, channels), received "
                f"{image.shape}"
            )
        image = np.moveaxis(image, 1, -1) if first else image
        if image.shape[-1] not in (1, 3):
            axis, other = ("first", "last") if first else ("last", "first")
            raise DescriptionError(
                f"{decoder.name}: expected 1 or 3 channels on the {axis} axis, received "
                f"images of shape {output.shape[1:]}. Declare `channels: {other}` if they "
                "are there"
            )
        return image

    def _unflattened(self, output: NDArray[Any], first: bool) -> NDArray[Any]:
        """Return rows of as many numbers as an image has as images."""
        if output.ndim != 2 or output.shape[1] != math.prod(self.image_shape):
            return output
        height, width, channels = self.image_shape
        shape = (channels, height, width) if first else (height, width, channels)
        return output.reshape(len(output), *shape)

    def encoder_input(self, pixels: Pixels, value_range: Range | None = None) -> NDArray[Any]:
        """Convert images to what the encoder takes.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, h, w, c)
        value_range : tuple of float, optional
            Values of black and white; by default the declared ones.

        Returns
        -------
        ndarray of float32, shape (n, h, w, c), (n, c, h, w), (n, h, w) or (n, h * w * c)
        """
        expect(self.encoder, pixels)
        low, high = value_range or self.value_range
        scaled = pixels.astype(np.float32) / np.float32(255) * np.float32(high - low)
        images = scaled + np.float32(low)
        images = LAYOUTS[self.layout](images)
        wanted = self.encoder.shape if self.encoder else None
        if wanted is None or len(wanted) == images.ndim - 1:
            return images
        fits = math.prod(side or 0 for side in wanted) == math.prod(images.shape[1:])
        return images.reshape(len(images), *wanted) if fits else images

    def decoder_input(self, codes: NDArray[Any]) -> NDArray[Any]:
        """Reshape flat codes (n, d) to what the decoder takes."""
        decoder = _required(self.decoder, "a decoder")
        expect(decoder, codes)
        declared = [side or 0 for side in decoder.shape or ()]
        if declared and int(np.prod(declared)) == int(np.prod(codes.shape[1:])):
            return codes.reshape(len(codes), *declared)
        return codes.reshape(len(codes), *(self.code_shape or codes.shape[1:]))

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """What a file keeps of it, besides the networks."""
        return {
            "code_shape": np.array(self.code_shape, np.int64),
            "reading": np.array(json.dumps(asdict(self.reading))),
        }

    @classmethod
    def restore(
        cls, description: ModelDescription, training: TrainingFiles, arrays: Mapping[str, Any]
    ) -> Autoencoder:
        """Load the networks of a training that was measured before.

        Parameters
        ----------
        description : ModelDescription
        training : TrainingFiles
            One of its trainings.
        arrays : mapping of str to ndarray
            As `arrays` gave them, and "image_shape".

        Returns
        -------
        Autoencoder
        """
        shapes = (tuple(arrays[name].tolist()) for name in ("code_shape", "image_shape"))
        kept = Reading(**json.loads(str(arrays["reading"])))
        return replace(cls.load(description, training, *shapes), reading=kept)


def image_shapes(image_shape: tuple[int, ...]) -> set[tuple[int, ...]]:
    """Return the shapes that an image of shape (h, w, c) may have in a network, flat among them.

    Examples
    --------
    >>> sorted(image_shapes((8, 9, 1)))
    [(1, 8, 9), (8, 9), (8, 9, 1), (72,)]
    """
    if not image_shape:
        return set()
    height, width, channels = image_shape
    plain = {(height, width)} if channels == 1 else set()
    whole = {(height, width, channels), (channels, height, width)}
    return {*whole, *plain, (height * width * channels,)}


def _required(network: Network | None, what: str) -> Network:
    if network is None:
        raise DescriptionError(f"expected {what}, the description of the model names none")
    return network


def flatten_codes(codes: NDArray[Any]) -> Floats:
    """Return codes (n, ...) as rows (n, d) of float64."""
    return codes.reshape(len(codes), -1).astype(np.float64)
