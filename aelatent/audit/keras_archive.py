"""A `.keras` file from elsewhere: looked through, copied in part, and only then loaded."""

from __future__ import annotations

import io
import json
import math
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from aelatent.audit.keras_config import check_config, plain_config
from aelatent.audit.untrusted_files import UntrustedFileError, content_of
from aelatent.runtime import memory
from aelatent.runtime.arrays import DAMAGE, check_size, unpacked
from aelatent.runtime.deadline import deadline
from aelatent.runtime.files import StorageError, parsed
from aelatent.runtime.quiet_keras import check_keras as check_installed

METADATA, CONFIG, WEIGHTS = "metadata.json", "config.json", "model.weights.h5"
HDF5 = b"\x89HDF\r\n\x1a\n"
FILTERS = {1: "deflate", 2: "shuffle", 3: "fletcher32"}  # by their numbers in HDF5
NUMBERS = "biuf"  # kinds of arrays that weights are
MOST_ENTRIES = 100_000  # groups and arrays of a file of weights
MOST_SEEDS = 10_000  # numbers that layers make and files may lack
MOST_MOMENTS = 2**24  # numbers to which layers of normalisation spread what the file gives
ATTENTION = {"Attention", "AdditiveAttention", "MultiHeadAttention", "GroupQueryAttention"}
SECONDS = 300.0  # that Keras may take to load a model
BATCH = 64  # images that are computed at once
SAID = 400  # characters of Keras' own message, which may hold a whole configuration


class Archive(NamedTuple):
    """What of a `.keras` file is loaded: its configuration, its weights, and how many they are."""

    metadata: bytes
    config: Any
    weights: bytes
    numbers: int

    def write(self, path: Path) -> None:
        """Write an archive of that and nothing else.

        Raises
        ------
        StorageError
            If there is no room for it.
        """
        try:
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr(METADATA, self.metadata)
                archive.writestr(CONFIG, json.dumps(self.config))
                archive.writestr(WEIGHTS, self.weights)
        except OSError as error:
            raise StorageError(
                f"{path.parent}: expected room for a copy of the model, {error.strerror}. Set "
                "TMPDIR to a folder that has some"
            ) from error


def load_keras(path: str | Path) -> Any:
    """Load a Keras 3 model from elsewhere, after `check_keras`, in safe mode and uncompiled.

    Keras is given a copy of what was looked at, so that nobody can change it in between.

    Raises
    ------
    UntrustedFileError
        As `check_keras`, if Keras cannot make sense of the file, or if the model asks for more
        weights than the file holds, or for more memory than there is.
    MissingKeras
        If Keras is not installed.
    """
    check_installed()
    import keras

    checked = check_keras(path)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "model.keras")
        checked.write(copy)
        try:
            with deadline(SECONDS, _late), _limited_weights(checked.numbers + MOST_SEEDS):
                model = keras.saving.load_model(str(copy), compile=False, safe_mode=True)
        except Exception as error:  # of what nobody thought of while writing Keras, any kind
            said = _ends(str(error).replace(str(copy), str(path)))
            raise UntrustedFileError(
                f"{path}: expected a Keras 3 model, Keras says {type(error).__name__}: {said}"
            ) from error
    _check_outputs(Path(path), model)
    return model


def _late() -> UntrustedFileError:
    return UntrustedFileError(f"a model that does not load within {SECONDS:g} s")


def check_keras(path: str | Path) -> Archive:
    """Refuse a `.keras` file that is damaged, would run code, or would read other files.

    Returns
    -------
    Archive
        What was looked at, without what compiling needs.

    Raises
    ------
    UntrustedFileError
        If the file is no archive of Keras 3; if it would unpack to more than memory has room for
        or outside its folder; if its configuration names anything that is not on the list of
        `keras_config`; or if its weights are anything but arrays of numbers, or lie in other files.
        The published attacks on the format are of these kinds: CVE-2024-3660, 2025-1550, 2025-8747,
        2025-9906, 2025-12058, 2025-12060, 2026-0897, 2026-1462.
    """
    path = Path(path)
    content = content_of(path)
    if content.startswith(HDF5) or path.suffix in {".h5", ".hdf5"}:
        raise UntrustedFileError(
            f"{path}: expected a .keras archive, received HDF5, which can carry code that no safe "
            "mode holds back. Save the model anew: model.save('model.keras')"
        )
    try:
        metadata, read, weights = _members(path, content)
        _check_version(path, parsed(metadata, path))
        config = plain_config(parsed(read, path))
    except DAMAGE as error:
        if isinstance(error, UntrustedFileError):
            raise
        raise UntrustedFileError(
            f"{path}: expected a .keras archive of Keras 3, received {error}. Save the model with: "
            "model.save('model.keras')"
        ) from error
    check_config(path, config)
    return Archive(metadata, config, weights, _checked_weights(path, weights))


