"""A measured model: what claims and recommendations need of it, and its file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.audit.autoencoder import Autoencoder
from aelatent.audit.description import ModelDescription
from aelatent.audit.diagnosis import reasons
from aelatent.audit.padding import PaddedJudge
from aelatent.audit.reconstruction import Reconstruction
from aelatent.audit.similarity_judge import SimilarityJudge
from aelatent.audit.user_judge import UserJudge, named_judge
from aelatent.judges import JudgeCard, registry
from aelatent.judges.card import CardRow
from aelatent.judges.grade import Grade
from aelatent.judges.registry import ImageJudge
from aelatent.latent.cloud import Floats
from aelatent.runtime import files
from aelatent.runtime.arrays import pack, unpack

FOLDS = 5
PER_IMAGE = "labels", "groups"
PER_TRAINING = "codes", "log_variances", "error"
JUDGE, CARD, PADDING, LEAST_SCORE = "judge/", "card", "padding", "least_score"

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class MeasuredTraining:
    """The codes of one training, and how well it reconstructs.

    Attributes
    ----------
    codes : ndarray of float64, shape (n, d)
    log_variances : ndarray of float64, shape (n, d), or None
    error : ndarray of float64, shape (m,), or None
        Mean squared error of the reconstruction of each judged image, on the scale [0, 1].
    """

    codes: Floats
    log_variances: Floats | None = None
    error: Floats | None = None


@dataclass(frozen=True, eq=False)
class MeasuredModel:
    """A user's model with everything that claims and recommendations need of it.

    Attributes
    ----------
    description : ModelDescription
    autoencoders : tuple of Autoencoder
        One a training.
    trainings : tuple of MeasuredTraining
    fold : ndarray of int64, shape (n,)
        To which of five parts each image belongs; images of a group share theirs.
    fitted : ndarray of bool, shape (n,)
        Whether samplers are fitted to the code; they are compared with the other codes.
    judged : ndarray of int64, shape (m,)
        Positions of the images whose reconstructions were judged; none of them is fitted to.
    labels, groups : ndarray of int64, shape (n,), or None
    image_judge : ImageJudge or None
        The judge; None without a decoder.
    image_shape : tuple of int
        Of a decoded image, (h, w, c); empty without a decoder.
    reconstructions : tuple of Reconstruction
        How well each training reconstructs; empty without originals or a decoder.
    varied : bool
        Whether decoded codes of different images differ.
    seen : CardRow or None
        The grades that a judge which the description names gives to originals.
    recognisable : float
        Share of the first training's reconstructions that are damaged or clean, and not nothing.
    """

    description: ModelDescription
    autoencoders: tuple[Autoencoder, ...]
    trainings: tuple[MeasuredTraining, ...]
    fold: NDArray[np.int64]
    fitted: NDArray[np.bool_]
    judged: NDArray[np.int64]
    labels: NDArray[np.int64] | None = None
    groups: NDArray[np.int64] | None = None
    image_judge: ImageJudge | None = None
    image_shape: tuple[int, ...] = ()
    reconstructions: tuple[Reconstruction, ...] = ()
    varied: bool = True
    seen: CardRow | None = None
    recognisable: float = 1.0

    @property
    def d(self) -> int:
        """Number of latent dimensions."""
        return int(self.trainings[0].codes.shape[1])

    @property
    def n(self) -> int:
        """Number of codes."""
        return len(self.fold)

    @cached_property
    def refusals(self) -> tuple[str, ...]:
        """Why no sampler can be recommended for this model, in words; empty where one can."""
        return reasons(self)

    @property
    def sensitivity(self) -> str:
        """How many of the user's own originals a named judge accepts, in words; else empty."""
        if self.seen is None:
            return ""
        low, high = (100 * end for end in self.seen.interval(Grade.CLEAN))
        clean = 100 * self.seen.rate(Grade.CLEAN).value
        who = f"{self.judge_words[0].upper()}{self.judge_words[1:]}"
        return (
            f"{who} accepts {clean:.0f} % [{low:.0f}, {high:.0f}] of "
            f"{self.seen.n} of the images given"
        )

    @property
    def standard(self) -> str:
        """What decides that an image is clean, in words."""
        if self.sensitivity:
            return f"{self.sensitivity}; rates are corrected for it."
        if self.description.judge is not None:
            return f"Clean is what {self.judge_words} accepts."
        return (
            f"Clean means {self.judge_words} in colours, edges, layout and sharpness, by default: "
            "what an image shows is not recognised. A judge of your own can."
        )

    @cached_property
    def judge_words(self) -> str:
        """What accepts an image, in words."""
        name = self.description.judge
        if name is None:
            return f"similarity to your {'images' if self.description.images else 'decoded codes'}"
        return f"the judge of {name}" if name in registry.NAMES else f"your judge {name}"

    def pack(self) -> bytes:
        """Return everything but networks and images as the bytes of an .npz file."""
        arrays: Arrays = {
            "fold": self.fold,
            "fitted": self.fitted,
            "judged": self.judged,
            "image_shape": np.array(self.image_shape, np.int64),
            **self.autoencoders[0].arrays,
        }
        for name in PER_IMAGE:
            if getattr(self, name) is not None:
                arrays[name] = getattr(self, name)
        for place, training in enumerate(self.trainings):
            for name in PER_TRAINING:
                values = getattr(training, name)
                if values is not None:
                    arrays[f"{place}/{name}"] = values.astype(np.float32)
        if self.image_judge is not None:
            arrays |= _pack_judge(self.image_judge)
        return pack(arrays)

    @classmethod
    def unpack(cls, description: ModelDescription, path: Path) -> MeasuredModel:
        """Read what `pack` made, and load the networks again.

        Parameters
        ----------
        description : ModelDescription
            Of the model that was measured.
        path : Path
            The .npz file.

        Returns
        -------
        MeasuredModel

        Raises
        ------
        StorageError
            If the file cannot be read.
        """
        arrays = unpack(files.read(path), path)
        trainings = description.trainings
        measured = cls(
            description,
            tuple(Autoencoder.restore(description, training, arrays) for training in trainings),
            tuple(_unpack_training(arrays, place) for place in range(len(trainings))),
            arrays["fold"],
            arrays["fitted"],
            arrays["judged"],
            arrays.get("labels"),
            arrays.get("groups"),
            image_shape=tuple(arrays["image_shape"].tolist()),
        )
        if CARD not in arrays:
            return measured
        return replace(measured, image_judge=_unpack_judge(description, arrays, path))


