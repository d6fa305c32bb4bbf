"""Adapts a measured model of the user to the form in which claims know fixture models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.audit.autoencoder import Autoencoder, flatten_codes
from aelatent.audit.measured import FOLDS, MeasuredModel, MeasuredTraining
from aelatent.judges import registry
from aelatent.judges.registry import ImageJudge
from aelatent.latent.cloud import Floats
from aelatent.samplers.fitted import WIDEST
from aelatent.zoo import FixtureModel, capabilities, posteriors
from aelatent.zoo.capabilities import UserModel
from aelatent.zoo.replicate import Arrays, Measurements, pack_symmetric, references
from aelatent.zoo.specification import Architecture, Objective, Specification, Training

KEPT = 1000  # codes of either split that a replicate shows, as stored replicates do
ENOUGH = 4  # codes a dimension, from which on a fold has moments of its own


class Lacking(ValueError):
    """A claim needs something that the user's model does not have: it is not applicable."""


UNKNOWN = {"train/error": "to know which images the model was trained on"}


class MeasuredArrays(dict[str, NDArray[Any]]):
    """Arrays of a replicate; an array that is missing makes a claim not applicable."""

    def __missing__(self, key: str) -> NDArray[Any]:
        raise Lacking(UNKNOWN.get(key, f"{key!r}, which an audit does not measure"))


class Description(Specification):
    """The specification of a user's model; `words` are its capabilities."""

    words: frozenset[str] = frozenset()

    @property
    def capabilities(self) -> frozenset[str]:
        """What the model is and has."""
        return self.words


@dataclass(frozen=True, eq=False)
class AuditedReplicate(Measurements):
    """A training of a user's model, or one of five parts of its codes if there is only one.

    Attributes
    ----------
    specification : Description
    seed : int
        The place of the training or of the part.
    arrays : mapping of str to ndarray
    autoencoder : Autoencoder
    kind : {"training", "part"}
    """

    specification: Description
    seed: int
    arrays: Arrays
    autoencoder: Autoencoder
    kind: str

    @property
    def name(self) -> str:
        """The model and the number of the training or part."""
        return f"{self.specification.name}, {self.kind} {self.seed + 1}"

    @property
    def networks(self) -> Mapping[str, Any]:
        """Never there: a user's networks may be of any framework.

        Raises
        ------
        Lacking
        """
        raise Lacking("the layers of the networks")

    def untrained(self) -> AuditedReplicate:
        """Never there: nobody stored the networks before training.

        Raises
        ------
        Lacking
        """
        raise Lacking("the networks as they were before training")

    def decode(self, codes: NDArray[Any]) -> NDArray[np.uint8]:
        """Decode codes of shape (n, d) to images of shape (n, h, w, c).

        Raises
        ------
        Lacking
            If the model has no decoder.
        """
        if self.autoencoder.decoder is None:
            raise Lacking("a decoder")
        return self.autoencoder.decode(codes)

    def reconstruct(self) -> NDArray[np.uint8]:
        """Decode the codes of held-out images, up to 500, for a judge to compare with."""
        return self.decode(self.held_out.z_mean[references(self.held_out.n)])

    def encode(self, pixels: NDArray[np.uint8]) -> tuple[Floats, Floats | None]:
        """Encode images to codes (n, d), and to log-variances (n, d) for a VAE.

        Raises
        ------
        Lacking
            If the model has no encoder.
        """
        if self.autoencoder.encoder is None:
            raise Lacking("an encoder")
        means, log_variances = self.autoencoder.encode(pixels)
        return flatten_codes(means), None if log_variances is None else flatten_codes(log_variances)


