"""`aelatent.audit`: the audit of a model whose objects lie in memory."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aelatent.audit import forms, inputs, loading, objects
from aelatent.audit.autoencoder import Autoencoder, Range, flatten_codes
from aelatent.audit.conditions import ConditionTable, conditioned, several, table
from aelatent.audit.description import OBJECTS, DescriptionError, ModelDescription
from aelatent.audit.measured import MeasuredTraining
from aelatent.audit.measuring import measure_loaded
from aelatent.audit.progress import Progress, reporter
from aelatent.audit.recommendation import recommend
from aelatent.audit.result import AuditResult
from aelatent.data import Images

CONDITIONS = (
    "; each image has its own condition, draws are decoded with conditions of images at random"
)
NAMED = {"uint8": (0.0, 255.0)}


def audit(
    model: Any = None,
    *,
    encoder: Any = None,
    decoder: Any = None,
    images: Any = None,
    codes: Any = None,
    log_variances: Any = None,
    labels: Any = None,
    range: Any = None,  # noqa: A002 -- the word of descriptions, and of the field
    channels: str | None = None,
    shape: tuple[int, ...] | None = None,
    batch_size: int | None = None,
    condition: Any = None,
    judge: str | None = None,
    most: int = 10_000,
    name: str = "your model",
    progress: bool | Progress = True,
) -> AuditResult:
    """Find out whether the latent space of an autoencoder can be sampled, and how.

    Parameters
    ----------
    model : object or list of object, optional
        With `encode` and `decode`, or `encoder` and `decoder`; instead of these two. Of a list,
        trainings of one model from several seeds, the first is sampled, and intervals of the claims
        are over trainings.
    encoder, decoder : callable, torch.nn.Module, keras.Model, or path of an .onnx or .keras file
        They take and return batches of arrays or tensors. An encoder may return codes, means and
        log-variances in any order, a dictionary, or a distribution.
    images : array, tensor, list, folder, data set or loader
        500 or more, uint8 or floats in [0, 1], [-1, 1] or [0, 255], grey or RGB, channels first or
        last; best images that the model was not trained on.
    codes, log_variances : array or tensor, shape (n, ...), optional
        Instead of an encoder and images.
    labels : array of int, shape (n,), optional
        Classes of the images, or of the codes.
    range : tuple of float, or a pair of these, optional
        Values of black and white of the networks; a pair for encoder and decoder. Found out by
        default.
    channels : {"last", "first"}, optional
        Where images and networks have the channel axis; found out by default.
    shape : tuple of int, optional
        Of one image, (h, w) or (h, w, c), where images are flat; squares by default.
    batch_size : int, optional
        The number of inputs that the networks take at once; 64 or what they take by default.
    condition : int, float or array of shape (k,), (n,) or (n, k), optional
        What a conditional decoder, and an encoder if it takes it, gets besides its input. One
        condition is repeated for each input: give images of it, such as `images=x[y == 3],
        condition=3`. With one for each image (n is 500 or more), such as `condition=y`, images are
        encoded and reconstructed with their own, and draws are decoded with those of images that
        are chosen at random.
    judge : {"faces", "digits"}, optional
        Judges decoded images; similarity to your own images by default.
    most : int
        Use a random choice of so many images if there are more.
    name : str
        Of the model, for the report.
    progress : bool or callable
        Whether to show bars; or a callable, see `aelatent.audit.progress`.

    Returns
    -------
    AuditResult

    Raises
    ------
    DescriptionError, DataError, UntrustedFileError
        If the networks do not fit the images, or images come with codes; the message says what was
        expected and received.

    Examples
    --------
    ::

        r = aelatent.audit(encoder=net.encode, decoder=net.decode, images=x)
        r.ok, r.advice
        z = r.sampler.draw(64)
    """
    pairs = [(encoder, decoder)]
    if model is not None:
        pairs = [objects.encoder_and_decoder(each) for each in objects.models_of(model)]
    own = condition is not None and several(condition)
    if condition is not None and not own:
        pairs = [(conditioned(a, condition), conditioned(b, condition)) for a, b in pairs]
    encoder, decoder = pairs[0]
    options = _Options(
        _ranges(range), channels, shape, batch_size, condition if own else None, labels, most
    )
    description = _description(name, encoder, decoder, images, judge, most)
    _check_given(encoder, images, codes)
    with reporter(progress) as report:
        loaded = (
            _with_images(pairs, images, options, report)
            if codes is None
            else _with_codes(decoder, codes, log_variances, options)
        )
        first, training = loaded.trainings[0]
        told = forms.read_as(loaded.words, first, len(loaded.trainings))
        told += CONDITIONS if own else ""
        if progress is True:
            sys.stderr.write(f"{told}\n")
        loading.check_number(description, len(training.codes), loaded.images)
        measured = measure_loaded(
            description, loaded.images, loaded.trainings, loaded.labels, None, report
        )
        rng = np.random.default_rng(0)
        advised = None if measured.image_judge is None else recommend(measured, rng, report)
    return AuditResult(Path(), measured, advised, (), told)


class _Options(NamedTuple):
    """How to read images or codes, and what belongs to each of them; see `audit`."""

    ranges: tuple[Range | None, Range | None]
    channels: str | None
    shape: tuple[int, ...] | None
    batch_size: int | None
    conditions: Any
    labels: Any
    most: int

    def table(self, rows: Any, chosen: Any, n: int | None) -> ConditionTable | None:
        """Return the conditions of images or codes if each has its own, as `conditions.table`."""
        return None if self.conditions is None else table(self.conditions, rows, chosen, n)

    def network(self, role: str, given: Any, known: ConditionTable | None) -> Any:
        """Return an encoder or decoder as a network; None where there is none."""
        return None if given is None else objects.network(role, given, self.batch_size, known)


class _Loaded(NamedTuple):
    """What an audit measures: images if there are any, and networks with codes, one a training."""

    images: Images | None
    labels: NDArray[np.int64] | None
    trainings: list[tuple[Autoencoder, MeasuredTraining]]
    words: str


def _check_given(encoder: Any, images: Any, codes: Any) -> None:
    if codes is not None and images is not None:
        raise DescriptionError(
            "audit: expected codes, or an encoder and images, received codes and images. Leave "
            "out the images, or give the encoder that made the codes in place of them"
        )
    if codes is None and (encoder is None or images is None):
        raise DescriptionError(
            "audit: expected an encoder and images, or codes, received "
            f"{'no images' if images is None else 'no encoder'}. Call: "
            "aelatent.audit(encoder=f, decoder=g, images=x)"
        )


def _with_images(
    pairs: Sequence[tuple[Any, Any]], images: Any, options: _Options, report: Progress
) -> _Loaded:
    """Encode images with each training's networks, in the form that fits the images."""
    taken = inputs.given_images(
        images, options.channels, options.shape, options.labels, options.most
    )
    given = taken.images
    known = options.table(given.pixels, taken.chosen, taken.given)
    trainings = []
    for encoder, decoder in pairs:
        found = forms.found_autoencoder(
            options.network("encoder", encoder, known),
            options.network("decoder", decoder, known),
            taken,
            options.ranges,
            options.channels,
        )
        trainings.append((found, _training(*found.encode(given.pixels, report))))
    return _Loaded(given, given.labels, trainings, taken.words)


