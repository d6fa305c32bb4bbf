"""`aelatent.audit`: the audit of a model whose objects lie in memory."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

from aelatent.audit import forms, inputs, loading, objects
from aelatent.audit.autoencoder import Autoencoder, Range, flatten_codes
from aelatent.audit.conditions import ConditionTable, conditioned, several, table
from aelatent.audit.description import OBJECTS, DescriptionError, ModelDescription
from aelatent.audit.measured import MeasuredTraining
from aelatent.audit.measuring import measure_loaded
from aelatent.audit.networks import Network
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
        Instead of an encoder.
    labels : array of int, shape (n,), optional
        Classes of the images.
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
        If the networks do not fit the images; the message says what was expected and received.

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
    report = reporter(progress)
    ranges = _ranges(range)
    description = _description(name, encoder, decoder, images, judge, most)
    given: Images | None = None
    if codes is not None:
        means = _codes(codes, "codes")
        known = table(condition, means, np.arange(len(means)), len(means)) if own else None
        decoding = _network("decoder", decoder, batch_size, known)
        loaded = [_from_codes(decoding, means, log_variances, ranges[1], shape)]
        told = f"{len(means):,} codes"
    else:
        _check_given(encoder, images)
        taken = inputs.given_images(images, channels, shape, labels, most)
        given, told = taken.images, taken.words
        known = table(condition, given.pixels, taken.chosen, taken.given) if own else None
        loaded = [
            _encoded(
                _network("encoder", encode, batch_size, known),
                _network("decoder", decode, batch_size, known),
                taken,
                ranges,
                channels,
                report,
            )
            for encode, decode in pairs
        ]
    told = forms.read_as(told, loaded[0][0], len(loaded)) + (CONDITIONS if own else "")
    if progress is True:
        sys.stderr.write(f"{told}\n")
    loading.check_number(description, len(loaded[0][1].codes), given)
    classes = None if given is None else given.labels
    measured = measure_loaded(description, given, loaded, classes, None, report)
    rng = np.random.default_rng(0)
    advised = None if measured.image_judge is None else recommend(measured, rng, report)
    return AuditResult(Path(), measured, advised, (), told)


def _network(role: str, given: Any, batch_size: int | None, known: ConditionTable | None) -> Any:
    return None if given is None else objects.network(role, given, batch_size, known)


def _check_given(encoder: Any, images: Any) -> None:
    if encoder is None or images is None:
        raise DescriptionError(
            "audit: expected an encoder and images, or codes, received "
            f"{'no images' if images is None else 'no encoder'}. Call: "
            "aelatent.audit(encoder=f, decoder=g, images=x)"
        )


def _encoded(
    encoding: Network,
    decoding: Network | None,
    taken: inputs.GivenImages,
    ranges: tuple[Range | None, Range | None],
    channels: str | None,
    report: Progress,
) -> tuple[Autoencoder, MeasuredTraining]:
    """Return the networks of a training in the form that fits the images, and their codes."""
    found = forms.found_autoencoder(encoding, decoding, taken, ranges, channels)
    return found, _training(*found.encode(taken.images.pixels, report))


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