def _unpack_training(arrays: Arrays, place: int) -> MeasuredTraining:
    values = {
        name: arrays[f"{place}/{name}"].astype(np.float64)
        for name in PER_TRAINING
        if f"{place}/{name}" in arrays
    }
    return MeasuredTraining(**values)


def _pack_judge(image_judge: ImageJudge) -> Arrays:
    """Return the card, and what was fitted to the user's images."""
    judge = image_judge.judge
    arrays: Arrays = {CARD: np.array(image_judge.card.to_json())}
    if isinstance(judge, PaddedJudge):
        arrays[PADDING] = np.array(judge.padding)
        judge = judge.judge
    if isinstance(judge, SimilarityJudge):
        arrays |= {f"{JUDGE}{name}": own for name, own in judge.arrays.items()}
    if isinstance(judge, UserJudge):
        arrays[LEAST_SCORE] = np.array(judge.threshold)
    return arrays


def _unpack_judge(description: ModelDescription, arrays: Arrays, path: Path) -> ImageJudge:
    own = {k.removeprefix(JUDGE): v for k, v in arrays.items() if k.startswith(JUDGE)}
    card = JudgeCard.from_json(str(arrays[CARD]), path)
    if own:
        return ImageJudge(SimilarityJudge(own), card)
    judge = named_judge(description)
    if isinstance(judge, UserJudge):
        judge.threshold = float(arrays[LEAST_SCORE])
    if PADDING in arrays:
        judge = PaddedJudge(judge, float(arrays[PADDING]))
    return ImageJudge(judge, card)
