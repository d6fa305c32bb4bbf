"""One training of a user's model: images to codes, codes to images, in the library's own terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.audit import networks
from aelatent.audit.networks import Network
from aelatent.audit.subject import RANGES, Part, Subject, SubjectError
from aelatent.data.images import to_bytes
from aelatent.latent.cloud import Floats

Pixels = NDArray[np.uint8]
Progress = Callable[[str, int, int], None]
PROBE = 64  # images on which ranges are compared
FAR = 2  # times the error under another range: then that other one is meant,
NEARLY_ALL = 0.9  # ... if it reconstructs so many of the images better


def silent(_: str, __: int, ___: int) -> None:
    """Report no progress."""


@dataclass(frozen=True, eq=False)
class Coder:
    """The networks of one training.

    Attributes
    ----------
    encoder, decoder : Network or None
    limits : tuple of float
        What the networks take for black and for white.
    first : bool
        Whether the networks have the channel axis first.
    code_shape : tuple of int
        Of one code, as the networks have it; everything else here has it flat, (d,).
    """

    encoder: Network | None
    decoder: Network | None
    limits: tuple[float, float]
    first: bool
    code_shape: tuple[int, ...] = ()

    @classmethod
    def of(cls, subject: Subject, part: Part, code_shape: tuple[int, ...] = ()) -> Coder:
        """Load the networks of a training."""
        encoder, decoder = (
            networks.load(name, subject.folder) if name else None
            for name in (part.encoder, part.decoder)
        )
        return cls(encoder, decoder, subject.limits, subject.channels == "first", code_shape)

    def encode(
        self, pixels: Pixels, progress: Progress = silent
    ) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """Encode images (n, h, w, c) to codes (n, ...), and for a VAE the log-variances with them.

        An encoder of one output returns codes; one of two or three returns means, log-variances
        and, if it likes, draws.
        """
        encoder = _there(self.encoder, "an encoder")
        means, variances = [], []
        for outputs in networks.run(encoder, pixels, self.taken):
            if len(outputs) > 3:
                raise SubjectError(
                    f"{encoder.name}: expected codes, or means and log-variances and draws, "
                    f"received {len(outputs)} outputs"
                )
            means.append(outputs[0])
            if len(outputs) > 1:
                if outputs[1].shape != outputs[0].shape:
                    raise SubjectError(
                        f"{encoder.name}: expected log-variances of the means' shape "
                        f"{outputs[0].shape}, received {outputs[1].shape}"
                    )
                variances.append(outputs[1])
            progress("encoding", sum(map(len, means)), len(pixels))
        return np.concatenate(means), np.concatenate(variances) if variances else None

    def decode(self, codes: NDArray[Any], progress: Progress = silent) -> Pixels:
        """Decode codes (n, d) to images (n, h, w, c)."""
        return np.concatenate([to_bytes(part) for part in self.decoded(codes, progress)])

    def decoded(self, codes: NDArray[Any], progress: Progress = silent) -> Iterator[NDArray[Any]]:
        """Decode codes (n, d) to images of [0, 1] where the declared range holds, in batches."""
        decoder = _there(self.decoder, "a decoder")
        low, high = self.limits
        done = 0
        for outputs in networks.run(decoder, codes, self.shaped):
            image = outputs[0]
            if image.ndim == 3:
                image = image[:, None] if self.first else image[..., None]
            if image.ndim != 4:
                raise SubjectError(
                    f"{decoder.name}: expected images (n, height, width, channels), received "
                    f"{image.shape}"
                )
            image = np.moveaxis(image, 1, -1) if self.first else image
            if image.shape[-1] not in (1, 3):
                other = "last" if self.first else "first"
                raise SubjectError(
                    f"{decoder.name}: expected 1 or 3 channels on the {self._axis} axis, received "
                    f"images of shape {outputs[0].shape[1:]}. Declare `channels: {other}` if they "
                    "are there"
                )
            yield (image - np.float32(low)) / np.float32(high - low)
            done += len(image)
            progress("decoding", done, len(codes))

    def taken(self, pixels: Pixels, limits: tuple[float, float] | None = None) -> NDArray[Any]:
        """Return images as the encoder takes them."""
        low, high = limits or self.limits
        scaled = pixels.astype(np.float32) / np.float32(255) * np.float32(high - low)
        images = scaled + np.float32(low)
        return np.moveaxis(images, -1, 1) if self.first else images

    def shaped(self, codes: NDArray[Any]) -> NDArray[Any]:
        """Return codes as the decoder takes them."""
        decoder = _there(self.decoder, "a decoder")
        said = [side or 0 for side in decoder.shape or ()]
        if said and int(np.prod(said)) == int(np.prod(codes.shape[1:])):
            return codes.reshape(len(codes), *said)
        return codes.reshape(len(codes), *(self.code_shape or codes.shape[1:]))

    @property
    def _axis(self) -> str:
        return "first" if self.first else "last"

    def check_reconstructions(self, pixels: Pixels) -> None:
        """Find out from some images whether shapes and the declared range are right.

        Raises
        ------
        SubjectError
            If decoded images have another shape than the originals, or if another range than the
            declared one reconstructs the images twice as well, and nearly all of them better.
        """
        if self.decoder is None or self.encoder is None:
            return
        probe = pixels[:PROBE]
        errors = {}
        for limits in dict.fromkeys([self.limits, *RANGES.values()]):
            coder = Coder(self.encoder, self.decoder, limits, self.first, self.code_shape)
            means = [
                o[0] for o in networks.run(self.encoder, probe, partial(self.taken, limits=limits))
            ]
            copies = np.concatenate([*coder.decoded(np.concatenate(means))])
            if copies.shape != probe.shape:
                raise SubjectError(
                    f"{self.decoder.name}: expected images of shape {probe.shape[1:]} as the "
                    f"originals, received {copies.shape[1:]}"
                )
            halves = np.clip(copies, -1, 2) - probe / np.float32(255)
            errors[limits] = np.mean(halves**2, axis=(1, 2, 3))
        own = errors[self.limits]
        best = min(errors, key=lambda limits: float(errors[limits].mean()))
        other = errors[best]
        if own.mean() > FAR * other.mean() and (other < own).mean() > NEARLY_ALL:
            raise SubjectError(
                f"range: expected [{self.limits[0]:g}, {self.limits[1]:g}] as declared, but the "
                f"networks reconstruct with a mean squared error of {own.mean():.2g} "
                f"under it and of {other.mean():.2g} under [{best[0]:g}, {best[1]:g}]. Declare "
                f"`range: [{best[0]:g}, {best[1]:g}]`"
            )

    def check_outputs(self, codes: NDArray[Any]) -> None:
        """Find out from decoded codes alone whether the declared range can be right.

        Raises
        ------
        SubjectError
            If a decoder's outputs lie mostly outside the declared range, or fill a sliver of it.
        """
        if self.decoder is None:
            return
        images = np.concatenate([*self.decoded(codes[:PROBE])])
        low, high = (float(q) for q in np.quantile(images, (0.01, 0.99)))
        if low < -0.25 or high > 1.25 or high - low < 0.02:
            raw = [self.limits[0] + x * (self.limits[1] - self.limits[0]) for x in (low, high)]
            raise SubjectError(
                f"range: expected images in [{self.limits[0]:g}, {self.limits[1]:g}] as declared, "
                f"{self.decoder.name} gives values from {raw[0]:.3g} to {raw[1]:.3g} (98 % of "
                "them). Declare the range that the decoder has"
            )


def _there(network: Network | None, what: str) -> Network:
    if network is None:
        raise SubjectError(f"expected {what}, the description of the model names none")
    return network


def flat(codes: NDArray[Any]) -> Floats:
    """Return codes (n, ...) as rows (n, d) of float64."""
    return codes.reshape(len(codes), -1).astype(np.float64)
