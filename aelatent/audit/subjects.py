"""A measured subject as the plugin and the claims know fixture models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.audit.coder import Coder
from aelatent.audit.measuring import FOLDS, Measured, Trained
from aelatent.audit.subject import JUDGES
from aelatent.inference.estimates import Estimate
from aelatent.judges.registry import ImageJudge
from aelatent.latent.cloud import Floats
from aelatent.samplers.fitted import WIDEST
from aelatent.zoo import FixtureModel, Replicate, capabilities
from aelatent.zoo.capabilities import UserModel
from aelatent.zoo.replicate import pack_symmetric
from aelatent.zoo.specification import Architecture, Objective, Specification, Training

KEPT = 1000  # codes of either split that a replicate shows, as stored replicates do
ENOUGH = 4  # codes a dimension, from which on a fold has moments of its own


class Lacking(ValueError):
    """A claim asks for what the subject does not have: it is not applicable."""


class Kept(dict[str, NDArray[Any]]):
    """Arrays of a replicate; what is not there is lacking, and no mistake."""

    def __missing__(self, key: str) -> NDArray[Any]:
        raise Lacking(f"an audit does not measure {key!r}")


class Description(Specification):
    """A subject's specification; `words` are its capabilities."""

    words: frozenset[str] = frozenset()

    @property
    def capabilities(self) -> frozenset[str]:
        """What the subject is and has."""
        return self.words


@dataclass(frozen=True, eq=False)
class Audited(Replicate):
    """A training of the user's, or one of five parts of its codes where there is but one."""

    coder: Coder | None = field(default=None, kw_only=True)

    @property
    def name(self) -> str:
        """The model and which replicate or part it is."""
        return f"{self.specification.name}, part {self.seed + 1}"

    @property
    def scores(self) -> Mapping[str, Floats]:
        """Judge scores of the held-out reconstructions."""
        return {"reconstructions": self.arrays["held_out/scores_reconstructions"]}

    def errors(self, split: str) -> Floats:
        """Mean squared error per pixel of each held-out reconstruction, (n,)."""
        if split == "train":
            raise Lacking("which images the model was trained on is not known")
        return super().errors(split)

    def mean_error(self, split: str) -> Estimate:
        """Mean squared error per pixel of held-out images."""
        self.errors(split)
        return super().mean_error(split)

    @property
    def networks(self) -> Any:
        """The layers of a foreign model cannot be looked into."""
        raise Lacking("the layers of the networks")

    def untrained(self) -> Replicate:
        """Nobody knows what the networks were before training."""
        raise Lacking("the networks as they were before training")

    def decode(self, codes: NDArray[Any]) -> NDArray[np.uint8]:
        """Decode codes of shape (n, d) to images of shape (n, h, w, c)."""
        if self.coder is None or self.coder.decoder is None:
            raise Lacking("a decoder")
        return self.coder.decode(codes)

    def encode(self, pixels: NDArray[np.uint8]) -> tuple[Floats, Floats | None]:
        """Encode images to codes (n, d), and for a VAE the log-variances (n, d) with them."""
        if self.coder is None or self.coder.encoder is None:
            raise Lacking("an encoder")
        means, variances = (
            None if found is None else found.reshape(len(found), -1).astype(np.float64)
            for found in self.coder.encode(pixels)
        )
        assert means is not None  # noqa: S101 -- for mypy
        return means, variances


@dataclass(frozen=True)
class Subjects:
    """One subject in the place of a collection of fixture models."""

    measured: Measured

    @property
    def subject_name(self) -> str:
        """The subject's name."""
        return self.measured.subject.name

    def names(self) -> list[str]:
        """Return the only name."""
        return [self.subject_name]

    def specification(self, _: str) -> Description:
        """Return the subject's specification."""
        return self.description

    def expected(self, _: str) -> bool:
        """Tell that the subject is there."""
        return True

    def image_judge(self) -> ImageJudge:
        """Return the judge of the subject's images."""
        if self.measured.image_judge is None:
            raise Lacking("a decoder, and so a judge of its images")
        return self.measured.image_judge

    def model(self, _: str) -> FixtureModel:
        """Return the subject as claims know a fixture model."""
        return self.whole

    @cached_property
    def whole(self) -> FixtureModel:
        """The subject with its replicates."""
        measured = self.measured
        if len(measured.trainings) > 1:
            everything = np.ones(measured.n, bool)
            cases = [(place, everything) for place in range(len(measured.trainings))]
        else:
            cases = [(0, measured.fold == part) for part in range(FOLDS)]
        replicates = tuple(
            Audited(
                self.description,
                seed,
                self._arrays(measured.trainings[place], part),
                coder=measured.coders[place],
            )
            for seed, (place, part) in enumerate(cases)
        )
        return FixtureModel(self.description, replicates)

    @cached_property
    def description(self) -> Description:
        """What the subject is, in the terms of fixture models."""
        subject, measured = self.measured.subject, self.measured
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
            judge=subject.judge if subject.judge in JUDGES else None,
            words=capabilities.of_user(self._known()),
        )

    def _known(self) -> UserModel:
        """Return what decides the capabilities."""
        measured, subject = self.measured, self.measured.subject
        return UserModel(
            images=subject.images or "codes",
            variational=measured.trainings[0].log_variances is not None,
            latent_dim=measured.d,
            judge=subject.judge,
            image_shape=measured.image_shape,
            encoder=measured.coders[0].encoder is not None,
            decoder=measured.image_judge is not None,
            fitted_codes=int(measured.fitted.sum()),
        )

    def _arrays(self, training: Trained, part: NDArray[np.bool_]) -> Kept:
        """Return what a stored replicate would hold, of one part of the codes."""
        measured = self.measured
        own = np.flatnonzero(part & measured.fitted)
        moments = own if len(own) >= ENOUGH * measured.d else np.flatnonzero(measured.fitted)
        in_part = part[measured.judged]
        splits = {
            "train": (own[:KEPT], moments),
            "held_out": (measured.judged[in_part], np.flatnonzero(part & ~measured.fitted)),
        }
        arrays = Kept(image_shape=np.array(measured.image_shape))
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
        for name, key in (("error", "error"), ("scores", "scores_reconstructions")):
            values = getattr(training, name)
            if values is not None:
                arrays[f"held_out/{key}"] = values[in_part]
        return arrays


def _posteriors(
    split: str, training: Trained, chosen: NDArray[np.int64], measured: Measured
) -> dict[str, NDArray[Any]]:
    """Measure what claims ask of a VAE's posteriors, as production does."""
    from aelatent.training.pipeline import measure_posteriors

    assert training.log_variances is not None  # noqa: S101 -- for mypy
    labels = None if measured.labels is None else measured.labels[chosen]
    found = measure_posteriors(
        training.codes[chosen], training.log_variances[chosen], labels, np.random.default_rng(0)
    )
    return {f"{split}/{name}": values for name, values in found.items()}
