"""Measure a subject once: its codes, its reconstructions, and the judge of its images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent import data
from aelatent.audit import likeness, networks, untrusted_files
from aelatent.audit.coder import Coder, Pixels, Progress, flat, silent
from aelatent.audit.likeness import LikenessJudge
from aelatent.audit.subject import JUDGES, Part, Subject, SubjectError
from aelatent.data import Images
from aelatent.data.images import squared_errors
from aelatent.judges import JudgeCard, registry
from aelatent.judges.card import ORIGINALS, RECONSTRUCTIONS
from aelatent.judges.judge import Judge
from aelatent.judges.registry import ImageJudge
from aelatent.latent.cloud import Floats
from aelatent.runtime import files, resources
from aelatent.zoo import Collection

FOLDS = 5
TRAIN_SHARE = 0.6
HELD_OUT = 2000  # reconstructions that are judged, over all folds
REFERENCES = 1500
CARD = 400
LEAST = 500  # codes: a hundred a fold
MOST_NUMBERS = 2**27
TELLS = 0.2  # by which a judge accepts good images more often than spoilt ones, at least
SEED = 0
JUDGE, CARD_KEY = "judge/", "card"


@dataclass(frozen=True, eq=False)
class Trained:
    """What one training made of the images.

    Attributes
    ----------
    codes : ndarray of float64, shape (n, d)
    log_variances : ndarray of float64, shape (n, d), or None
    error : ndarray of float64, shape (m,), or None
        Mean squared error of the reconstruction of each judged image, on the scale [0, 1].
    scores : ndarray of float64, shape (m,), or None
        What the judge gave the reconstruction of each judged image.
    """

    codes: Floats
    log_variances: Floats | None = None
    error: Floats | None = None
    scores: Floats | None = None


@dataclass(frozen=True, eq=False)
class Measured:
    """A subject with everything that claims and recommendations need of it.

    Attributes
    ----------
    subject : Subject
    coders : tuple of Coder
        One a training.
    trainings : tuple of Trained
    fold : ndarray of int64, shape (n,)
        Which of five parts each image belongs to; images of a group share theirs.
    fitted : ndarray of bool, shape (n,)
        Whether laws are fitted to the code; the others are held against them.
    judged : ndarray of int64, shape (m,)
        The images, none of them fitted to, whose reconstructions were judged.
    labels, groups : ndarray of int64, shape (n,), or None
    examiner : ImageJudge or None
        The judge; None without a decoder.
    image_shape : tuple of int
        Of a decoded image, (h, w, c); empty without a decoder.
    blind : float or None
        Mean squared error of the mean image as a reconstruction of the judged ones; None without
        originals or a decoder.
    """

    subject: Subject
    coders: tuple[Coder, ...]
    trainings: tuple[Trained, ...]
    fold: NDArray[np.int64]
    fitted: NDArray[np.bool_]
    judged: NDArray[np.int64]
    labels: NDArray[np.int64] | None = None
    groups: NDArray[np.int64] | None = None
    image_judge: ImageJudge | None = None
    image_shape: tuple[int, ...] = ()
    blind: float | None = None

    @property
    def d(self) -> int:
        """Number of latent dimensions."""
        return int(self.trainings[0].codes.shape[1])

    @property
    def n(self) -> int:
        """Number of codes."""
        return len(self.fold)

    @cached_property
    def judge_words(self) -> str:
        """Say what accepted an image."""
        name = self.subject.judge
        if name is None:
            return "likeness to the model's own reconstructions"
        return f"the judge of {name}" if name in JUDGES else f"your judge {name}"

    def pack(self) -> bytes:
        """Return everything but networks and images as the bytes of an .npz file."""
        arrays: dict[str, NDArray[Any]] = {
            "fold": self.fold,
            "fitted": self.fitted,
            "judged": self.judged,
            "image_shape": np.array(self.image_shape, np.int64),
            "code_shape": np.array(self.coders[0].code_shape, np.int64),
        }
        for name in ("labels", "groups"):
            if getattr(self, name) is not None:
                arrays[name] = getattr(self, name)
        for place, training in enumerate(self.trainings):
            for name in ("codes", "log_variances", "error", "scores"):
                values = getattr(training, name)
                if values is not None:
                    arrays[f"{place}/{name}"] = values.astype(np.float32)
        if self.image_judge is not None:
            arrays[CARD_KEY] = np.array(self.image_judge.card.to_json())
            if isinstance(self.image_judge.judge, LikenessJudge):
                arrays |= {f"{JUDGE}{k}": v for k, v in self.image_judge.judge.arrays.items()}
        return files.pack(arrays)

    @classmethod
    def unpack(cls, subject: Subject, path: Path) -> Measured:
        """Read what `pack` made, and load the networks again."""
        arrays = files.unpack(files.read(path), path)
        shape = tuple(arrays["code_shape"].tolist())

        def of(place: int) -> Trained:
            found = {
                name: arrays[f"{place}/{name}"].astype(np.float64)
                for name in ("codes", "log_variances", "error", "scores")
                if f"{place}/{name}" in arrays
            }
            return Trained(**found)

        measured = cls(
            subject,
            tuple(Coder.of(subject, part, shape) for part in subject.parts),
            tuple(of(place) for place in range(len(subject.parts))),
            arrays["fold"],
            arrays["fitted"],
            arrays["judged"],
            arrays.get("labels"),
            arrays.get("groups"),
            image_shape=tuple(arrays["image_shape"].tolist()),
        )
        if CARD_KEY not in arrays:
            return measured
        known = {k.removeprefix(JUDGE): v for k, v in arrays.items() if k.startswith(JUDGE)}
        card = JudgeCard.from_json(str(arrays[CARD_KEY]), path)
        judge = LikenessJudge(known) if known else _named_judge(subject)
        if isinstance(judge, OwnJudge):
            judge.threshold = card.threshold
        return replace(measured, image_judge=ImageJudge(judge, card))


def measure(subject: Subject, progress: Progress = silent) -> Measured:
    """Load a subject's networks, encode its images, reconstruct some and calibrate its judge.

    Raises
    ------
    SubjectError
        If the description and the networks, images or codes do not go together.
    ForeignFileError, DataError
        If a file is refused or cannot be read.
    """
    images = _images(subject)
    coders, trainings = zip(*_encoded(subject, images, progress), strict=True)
    n = len(trainings[0].codes)
    _same_codes(trainings)
    labels, groups = (_integers(subject, name, n, images) for name in ("labels", "groups"))
    rng = np.random.default_rng(SEED)
    fold, fitted = _parts(n, groups, rng)
    judged = np.flatnonzero(~fitted)
    judged = np.sort(rng.permutation(judged)[:HELD_OUT])
    measured = Measured(subject, coders, trainings, fold, fitted, judged, labels, groups)
    if coders[0].decoder is None:
        return measured
    return _judged(measured, images, rng, progress)


def _judged(
    measured: Measured, images: Images | None, rng: np.random.Generator, progress: Progress
) -> Measured:
    """Reconstruct images, make the judge, measure its card, and judge the reconstructions."""
    coders, chosen = measured.coders, measured.judged
    copies = [
        coder.decode(training.codes[chosen], progress)
        for coder, training in zip(coders, measured.trainings, strict=True)
    ]
    originals = None if images is None else images.pixels[chosen]
    references = rng.permutation(np.flatnonzero(measured.fitted))[:REFERENCES]
    right = np.arange(len(chosen)) % 2 == 0
    judge: Judge
    if measured.subject.judge is None:
        known = coders[0].decode(measured.trainings[0].codes[references], progress)
        judge = LikenessJudge(likeness.calibrate(known, copies[0][right][:CARD]))
    else:
        judge = _named_judge(measured.subject)
        if isinstance(judge, OwnJudge):
            judge.settle((copies[0] if originals is None else originals)[right][:CARD])
    mine = copies[0][~right][:CARD]
    good = {RECONSTRUCTIONS: mine}
    if originals is not None:
        real = {ORIGINALS: originals[~right][:CARD]}
        good = {**good, **real} if measured.subject.judge is None else {**real, **good}
    image_judge = likeness.examine(
        judge, good, mine if originals is None else originals[:CARD], rng
    )
    _check_judge(measured, image_judge.card)
    trainings = []
    for training, pixels in zip(measured.trainings, copies, strict=True):
        progress("judging", 0, len(pixels))
        error = None
        if originals is not None:
            error = squared_errors(pixels, originals)
        trainings.append(replace(training, error=error, scores=judge.scores(pixels)))
    return replace(
        measured,
        trainings=tuple(trainings),
        image_judge=image_judge,
        image_shape=copies[0].shape[1:],
        blind=None if originals is None else _spread(originals),
    )


def _check_judge(measured: Measured, card: JudgeCard) -> None:
    """Refuse a judge that tells the subject's images hardly from noise, tiles and strokes."""
    mine, others = card.sensitivity.value, card.false_acceptance.value
    if mine - others < TELLS:
        raise SubjectError(
            f"judge: expected one that accepts images such as yours and no spoilt ones, "
            f"{measured.judge_words} accepts {100 * mine:.0f} % of yours and {100 * others:.0f} % "
            "of noise, shuffled tiles and strokes. Name another, or none for likeness to the "
            "model's own reconstructions"
        )