def _ends(text: str) -> str:
    """Return a message without its middle, where Keras shows the whole configuration."""
    return text if len(text) <= SAID else f"{text[: SAID // 4]} ... {text[-3 * SAID // 4 :]}"


def _members(path: Path, content: bytes) -> list[bytes]:
    """Return the three members of an archive that are loaded."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        check_size(archive)
        names = [member.filename for member in archive.infolist()]
        if len(set(names)) < len(names):
            raise UntrustedFileError(f"{path}: expected each file of the archive once")
        for name in names:
            place = PurePosixPath(name)
            if place.is_absolute() or ".." in place.parts or "\\" in name:
                raise UntrustedFileError(
                    f"{path}: expected files within the archive, received {name!r:.80}"
                )
        if missing := {METADATA, CONFIG, WEIGHTS}.difference(names):
            raise UntrustedFileError(
                f"{path}: expected a .keras archive, missing {sorted(missing)}"
            )
        return [unpacked(archive, name) for name in (METADATA, CONFIG, WEIGHTS)]


def _check_version(path: Path, told: Any) -> None:
    """Refuse a file of Keras 2, whose configuration Keras 3 cannot make sense of."""
    version = str(told.get("keras_version", "")) if isinstance(told, dict) else ""
    if version.startswith(("0.", "1.", "2.")):
        raise UntrustedFileError(
            f"{path}: expected a model of Keras 3, received one saved by Keras {version:.20}. Load "
            "it with tf_keras and save its weights anew, or give module:callable in your own code"
        )


def _checked_weights(path: Path, weights: bytes) -> int:
    """Return how many numbers a file of weights holds, after a look at each of its entries."""
    import h5py

    try:
        with h5py.File(io.BytesIO(weights), "r") as file:
            sizes = [_checked_array(path, found) for found in _arrays(path, file)]
    except UntrustedFileError:
        raise
    except Exception as error:  # of what nobody thought of while writing HDF5, any kind
        raise UntrustedFileError(
            f"{path}: expected weights in HDF5, received {str(error)[:SAID]}"
        ) from error
    if (size := sum(n * width for n, width in sizes)) > (most := memory.budget()):
        raise UntrustedFileError(
            f"{path}: expected weights that memory has room for, {most:,} bytes, received {size:,}"
        )
    return sum(n for n, _ in sizes)


def _arrays(path: Path, file: Any) -> Iterator[Any]:
    """Yield the arrays of a file, each of whose entries must have one place, within the file."""
    import h5py

    waiting, seen = [file], {h5py.h5o.get_info(file.id).addr}
    while waiting:
        group = waiting.pop()
        for key in group:
            if not isinstance(group.get(key, getlink=True), h5py.HardLink):
                raise UntrustedFileError(
                    f"{path}: expected weights within the file, {group.name}/{key} is a link"
                )
            found = group[key]
            address = h5py.h5o.get_info(found.id).addr
            if address in seen or len(seen) > MOST_ENTRIES:
                raise UntrustedFileError(
                    f"{path}: expected at most {MOST_ENTRIES:,} weights, each in one place, "
                    f"{group.name}/{key} is one more, or in two"
                )
            seen.add(address)
            if isinstance(found, h5py.Group):
                waiting.append(found)
            else:
                yield found


def _checked_array(path: Path, found: Any) -> tuple[int, int]:
    """Return the size of an array of numbers and the bytes of each; refuse anything else."""
    import h5py

    if not isinstance(found, h5py.Dataset) or found.dtype.kind not in NUMBERS:
        raise UntrustedFileError(
            f"{path}: expected weights that are numbers, received {found.name} of "
            f"{getattr(found, 'dtype', 'no array')!s:.60}"
        )
    if found.external or found.is_virtual:
        raise UntrustedFileError(
            f"{path}: expected weights within the file, {found.name} lies in another"
        )
    made = found.id.get_create_plist()
    filters = {made.get_filter(place)[0] for place in range(made.get_nfilters())}
    if unknown := filters - FILTERS.keys():  # HDF5 would look for a library that has them
        raise UntrustedFileError(
            f"{path}: expected weights packed with {', '.join(FILTERS.values())} or not at all, "
            f"{found.name} needs filter {min(unknown)}"
        )
    return int(math.prod(found.shape or ())), found.dtype.itemsize


@contextmanager
def _limited_weights(most: int) -> Iterator[None]:
    """Let layers make so many numbers of weights and no more: a file must hold what it asks for."""
    import keras

    original, made = keras.layers.Layer.add_weight, 0
    spread, moments = keras.layers.Normalization.build, 0

    def build(self: Any, input_shape: Any) -> None:
        nonlocal moments
        sides = [side for axis in self.axis for side in (input_shape or ())[axis:][:1]]
        moments += math.prod(side for side in sides if isinstance(side, int))
        if self.input_mean is not None and moments > MOST_MOMENTS:
            raise UntrustedFileError(f"a model that normalises by more than {MOST_MOMENTS:,} means")
        spread(self, input_shape)

    def add_weight(self: Any, *arguments: Any, **named: Any) -> Any:
        nonlocal made
        shape = named.get("shape", arguments[0] if arguments else None)
        sides = shape if isinstance(shape, (list, tuple)) else [shape]
        made += math.prod(side for side in sides if isinstance(side, int))
        if made > most:
            raise UntrustedFileError(f"a model of more weights than the {most:,} that it holds")
        return original(self, *arguments, **named)

    keras.layers.Layer.add_weight = add_weight
    keras.layers.Normalization.build = build
    try:
        yield
    finally:
        keras.layers.Normalization.build = spread
        keras.layers.Layer.add_weight = original


def _check_outputs(path: Path, model: Any) -> None:
    """Refuse a model of which one layer returns more for a batch than memory has room for."""
    most = memory.budget()
    for layer in _layers(model):
        for shape in [*_output_shapes(layer), *_score_shapes(layer)]:
            known = [side for side in shape[1:] if side is not None]
            if (size := 4 * BATCH * math.prod(known)) > most:
                raise UntrustedFileError(
                    f"{path}: expected layers whose outputs memory has room for, {most:,} bytes, "
                    f"{layer.name} makes {size:,} for {BATCH} images"
                )


def _layers(model: Any) -> Iterator[Any]:
    """Yield the operations of a model once, those of models and wrappers in it among them."""
    waiting, seen = [model], set()
    while waiting:
        found = waiting.pop()
        if id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        for parts in ("operations", "layers", "_layers"):  # the last also holds what wrappers wrap
            waiting.extend(getattr(found, parts, None) or ())


def _output_shapes(layer: Any) -> list[tuple[int | None, ...]]:
    """Return the shape of every output of every call of a layer."""
    outputs = [each for call in layer._inbound_nodes for each in call.output_tensors]
    return [tuple(each.shape) for each in outputs]


def _score_shapes(layer: Any) -> Iterator[tuple[int | None, ...]]:
    """Yield the shapes of what layers of attention make inside: a score a query, key and head."""
    if type(layer).__name__ not in ATTENTION:
        return
    heads = getattr(layer, "num_heads", None) or getattr(layer, "num_query_heads", 1)
    for call in layer._inbound_nodes:
        queries, *others = [tuple(each.shape) for each in call.input_tensors]
        keys = others[-1] if others else queries
        width = queries[-1] if type(layer).__name__ == "AdditiveAttention" else 1
        yield (None, heads, *queries[1:-1], *keys[1:-1], width)