def _with_codes(decoder: Any, codes: Any, log_variances: Any, options: _Options) -> _Loaded:
    """Take codes as they are, and the decoder in the form that fits them."""
    means = _codes(codes, "codes")
    n = len(means)
    labels = None if options.labels is None else inputs.classes(options.labels, n)
    network = options.network("decoder", decoder, options.table(means, np.arange(n), n))
    training = _from_codes(network, means, log_variances, options.ranges[1], options.shape)
    return _Loaded(None, labels, [training], f"{n:,} codes")


def _training(means: Any, variances: Any) -> MeasuredTraining:
    flat = None if variances is None else flatten_codes(variances)
    return MeasuredTraining(flatten_codes(means), flat)


def _ranges(given: Any) -> tuple[Range | None, Range | None]:
    """Return the ranges of encoder and decoder; None where the user gives none."""
    if given is None:
        return None, None
    if isinstance(given, dict):
        return _one_range(given.get("encoder")), _one_range(given.get("decoder"))
    if len(given) == 2 and not any(np.isscalar(each) for each in given):
        return _one_range(given[0]), _one_range(given[1])
    return _one_range(given), _one_range(given)


def _one_range(given: Any) -> Range | None:
    if given is None:
        return None
    given = NAMED.get(given, given) if isinstance(given, str) else given
    try:
        low, high = (float(each) for each in given)
    except (TypeError, ValueError):
        low, high = 0.0, 0.0
    if not low < high:
        raise DescriptionError(
            f"range: expected (black, white), such as (0, 1), or a pair of these, received {given}"
        )
    return low, high


def _description(
    name: str, encoder: Any, decoder: Any, images: Any, judge: str | None, most: int
) -> ModelDescription:
    """Describe objects as a file describes files; nothing is loaded by these names."""
    if judge is not None and judge not in loading.JUDGES:
        raise DescriptionError(
            f"judge: expected one of {', '.join(loading.JUDGES)}, received {judge!r}"
        )
    return ModelDescription.model_construct(
        name=name,
        encoder=None if encoder is None else "encoder",
        decoder=None if decoder is None else "decoder",
        codes="codes" if encoder is None else None,
        images=None if images is None else "images",
        judge=judge,
        most=most,
        file=OBJECTS,
    )


def _codes(given: Any, where: str) -> Any:
    values = np.asarray(given.detach().cpu() if hasattr(given, "detach") else given)
    loading.check_codes(values, where)
    return values.astype(np.float32)


def _from_codes(
    decoder: Any, means: Any, variances: Any, value_range: Range | None, shape: Any
) -> tuple[Autoencoder, MeasuredTraining]:
    """Return the decoder in the form that fits codes, and the codes."""
    spread = None if variances is None else _codes(variances, "log_variances")
    if spread is not None and spread.shape != means.shape:
        raise DescriptionError(
            f"log_variances: expected the codes' shape {means.shape}, received {spread.shape}"
        )
    found = Autoencoder(None, None, (0.0, 1.0), code_shape=means.shape[1:])
    if decoder is not None:
        found = forms.found_decoder(decoder, means, value_range, shape)
    return found, _training(means, spread)
