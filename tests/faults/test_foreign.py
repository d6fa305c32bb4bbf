"""Files from elsewhere: what would run code or read other files is refused, and runs nothing."""

import io
import json
import os
import pickle
import zipfile

import h5py
import keras
import numpy as np
import pytest

from aelatent.audit.keras_archive import check_keras, load_keras
from aelatent.audit.onnx_file import check_onnx
from aelatent.audit.untrusted_files import UntrustedFileError, load_codes
from aelatent.runtime import memory


class Payload:
    """A pickle that writes a marker when it is loaded."""

    def __reduce__(self):
        return os.system, ("touch marker",)


@pytest.fixture(autouse=True)
def _no_code_is_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield
    assert not (tmp_path / "marker").exists(), "code of the file was run"


@pytest.fixture
def model(tmp_path):
    """The path of a sound model of two layers."""
    path = tmp_path / "model.keras"
    keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2, name="code")]).save(path)
    return path


def rewritten(path, *, config=None, weights=None, members=()):
    """Write a `.keras` file anew, with another configuration, other weights, or more members."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    if config is not None:
        content["config.json"] = json.dumps(config(json.loads(content["config.json"]))).encode()
    if weights is not None:
        content["model.weights.h5"] = weights
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [*content.items(), *members]:
            archive.writestr(name, data)
    return path


def layer(config, fields):
    """Replace fields of the Dense layer in a configuration."""
    config["config"]["layers"][1] |= fields
    return config


def test_a_sound_model_is_loaded(model):
    assert load_keras(model).output_shape == (None, 2)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"class_name": "Lambda"}, "not known to be harmless"),
        ({"class_name": "TFSMLayer"}, "not known to be harmless"),
        ({"class_name": "TorchModuleWrapper"}, "not known to be harmless"),
        ({"module": "os", "class_name": "system"}, "layers of Keras that compute"),
        ({"module": "builtins", "class_name": "function", "config": "load_model"}, "would call it"),
        (
            {
                "module": "keras.config",
                "class_name": "function",
                "config": "enable_unsafe_deserialization",
                "registered_name": "function",
            },
            "would call it",
        ),
        ({"registered_name": "Own>Dense"}, "layers of Keras that compute"),
        ({"class_name": "StringLookup", "config": {"vocabulary": "/etc/passwd"}}, "StringLookup"),
        ({"config": {"vocabulary": "/etc/passwd"}}, "reads no other file"),
    ],
)
def test_a_layer_that_runs_code_or_reads_files_is_refused(model, fields, said):
    """CVE-2024-3660, CVE-2025-1550, CVE-2025-8747, CVE-2025-9906, CVE-2025-12058."""
    rewritten(model, config=lambda config: layer(config, fields))

    with pytest.raises(UntrustedFileError, match=said) as caught:
        load_keras(model)

    assert "model.keras" in str(caught.value)


def test_a_lambda_layer_that_keras_saved_is_refused(tmp_path):
    path = tmp_path / "lambda.keras"
    code = keras.layers.Lambda(lambda x: 2 * x)
    keras.Sequential([keras.layers.Input((3,)), code]).save(path)

    with pytest.raises(UntrustedFileError, match="not known to be harmless"):
        load_keras(path)


@pytest.mark.parametrize("name", ["../climbed", "/absolute", "a\\b"])
def test_an_archive_that_climbs_out_of_its_folder_is_refused(model, name):
    rewritten(model, members=[(name, b"x")])

    with pytest.raises(UntrustedFileError, match="within the archive"):
        check_keras(model)


def test_a_decompression_bomb_is_refused_unread(model, monkeypatch):
    monkeypatch.setattr(memory, "budget", lambda: 10**6)
    rewritten(model, members=[("zeros", bytes(2 * 10**6))])

    with pytest.raises(UntrustedFileError, match="would unpack to"):
        check_keras(model)


@pytest.mark.parametrize("kind", ["link", "external", "soft"])
def test_weights_that_lie_in_other_files_are_refused(model, kind):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        if kind == "link":
            file["weights"] = h5py.ExternalLink("/etc/passwd", "/")
        elif kind == "soft":
            file["weights"] = h5py.SoftLink("/elsewhere")
        else:
            file.create_dataset("weights", (4,), "u1", external=[("/etc/passwd", 0, 4)])
    rewritten(model, weights=buffer.getvalue())

    with pytest.raises(UntrustedFileError, match="expected weights within the file"):
        check_keras(model)


@pytest.mark.parametrize("name", ["model.h5", "model.keras"])
def test_hdf5_is_refused_whatever_its_name(tmp_path, name):
    with h5py.File(tmp_path / name, "w") as file:
        file.attrs["model_config"] = "{}"

    with pytest.raises(UntrustedFileError, match=r"model\.save"):
        load_keras(tmp_path / name)


@pytest.mark.parametrize("content", [b"", b"PK", pickle.dumps(Payload()), b"\x00" * 100])
@pytest.mark.parametrize(("load", "name"), [(load_keras, "m.keras"), (load_codes, "codes.npy")])
def test_what_is_something_else_is_refused(tmp_path, load, name, content):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(UntrustedFileError, match="expected"):
        load(path)


def test_a_missing_or_unreadable_file_is_refused(tmp_path):
    for path in (tmp_path / "none.keras", tmp_path):
        with pytest.raises(UntrustedFileError, match="expected a file"):
            load_keras(path)


def test_codes_come_back(tmp_path):
    codes = np.arange(6.0).reshape(3, 2)
    np.save(tmp_path / "codes.npy", codes)
    np.savez(tmp_path / "codes.npz", codes)

    for name in ("codes.npy", "codes.npz"):
        np.testing.assert_array_equal(load_codes(tmp_path / name), codes)


@pytest.mark.parametrize("save", [np.save, np.savez])
def test_arrays_of_objects_are_refused(tmp_path, save):
    path = tmp_path / ("codes.npy" if save is np.save else "codes.npz")
    save(path, np.array([Payload()], dtype=object), allow_pickle=True)

    with pytest.raises(UntrustedFileError, match="expected"):
        load_codes(path)


def test_two_arrays_are_no_codes(tmp_path):
    np.savez(tmp_path / "codes.npz", a=np.zeros(3), b=np.zeros(3))

    with pytest.raises(UntrustedFileError, match="expected one array"):
        load_codes(tmp_path / "codes.npz")


def test_a_header_beyond_the_files_size_is_refused_unread(tmp_path):
    path = tmp_path / "codes.npy"
    np.save(path, np.zeros(10))
    path.write_bytes(path.read_bytes().replace(b"(10,)", b"(1000000000000,)"))

    with pytest.raises(UntrustedFileError, match="bytes"):
        load_codes(path)


def weights_in(tmp_path, place):
    """Write an ONNX model whose weights are said to lie in another file."""
    onnx = pytest.importorskip("onnx")
    from onnx import TensorProto, helper, numpy_helper

    weights = numpy_helper.from_array(np.eye(2, dtype=np.float32), "w")
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    weights.external_data.add(key="location", value=place)
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 2]) for name in "xy"]
    node = helper.make_node("MatMul", ["x", "w"], ["y"])
    graph = helper.make_graph([node], "code", ends[:1], ends[1:], [weights])
    onnx.save(helper.make_model(graph), tmp_path / "model.onnx")
    return tmp_path / "model.onnx"


@pytest.mark.parametrize("place", ["../outside", "/etc/passwd", "a/../../outside", "a\\b", ""])
def test_onnx_weights_that_climb_out_of_the_folder_are_refused(tmp_path, place):
    with pytest.raises(UntrustedFileError, match="expected weights within the model's folder"):
        check_onnx(weights_in(tmp_path, place))


def test_onnx_weights_behind_a_link_are_refused(tmp_path):
    (tmp_path / "linked").symlink_to("/etc/passwd")

    with pytest.raises(UntrustedFileError, match="is a link"):
        check_onnx(weights_in(tmp_path, "linked"))


def test_onnx_weights_that_are_missing_are_named(tmp_path):
    with pytest.raises(UntrustedFileError, match="Keep the two together"):
        check_onnx(weights_in(tmp_path, "model.onnx.data"))


def test_onnx_weights_beside_the_model_are_read(tmp_path):
    path = weights_in(tmp_path, "model.onnx.data")
    (tmp_path / "model.onnx.data").write_bytes(np.eye(2, dtype=np.float32).tobytes())

    check_onnx(path)


@pytest.mark.parametrize("content", [b"", b"PK", pickle.dumps(Payload()), b"\x08" * 100])
def test_what_is_no_onnx_model_is_refused(tmp_path, content):
    pytest.importorskip("onnx")
    (tmp_path / "model.onnx").write_bytes(content)

    with pytest.raises(UntrustedFileError, match="expected an ONNX model"):
        check_onnx(tmp_path / "model.onnx")