def _spread(originals: Pixels) -> float:
    """Return the mean squared error of the mean image, on the scale [0, 1]."""
    mean = np.rint(originals.mean(axis=0)).astype(np.uint8)
    return float(squared_errors(np.broadcast_to(mean, originals.shape), originals).mean())


class OwnJudge:
    """A judge in the user's own code: scores, or yes and no, for images."""

    def __init__(self, name: str, folder: Path, threshold: float = 0.5) -> None:
        self.name = name
        self.threshold = threshold
        self._call = networks.own(name, folder)

    def settle(self, originals: Pixels) -> None:
        """Set the threshold so that 97 % of these are accepted, unless the judge says yes or no."""
        scores = self.scores(originals)
        if set(np.unique(scores)) - {0.0, 1.0}:
            self.threshold = float(np.quantile(scores, 1 - likeness.ACCEPTED))

    def scores(self, pixels: Pixels) -> Floats:
        """Return what the user's code says of each image, (n,)."""
        said = np.asarray(self._call(pixels))
        if said.shape != (len(pixels),):
            raise SubjectError(
                f"{self.name}: expected one score for each of {len(pixels)} images, received an "
                f"array of shape {said.shape}"
            )
        return said.astype(np.float64)

    def accepts(self, pixels: Pixels) -> NDArray[np.bool_]:
        """Return for each image whether its score reaches the threshold."""
        return self.scores(pixels) >= self.threshold


