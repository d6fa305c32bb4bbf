"""Files of other people's models and codes, checked before anything in them is loaded.

A model file can carry code, and a loader that trusts it runs that code. This module reads a Keras
archive of Keras' own layers, an ONNX graph with weights in its own folder at most, and arrays of
numbers; it refuses everything else.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.runtime.files import MOST, StorageError, read, unpack

MEMBERS = {"metadata.json", "config.json", "model.weights.h5"}
HDF5 = b"\x89HDF\r\n\x1a\n"
# Layers of Keras that run what their configuration holds, or load another file by its path.
RUNNING = {
    "Lambda",
    "TFSMLayer",
    "TorchModuleWrapper",
    "JaxLayer",
    "FlaxLayer",
    "__lambda__",
    "enable_unsafe_deserialization",
    "get_file",
    "load_model",
}
# Arguments that name a file to be read when the layer is made.
NAMING = {"vocabulary", "idf_weights", "filepath", "file_path", "weights"}


class UntrustedFileError(StorageError):
    """A file that is not what was expected, or that would run code or read other files."""


def load_keras(path: str | Path) -> Any:
    """Load a Keras 3 model from elsewhere, after `check_keras`, in safe mode and uncompiled.

    Raises
    ------
    UntrustedFileError
        As `check_keras`, or if Keras cannot make sense of the file.
    """
    import keras

    check_keras(path)
    try:
        return keras.saving.load_model(str(path), compile=False, safe_mode=True)
    except (ValueError, TypeError, KeyError, OSError, zipfile.BadZipFile) as error:
        raise UntrustedFileError(
            f"{path}: expected a Keras 3 model, Keras says: {error}"
        ) from error


def check_keras(path: str | Path) -> None:
    """Refuse a `.keras` file that is damaged, would run code, or would read other files.

    Raises
    ------
    UntrustedFileError
        If the file is no archive of Keras 3; if it would unpack to more than 8 GiB or outside its
        folder; if its configuration names anything but layers of Keras itself, a Lambda layer or a
        file; or if its weights link to other files. The published attacks on the format are of
        these kinds: CVE-2024-3660, 2025-1550, 2025-8747, 2025-9906, 2025-12058.
    """
    path = Path(path)
    content = _content(path)
    if content.startswith(HDF5) or path.suffix in {".h5", ".hdf5"}:
        raise UntrustedFileError(
            f"{path}: expected a .keras archive, received HDF5, which can carry code that no safe "
            "mode holds back. Save the model anew: model.save('model.keras')"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(path, archive)
            _check_version(path, archive)
            config = json.loads(archive.read("config.json"))
            weights = archive.read("model.weights.h5")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, KeyError) as error:
        if isinstance(error, UntrustedFileError):
            raise
        raise UntrustedFileError(
            f"{path}: expected a .keras archive of Keras 3, received {error}. Save the model with: "
            "model.save('model.keras')"
        ) from error
    _check_config(path, config)
    _check_weights(path, weights)


def check_onnx(path: str | Path) -> None:
    """Refuse an `.onnx` file that is damaged, or whose weights lie outside its own folder.

    What a graph computes is fixed by the operators of onnxruntime: it carries no code.

    Raises
    ------
    UntrustedFileError
        If the file is no ONNX model, or a tensor of it is read from a path that is absolute, climbs
        out of the folder, is a link, or is missing. CVE-2022-25882 and 2024-27318 are of this kind.
    """
    path = Path(path)
    try:
        import onnx
        import onnxruntime  # noqa: F401 -- runs what was looked through
        from google.protobuf.message import DecodeError
    except ImportError as error:
        raise UntrustedFileError(
            f"{path}: expected the libraries that read ONNX, {error}. Run: "
            "pip install 'aelatent[onnx]'"
        ) from error
    model = onnx.ModelProto()
    try:
        model.ParseFromString(_content(path))
    except DecodeError as error:
        raise UntrustedFileError(f"{path}: expected an ONNX model, received {error}") from error
    if not model.graph.node:
        raise UntrustedFileError(f"{path}: expected an ONNX model, received one without operators")
    for name in sorted(set(_elsewhere(model))):
        place = PurePosixPath(name)
        file = path.parent / name
        if place.is_absolute() or ".." in place.parts or "\\" in name or not name:
            raise UntrustedFileError(
                f"{path}: expected weights within the model's folder, received {name!r}"
            )
        if any(p.is_symlink() for p in (file, *file.parents) if path.parent in p.parents):
            raise UntrustedFileError(f"{path}: expected weights in a file, {name!r} is a link")
        if not file.is_file():
            raise UntrustedFileError(
                f"{path}: expected its weights in {file}, found no such file. Keep the two together"
            )


def _elsewhere(message: Any) -> Iterator[str]:
    """Yield the files that tensors of an ONNX message are read from, however deep."""
    waiting = [message]
    while waiting:
        found = waiting.pop()
        if type(found).__name__ == "TensorProto" and (
            found.data_location == found.EXTERNAL or found.external_data
        ):
            places = {entry.key: entry.value for entry in found.external_data}
            yield places.get("location", "")
        for field, value in found.ListFields():
            if field.message_type is not None:
                repeated = not hasattr(value, "ListFields")
                waiting.extend(value if repeated else [value])


def load_codes(path: str | Path) -> NDArray[Any]:
    """Read an array of numbers from an `.npy` file, or the only one of an `.npz`.

    Raises
    ------
    UntrustedFileError
        If it is no such file, holds objects instead of numbers, more than one array, or fewer bytes
        than its header promises.
    """
    path = Path(path)
    content = _content(path)
    if content.startswith(b"PK"):
        try:
            arrays = unpack(content, path)
        except StorageError as error:
            raise UntrustedFileError(str(error)) from error
        if len(arrays) != 1:
            raise UntrustedFileError(f"{path}: expected one array, received {sorted(arrays)}")
        return next(iter(arrays.values()))
    try:
        file = io.BytesIO(content)
        shape, _, dtype = _header(file)
        if dtype.hasobject or math.prod(shape) * dtype.itemsize > len(content):
            # Told with the file's name below, as what NumPy refuses is: hence raised here.
            raise ValueError(f"{shape} values of {dtype} in {len(content)} bytes")  # noqa: TRY301
        file.seek(0)
        return np.asarray(np.load(file, allow_pickle=False))
    except (ValueError, EOFError, OSError, SyntaxError) as error:
        raise UntrustedFileError(
            f"{path}: expected numbers as numpy.save writes them, received {error}. No pickled "
            "object is loaded"
        ) from error


def _content(path: Path) -> bytes:
    try:
        return read(path)
    except (FileNotFoundError, StorageError) as error:
        raise UntrustedFileError(
            f"{path}: expected a file, received none that can be read"
        ) from error


def _header(file: io.BytesIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = np.lib.format.read_magic(file)
    readers = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    if version not in readers:
        raise ValueError(f"a header of version {version}")
    return readers[version](file)


def _check_members(path: Path, archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    if size > MOST:
        raise UntrustedFileError(
            f"{path}: expected a model, received an archive that would unpack to "
            f"{size / 2**30:.0f} GiB"
        )
    for member in members:
        place = PurePosixPath(member.filename)
        if place.is_absolute() or ".." in place.parts or "\\" in member.filename:
            raise UntrustedFileError(
                f"{path}: expected files within the archive, received {member.filename!r}"
            )
    if missing := MEMBERS - {member.filename for member in members}:
        raise UntrustedFileError(f"{path}: expected a .keras archive, missing {sorted(missing)}")


def _check_version(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuse a file of Keras 2, whose configuration Keras 3 cannot make sense of."""
    told = json.loads(archive.read("metadata.json"))
    version = str(told.get("keras_version", "")) if isinstance(told, dict) else ""
    if version.startswith(("0.", "1.", "2.")):
        raise UntrustedFileError(
            f"{path}: expected a model of Keras 3, received one saved by Keras {version}. Load it "
            "with tf_keras and save its weights anew, or give module:callable in your own code"
        )