@dataclass(frozen=True)
class AuditedModel:
    """A user's model, in the form in which claims know fixture models."""

    measured: MeasuredModel

    @property
    def subject_name(self) -> str:
        """The name of the model."""
        return self.measured.description.name

    def image_judge(self) -> ImageJudge:
        """Return the judge of the model's images."""
        if self.measured.image_judge is None:
            raise Lacking("a decoder, and so a judge of its images")
        return self.measured.image_judge

    @cached_property
    def whole(self) -> FixtureModel:
        """The fixture model that claims are given."""
        measured = self.measured
        if len(measured.trainings) > 1:
            everything = np.ones(measured.n, bool)
            cases = [(place, everything) for place in range(len(measured.trainings))]
        else:
            cases = [(0, measured.fold == part) for part in range(FOLDS)]
        return self._model(cases, ENOUGH)

    @cached_property
    def undivided(self) -> AuditedReplicate:
        """The first training with all of its codes."""
        model = self._model([(0, np.ones(self.measured.n, bool))], ENOUGH)
        replicate = model.replicates[0]
        assert isinstance(replicate, AuditedReplicate)  # noqa: S101 -- for mypy
        return replicate

    @cached_property
    def left_out(self) -> FixtureModel:
        """The only training, each time without another part of its images: a jackknife's samples.

        Moments are those of the images that are left, however few.
        """
        return self._model([(0, self.measured.fold != part) for part in range(FOLDS)], enough=0)

    def _model(self, cases: Sequence[tuple[int, NDArray[np.bool_]]], enough: int) -> FixtureModel:
        """Return a model of trainings by their places, each on some of the images."""
        measured = self.measured
        replicates = tuple(
            AuditedReplicate(
                self.description,
                seed,
                self._arrays(measured.trainings[place], part, enough),
                measured.autoencoders[place],
                "training" if part.all() else "part",
            )
            for seed, (place, part) in enumerate(cases)
        )
        return FixtureModel(self.description, replicates)

    @cached_property
    def description(self) -> Description:
        """The specification of the model."""
        subject, measured = self.measured.description, self.measured
        kind = "autoencoder" if measured.trainings[0].log_variances is None else "vae"
        return Description(
            name=subject.name,
            title=subject.name,
            catalogue="",
            departures="",
            images=subject.images or "codes",
            architecture=Architecture(name="yours", parameters={"latent_dim": measured.d}),
            objective=Objective(name=kind),
            training=Training(epochs=1, batch_size=1, learning_rate=1.0),
            seeds=tuple(range(FOLDS)),
            judge=subject.judge if subject.judge in registry.NAMES else None,
            words=capabilities.of_user(self._known()),
        )

    def _known(self) -> UserModel:
        """Return what decides the capabilities."""
        measured, subject = self.measured, self.measured.description
        return UserModel(
            images=subject.images or "codes",
            variational=measured.trainings[0].log_variances is not None,
            latent_dim=measured.d,
            judge=subject.judge,
            image_shape=measured.image_shape,
            encoder=measured.autoencoders[0].encoder is not None,
            decoder=measured.image_judge is not None,
            fitted_codes=int(measured.fitted.sum()),
            trainings=len(measured.trainings),
        )

    def _arrays(
        self, training: MeasuredTraining, part: NDArray[np.bool_], enough: int
    ) -> MeasuredArrays:
        """Return what a stored replicate would hold, of one part of the codes."""
        measured = self.measured
        own = np.flatnonzero(part & measured.fitted)
        moments = own if len(own) >= enough * measured.d else np.flatnonzero(measured.fitted)
        in_part = part[measured.judged]
        splits = {
            "train": (own[:KEPT], moments),
            "held_out": (measured.judged[in_part], np.flatnonzero(part & ~measured.fitted)),
        }
        arrays = MeasuredArrays(image_shape=np.array(measured.image_shape))
        for split, (sample, whole) in splits.items():
            arrays[f"{split}/z_mean"] = training.codes[sample]
            arrays[f"{split}/mean"] = training.codes[whole].mean(axis=0)
            if len(whole) > 2 * measured.d and measured.d <= WIDEST:
                covariance = np.atleast_2d(np.cov(training.codes[whole], rowvar=False))
                arrays[f"{split}/covariance"] = pack_symmetric(covariance)
            if training.log_variances is not None:
                arrays[f"{split}/z_log_var"] = training.log_variances[sample]
                arrays |= _posteriors(split, training, whole, measured)
            for name in ("labels", "groups"):
                known = getattr(measured, name)
                if known is not None:
                    arrays[f"{split}/{name}"] = known[sample]
        if training.error is not None:
            arrays["held_out/error"] = training.error[in_part]
        return arrays


def _posteriors(
    split: str, training: MeasuredTraining, chosen: NDArray[np.int64], measured: MeasuredModel
) -> dict[str, NDArray[Any]]:
    """Measure the posteriors of a VAE as the training pipeline does."""
    assert training.log_variances is not None  # noqa: S101 -- for mypy
    labels = None if measured.labels is None else measured.labels[chosen]
    measured_posteriors = posteriors.measure(
        training.codes[chosen], training.log_variances[chosen], labels, np.random.default_rng(0)
    )
    return {f"{split}/{name}": values for name, values in measured_posteriors.items()}
