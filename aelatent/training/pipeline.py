"""Makes replicates: trains them, measures what claims need, and stores both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from aelatent.data import Images
from aelatent.data.images import squared_errors
from aelatent.judges import JudgeCard, labelling, measurement, registry
from aelatent.judges.card import ORIGINALS
from aelatent.judges.digit_calibration import calibrate
from aelatent.judges.digits import PREFIX
from aelatent.judges.grade import Grade
from aelatent.judges.judge import ClassJudge
from aelatent.judges.measurement import Kind
from aelatent.models import Networks
from aelatent.runtime import environment, files
from aelatent.runtime.arrays import pack
from aelatent.runtime.locks import locked
from aelatent.training import Checkpoint, train, train_together
from aelatent.training.loop import precision
from aelatent.training.pca_baseline import ensure_baseline
from aelatent.zoo import Collection, LockEntry, Replicate, filename, posteriors
from aelatent.zoo.collection import SAMPLE_SEED, kept_sample
from aelatent.zoo.replicate import pack_symmetric
from aelatent.zoo.specification import Specification
from aelatent.zoo.store import StoredReplicate, check_procedure, existing, is_whole, save

CARD_IMAGES = 1000
CODES_IN_MEMORY = 2**27  # numbers: 1 GiB in float64; beyond, fewer images are measured

Arrays = dict[str, NDArray[Any]]
Summary = dict[str, float]


def produce(
    collection: Collection, name: str, seed: int, images: Callable[[str], Images]
) -> StoredReplicate:
    """Train, measure and store one replicate, unless it is stored already.

    Of two processes that make the same replicate the second waits, and finds it done.

    Parameters
    ----------
    collection : Collection
    name : str
        A fixture model of the collection.
    seed : int
    images : callable
        From the name of an image set to `Images`; called only if there is work to do.

    Returns
    -------
    StoredReplicate

    Raises
    ------
    FixtureError
        If stored replicates of the model are of another procedure of training.
    """
    specification = collection.specification(name)
    workshop = collection.workshop(name)
    workshop.mkdir(parents=True, exist_ok=True)
    with locked(workshop / f"seed-{seed}.lock"):
        if stored := existing(collection, name, seed):
            return stored
        check_procedure(collection, name, seed)
        keras.backend.clear_session()
        photographs = images(specification.images)
        networks, checkpoint = train(specification, photographs, seed, workshop / filename(seed))
        arrays, summary = measure(specification, seed, networks, photographs)
        content = pack(arrays)
        entry = describe(collection, specification, checkpoint, content, summary)
        stored = save(collection, name, entry, content)
        with locked(collection.workshop("pca_baselines").with_suffix(".lock")):
            ensure_baseline(collection, photographs, specification.latent_dim or 0)
    return stored


def prepare(
    collection: Collection, name: str, seeds: Sequence[int], images: Callable[[str], Images]
) -> None:
    """Train side by side those replicates of a model that are not stored yet.

    Their checkpoints are then finished, so that `produce` only measures and stores them.

    Parameters
    ----------
    collection : Collection
    name : str
        A fixture model of the collection.
    seeds : sequence of int
    images : callable
        As `produce` takes it.

    Raises
    ------
    FixtureError
        If stored replicates of the model are of another procedure of training.
    FloatingPointError
        If the loss of one is not finite: `produce` continues each from its last checkpoint.
    """
    specification = collection.specification(name)
    workshop = collection.workshop(name)
    workshop.mkdir(parents=True, exist_ok=True)
    with ExitStack() as locks:
        for seed in sorted(seeds):
            locks.enter_context(locked(workshop / f"seed-{seed}.lock"))
        paths = {
            seed: workshop / filename(seed)
            for seed in seeds
            if not is_whole(collection, name, seed)
        }
        for seed in paths:
            check_procedure(collection, name, seed)
        if paths:
            keras.backend.clear_session()
            train_together(specification, images(specification.images), paths)


def measure(
    specification: Specification,
    seed: int,
    networks: Networks,
    images: Images,
) -> tuple[Arrays, Summary]:
    """Measure a trained model.

    Everything is measured in float32 with the weights as they are stored, so that a claim that
    decodes later sees what was measured here.

    Parameters
    ----------
    specification : Specification
    seed : int
    networks : dict of keras.Model
    images : Images

    Returns
    -------
    arrays : dict of ndarray
        What the replicate keeps.
    summary : dict of float
        What its lock entry keeps.
    """
    arrays: Arrays = {"image_shape": np.array(images.shape, dtype=np.int32)}
    weights = {
        f"{name}/{position:03d}": to_float16(keras.ops.convert_to_numpy(variable))
        for name, network in networks.items()
        for position, variable in enumerate(network.variables)
        if specification.trained
    }
    everything = specification.store.model_copy(update={"weights": True})
    whole_model = specification.model_copy(update={"store": everything})
    replicate = Replicate(whole_model, seed, {**arrays, **weights})
    chosen = specification.store.weights
    arrays |= {key: value for key, value in weights.items() if _kept(key, chosen)}
    if specification.objective.name == "classifier":
        return {**arrays, **measure_classifier(replicate, images)}, {}

    summary: Summary = {}
    training = images.training(specification.training.first)
    for split, part in (("train", training), ("held_out", images.held_out())):
        count = getattr(specification.store, f"{split}_codes")
        kept, totals = measure_split(replicate, part, count)
        arrays |= {f"{split}/{field}": value for field, value in kept.items()}
        summary |= {f"{split}_{field}": value for field, value in totals.items()}
    return arrays, summary


def _kept(key: str, weights: bool | str) -> bool:
    """Tell whether the weights stored under `key` belong to what a specification keeps."""
    return weights is True or key.partition("/")[0] == weights


def measure_classifier(replicate: Replicate, images: Images) -> Arrays:
    """Calibrate the digit judge on training images that its classifier has not seen.

    Parameters
    ----------
    replicate : Replicate
        Of the classifier.
    images : Images
        With labels.

    Returns
    -------
    dict of ndarray

    Raises
    ------
    ValueError
        If the images have no labels.
    """
    training = images.training()
    if training.labels is None:
        raise ValueError(f"images {images.name!r}: expected labels for a classifier, found none")
    known = np.arange(len(training)) < (replicate.specification.training.first or len(training))
    arrays = calibrate(
        replicate.classify,
        (training.pixels[known], training.labels[known]),
        (training.pixels[~known], training.labels[~known]),
        np.random.default_rng(SAMPLE_SEED),
    )
    return {f"{PREFIX}{name}": values for name, values in arrays.items()}


def measure_split(replicate: Replicate, images: Images, count: int) -> tuple[Arrays, Summary]:
    """Encode and decode one split; keep the moments of all codes and a sample of them.

    Parameters
    ----------
    replicate : Replicate
    images : Images
        The training or the held-out part.
    count : int
        Size of the sample.

    Returns
    -------
    arrays : dict of ndarray
    summary : dict of float
        Means over all images.
    """
    rng = np.random.default_rng(SAMPLE_SEED)
    images = images.take(np.arange(min(len(images), CODES_IN_MEMORY // latent_dim(replicate))))
    z_mean, z_log_var = replicate.encode(images.pixels)
    decoded = replicate.decode(z_mean)
    error = squared_errors(decoded, images.pixels)
    sample = kept_sample(len(images), count)
    chosen = images.take(sample)
    kept: Arrays = {
        "z_mean": to_float16(z_mean[sample]),
        "mean": z_mean.mean(axis=0).astype(np.float32),
        "error": to_float16(error[sample]),
    }
    if replicate.specification.store.covariance:
        kept["covariance"] = pack_symmetric(np.atleast_2d(np.cov(z_mean, rowvar=False)))
    if z_log_var is not None:
        kept["z_log_var"] = to_float16(z_log_var[sample])
        kept |= posteriors.measure(z_mean, z_log_var, images.labels, rng)
    for field, values in (("labels", chosen.labels), ("groups", chosen.groups)):
        if values is not None:
            kept[field] = values.astype(np.int64)
    summary = {"images": float(len(images)), "error": float(error.mean())}
    return kept, summary


def to_float16(values: NDArray[Any]) -> NDArray[Any]:
    """Return an array in float16, or in float32 where that would overflow.

    Raises
    ------
    FloatingPointError
        If it holds a NaN or an infinity already.

    Examples
    --------
    >>> to_float16(np.array([0.5, 6e4])).dtype, to_float16(np.array([0.5, 7e4])).dtype
    (dtype('float16'), dtype('float32'))
    """
    if not np.isfinite(values).all():
        raise FloatingPointError(
            "expected finite weights, codes and errors to store, received NaN or infinity: the "
            "training diverged; lower its learning rate"
        )
    fits = values.size == 0 or np.abs(values).max() <= np.finfo(np.float16).max
    return values.astype(np.float16 if fits else np.float32)


def latent_dim(replicate: Replicate) -> int:
    """Return the number of latent dimensions of a model that has some."""
    dimensions = replicate.specification.latent_dim
    if dimensions is None:
        raise ValueError(f"{replicate.name}: expected a model with latent dimensions")
    return dimensions


def describe(
    collection: Collection,
    specification: Specification,
    checkpoint: Checkpoint,
    content: bytes,
    summary: Summary,
) -> LockEntry:
    """Compose the lock entry of a replicate.

    Parameters
    ----------
    collection : Collection
    specification : Specification
    checkpoint : Checkpoint
        Of the finished training.
    content : bytes
        Of the replicate's file.
    summary : dict of float
        As `measure` returns it.

    Returns
    -------
    LockEntry
    """
    return LockEntry(
        file=filename(checkpoint.seed),
        sha256=files.digest(content),
        bytes=len(content),
        specification=specification.digest,
        seed=checkpoint.seed,
        epochs=checkpoint.epoch,
        procedure=checkpoint.procedure,
        precision=precision(),
        backend=keras.backend.backend(),
        versions=environment.versions(),
        hardware=environment.hardware(),
        commit=environment.commit(collection.folder),
        seconds=round(checkpoint.seconds, 1),
        summary={field: round(value, 6) for field, value in summary.items()},
        history=[
            {loss: float(f"{value:.6g}") for loss, value in epoch.items()}
            for epoch in checkpoint.history
        ],
    )


def measure_card(name: str, collection: Collection, images: Callable[[str], Images]) -> JudgeCard:
    """Measure the card of a judge on held-out images and on images of other things; store it.

    Reconstructions come from the first replicate of every trained model of the judge's images;
    decodes of an untrained decoder come from the same networks before training.

    Parameters
    ----------
    name : str
        "faces" or "digits".
    collection : Collection
    images : callable
        From the name of an image set to `Images`.

    Returns
    -------
    JudgeCard
    """
    spec = registry.find(name)
    own, other = images(spec.images), images(spec.other_images)
    rng = np.random.default_rng(SAMPLE_SEED)
    needs = {name, "trained", "decoder"}
    models = [
        name
        for name in collection.names()
        if collection.expected(name) and needs <= collection.specification(name).capabilities
    ]
    firsts = [collection.replicate(m, collection.specification(m).seeds[0]) for m in models]
    held_out = own.held_out()
    chosen = rng.permutation(len(held_out))[:CARD_IMAGES]
    originals = held_out.pixels[chosen]
    nothing = measurement.generated_nonimages(held_out.pixels, name, measurement.EACH, rng)
    kinds = [
        *measurement.labelled_kinds(
            labelling.read_labels(name), labelling.pool(name, collection)[1]
        ),
        Kind(ORIGINALS, None, originals),
        *(
            Kind(f"reconstructions of {first.specification.name}", None, first.reconstruct())
            for first in firsts
        ),
        *(Kind(what, Grade.NONE, pixels) for what, pixels in nothing.items()),
        Kind(
            f"images of {spec.other_images}",
            Grade.NONE,
            measurement.sample_others(other, own.shape, rng),
        ),
    ]
    judge = registry.make_judge(name, collection)
    accuracy = None
    if isinstance(judge, ClassJudge) and held_out.labels is not None:
        accuracy = measurement.measure_accuracy(judge, originals, held_out.labels[chosen])
    card = measurement.measure(judge, kinds, accuracy)
    card.write(registry.card_path(name, collection))
    return card