def _named_judge(subject: Subject) -> Judge:
    """Make the judge that a description names."""
    assert subject.judge is not None  # noqa: S101 -- for mypy: callers have looked
    if subject.judge in JUDGES:
        return registry.make_judge(subject.judge, Collection(resources.folder("fixtures")))
    return OwnJudge(subject.judge, subject.folder)


def _images(subject: Subject) -> Images | None:
    """Load the images; of more than `most`, so many are chosen."""
    if subject.source is None:
        return None
    options: dict[str, Any] = {} if subject.side is None else {"side": subject.side}
    images = data.load(subject.source, **options)
    if subject.most >= len(images):
        return images
    return images.take(_chosen(len(images), subject.most))


def _chosen(n: int, most: int) -> NDArray[np.int64]:
    return np.sort(np.random.default_rng(SEED).permutation(n)[:most])


def _encoded(
    subject: Subject, images: Images | None, progress: Progress
) -> Iterator[tuple[Coder, Trained]]:
    """Yield the networks and the codes of each training, after a look at whether they fit."""
    for part in subject.parts:
        coder = Coder.of(subject, part)
        if images is not None and part.encoder is not None:
            coder.check_reconstructions(images.pixels)
            means, variances = coder.encode(images.pixels, progress)
        else:
            means, variances = _stored_codes(subject, part)
        coder = replace(coder, code_shape=means.shape[1:])
        if len(means) < LEAST:
            raise SubjectError(
                f"{subject.name}: expected {LEAST} codes or more, received {len(means)}. Give more "
                "images"
            )
        if images is not None and len(means) != len(images):
            raise SubjectError(
                f"{subject.name}: expected a code for each of {len(images)} images, received "
                f"{len(means)}"
            )
        keep = slice(0, max(LEAST, MOST_NUMBERS // int(np.prod(means.shape[1:]))))
        codes = flat(means[keep])
        if part.encoder is None:
            coder.check_outputs(codes)
        yield coder, Trained(codes, None if variances is None else flat(variances[keep]))


def _stored_codes(subject: Subject, part: Part) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Read codes, and log-variances if there are some."""
    found: list[NDArray[Any] | None] = []
    for name in (part.codes, part.log_variances):
        if name is None:
            found.append(None)
            continue
        values = untrusted_files.load_codes(subject.path(name))
        if values.ndim < 2 or not np.isfinite(values).all():
            raise SubjectError(
                f"{subject.path(name)}: expected finite codes of shape (n, ...), received "
                f"{values.dtype} of shape {values.shape}"
                + ("" if values.ndim < 2 else " with NaN or infinity")
            )
        found.append(values[_chosen(len(values), subject.most)].astype(np.float32))
    codes, variances = found
    assert codes is not None  # noqa: S101 -- for mypy: a part has an encoder or codes
    if variances is not None and variances.shape != codes.shape:
        raise SubjectError(
            f"{part.log_variances}: expected log-variances of the codes' shape {codes.shape}, "
            f"received {variances.shape}"
        )
    return codes, variances


def _same_codes(trainings: tuple[Trained, ...]) -> None:
    shapes = {training.codes.shape for training in trainings}
    if len(shapes) > 1:
        raise SubjectError(
            f"replicates: expected codes of one shape from all trainings, received {sorted(shapes)}"
        )


def _integers(
    subject: Subject, name: str, n: int, images: Images | None
) -> NDArray[np.int64] | None:
    """Return labels or groups: from a file, or those that the images have."""
    file = getattr(subject, name)
    if file is None:
        known = None if images is None else getattr(images, name)
        return None if known is None else np.asarray(known[:n], np.int64)
    values = untrusted_files.load_codes(subject.path(file))
    everything = values.shape[:1] == (n,) or len(values) > subject.most
    if values.ndim != 1 or not np.issubdtype(values.dtype, np.integer) or not everything:
        raise SubjectError(
            f"{subject.path(file)}: expected {n} integers, one an image, received {values.dtype} "
            f"of shape {values.shape}"
        )
    return np.asarray(values[_chosen(len(values), subject.most)][:n], np.int64)


def _parts(
    n: int, groups: NDArray[np.int64] | None, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Deal images out to folds, and to what laws are fitted to; a group goes one way."""
    known = np.arange(n) if groups is None else np.unique(groups, return_inverse=True)[1]
    count = int(known.max()) + 1
    place = rng.permutation(count)[known]
    return place % FOLDS, (place // FOLDS) / max(1, -(-count // FOLDS)) < TRAIN_SHARE


def card_of(measured: Measured) -> Mapping[str, Any] | None:
    """Return what the report says of the judge."""
    if measured.image_judge is None:
        return None
    card = measured.image_judge.card
    return {
        "judge": measured.judge_words,
        "sensitivity": card.sensitivity.value,
        "false_acceptance": card.false_acceptance.value,
        "rows": [{"kind": row.kind, "n": row.n, "rate": row.rate} for row in card.rows],
    }
