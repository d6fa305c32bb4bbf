"""One trained model as it is stored: networks, latent clouds, and what was measured on images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent import models
from aelatent.data.images import to_bytes
from aelatent.inference.estimates import Estimate
from aelatent.latent.cloud import Floats, LatentCloud
from aelatent.models import Networks
from aelatent.zoo import posteriors
from aelatent.zoo.forward import Forward, apply, batches
from aelatent.zoo.specification import Specification

SPLITS = ("train", "held_out")
REFERENCES = 500
"""Reconstructions that a judge sees: enough for an error of 1 % of their hit rate."""

Pixels = NDArray[np.uint8]
Arrays = Mapping[str, NDArray[Any]]


class MissingWeights(ValueError):
    """The networks of a model are asked for whose weights were not stored."""


class Measurements:
    """What was measured on a model: a view of the arrays in which it is stored.

    Attributes
    ----------
    arrays : mapping of str to ndarray
        By split and field, such as "held_out/z_mean".
    """

    arrays: Arrays

    @cached_property
    def train(self) -> LatentCloud:
        """Codes of a sample of the training images, with the moments of all of them."""
        return self._cloud("train")

    @cached_property
    def held_out(self) -> LatentCloud:
        """Codes of a sample of the held-out images, with the moments of all of them."""
        return self._cloud("held_out")

    def errors(self, split: str) -> Floats:
        """Mean squared error per pixel of each reconstruction in the sample of a split, (n,)."""
        return self.arrays[f"{split}/error"].astype(np.float64)

    def mean_error(self, split: str) -> Estimate:
        """Mean squared error per pixel over all images of a split, not only over the sample.

        All replicates share its error, which comes from the spread over the sample: they
        reconstruct the same images.
        """
        sample = self.errors(split)
        count = int(self.arrays.get(f"{split}/images", len(sample)))
        mean = float(self.arrays.get(f"{split}/mean_error", sample.mean()))
        return Estimate(mean, shared=float(sample.std(ddof=1)) / count**0.5)

    def posteriors(self, split: str) -> Mapping[str, Floats]:
        """Return what `aelatent.zoo.posteriors` measured on all posteriors of a VAE.

        "kl_per_dimension", "variance_of_means" and "posterior_variance", each (d,);
        "kl_per_image", "log_ratio_prior" and "log_ratio_posterior" of a sample, each (m,); and
        where the images have labels "probe", 1 where a linear classifier named the class, (m,).
        """
        keys = {name: f"{split}/{name}" for name in posteriors.NAMES}
        return {
            name: self.arrays[key].astype(np.float64)
            for name, key in keys.items()
            if key in self.arrays
        }

    def _cloud(self, split: str) -> LatentCloud:
        def optional(field: str) -> NDArray[Any] | None:
            return self.arrays.get(f"{split}/{field}")

        log_variances, triangle = optional("z_log_var"), optional("covariance")
        return LatentCloud(
            z_mean=self.arrays[f"{split}/z_mean"].astype(np.float64),
            z_log_var=None if log_variances is None else log_variances.astype(np.float64),
            labels=optional("labels"),
            groups=optional("groups"),
            full_mean=self.arrays[f"{split}/mean"].astype(np.float64),
            full_covariance=None if triangle is None else unpack_symmetric(triangle),
        )


@dataclass(frozen=True, eq=False)
class Replicate(Measurements):
    """A model trained from one seed.

    Parameters
    ----------
    specification : Specification
    seed : int
    arrays : mapping of str to ndarray
        The contents of the stored file; `aelatent.training.pipeline` writes it.
    trained : Replicate, optional
        The same replicate after training, where this one is as it was before.
    """

    specification: Specification
    seed: int
    arrays: Arrays
    trained: Replicate | None = None

    @property
    def name(self) -> str:
        """Name of the fixture model and seed, such as "faces_ae_256d seed 0"."""
        return f"{self.specification.name} seed {self.seed}"

    @cached_property
    def networks(self) -> Networks:
        """The stored Keras networks in float32; an untrained model is built from its seed again."""
        architecture = self.specification.architecture
        height, width, channels = self.arrays["image_shape"].tolist()
        networks = models.build(
            architecture.name, architecture.parameters, (height, width, channels), self.seed
        )
        if self.specification.trained:
            if self.specification.store.weights == "decoder":
                networks = {"decoder": networks["decoder"]}
            for name, network in networks.items():
                for position, variable in enumerate(network.variables):
                    variable.assign(self._weight(f"{name}/{position:03d}"))
        return networks

    def untrained(self) -> Replicate:
        """Return the same replicate with the networks as they were before training: a control."""
        before = self.specification.training.model_copy(update={"epochs": 0})
        specification = self.specification.model_copy(update={"training": before})
        return replace(self, specification=specification, trained=self)

    def decode(self, codes: NDArray[Any]) -> Pixels:
        """Decode codes of shape (n, d) to images of shape (n, h, w, c)."""
        decoded = batches(self._network("decoder"), codes)
        return np.concatenate([to_bytes(images) for (images,) in decoded])

    def reconstruct(self) -> Pixels:
        """Decode the codes of `references` of the held-out sample, always by the trained model.

        What networks make before training is compared with what they make after it.
        """
        return _reconstructed(self.trained or self)

    def encode(self, pixels: Pixels) -> tuple[Floats, Floats | None]:
        """Encode images to codes (n, d), and for a VAE the log-variances (n, d) with them."""
        outputs = apply(self._network("encoder"), pixels, scale=255)
        return outputs[0], outputs[1] if len(outputs) > 1 else None

    def classify(self, pixels: Pixels) -> tuple[Floats, Floats]:
        """Return features (n, f) and class logits (n, k) of images; of a classifier only."""
        features = apply(self._network("features"), pixels, scale=255)[0]
        return features, apply(self._network("head"), features)[0]

    def _network(self, name: str) -> Forward:
        if name not in self.networks:
            raise self._lacking(name)
        return self._forwards[name]

    @cached_property
    def _forwards(self) -> dict[str, Forward]:
        return {name: Forward(network) for name, network in self.networks.items()}

    def _weight(self, key: str) -> NDArray[np.float32]:
        if key not in self.arrays:
            raise self._lacking(key.partition("/")[0])
        return self.arrays[key].astype(np.float32)

    def _lacking(self, network: str) -> MissingWeights:
        return MissingWeights(
            f"{self.name}: expected stored weights of the {network}, found none: its specification "
            f"says `store: weights: {str(self.specification.store.weights).lower()}`. Remove that "
            "line and train it again."
        )


# Claims about a model follow each other, and ask for the reconstructions of its five replicates.
@lru_cache(maxsize=12)
def _reconstructed(replicate: Replicate) -> Pixels:
    pixels = replicate.decode(replicate.held_out.z_mean[references(replicate.held_out.n)])
    pixels.flags.writeable = False
    return pixels


def references(n: int) -> NDArray[np.int64]:
    """Return the places, among `n` held-out codes, of those whose reconstructions a judge sees.

    They are spread evenly, so that few of them show the same person.
    """
    return np.unique(np.linspace(0, n - 1, min(n, REFERENCES)).astype(np.int64))


def pack_symmetric(matrix: Floats) -> NDArray[np.float32]:
    """Return the upper triangle of a symmetric (d, d) matrix, row by row, in float32."""
    return matrix[np.triu_indices(len(matrix))].astype(np.float32)


def unpack_symmetric(triangle: NDArray[Any]) -> Floats:
    """Return the (d, d) matrix whose upper triangle `pack_symmetric` made.

    Examples
    --------
    >>> unpack_symmetric(pack_symmetric(np.array([[1.0, 2.0], [2.0, 3.0]]))).tolist()
    [[1.0, 2.0], [2.0, 3.0]]
    """
    d = int(np.sqrt(2 * len(triangle)))
    matrix = np.zeros((d, d))
    matrix[np.triu_indices(d)] = triangle
    return matrix + np.triu(matrix, 1).T