def _check_config(path: Path, config: Any) -> None:
    for entry in _entries(config):
        name, module = entry.get("class_name"), entry.get("module")
        told = {str(value) for value in (name, entry.get("config")) if isinstance(value, str)}
        if told & RUNNING:
            raise UntrustedFileError(
                f"{path}: expected layers that compute, received {sorted(told & RUNNING)[0]!r}, "
                "which runs code of the file. Replace it by layers of Keras"
            )
        own = module is None or module == "builtins" or str(module).partition(".")[0] == "keras"
        if name is not None and not (own and entry.get("registered_name") in {None, name}):
            raise UntrustedFileError(
                f"{path}: expected layers of Keras itself, received {name!r} of {module!r}. Give "
                "the model as module:callable in your own code instead"
            )
        if named := [key for key in NAMING if isinstance(entry.get(key), str)]:
            raise UntrustedFileError(
                f"{path}: expected a model that reads no other file, received "
                f"{named[0]}={entry[named[0]]!r}"
            )


def _entries(config: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping in a configuration, however deep."""
    waiting = [config]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            yield found
            waiting.extend(found.values())
        elif isinstance(found, list):
            waiting.extend(found)


def _check_weights(path: Path, weights: bytes) -> None:
    import h5py

    def check(file: h5py.File) -> None:
        waiting: list[Any] = [file]
        while waiting:
            group = waiting.pop()
            for key in group:
                if not isinstance(group.get(key, getlink=True), h5py.HardLink):
                    raise UntrustedFileError(
                        f"{path}: expected weights within the file, {group.name}/{key} is a link"
                    )
                found = group[key]
                if isinstance(found, h5py.Group):
                    waiting.append(found)
                elif found.external or found.is_virtual:
                    raise UntrustedFileError(
                        f"{path}: expected weights within the file, {found.name} lies in another"
                    )

    try:
        with h5py.File(io.BytesIO(weights), "r") as file:
            check(file)
    except OSError as error:
        raise UntrustedFileError(f"{path}: expected weights in HDF5, received {error}") from error
