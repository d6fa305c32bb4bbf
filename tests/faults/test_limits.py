"""Small files that would take gigabytes or hours: each is refused, or stopped, by name."""

import io
import struct
import time
import tracemalloc
import zipfile
from itertools import pairwise

import keras
import numpy as np
import pytest

from aelatent.audit import keras_archive, onnx_file
from aelatent.audit.description import DescriptionError, ModelDescription, TrainingFiles
from aelatent.audit.keras_archive import load_keras
from aelatent.audit.loading import load_trainings
from aelatent.audit.networks import KerasNetwork, run
from aelatent.audit.onnx_file import SlowNetworkError, check_onnx
from aelatent.audit.progress import no_progress
from aelatent.audit.untrusted_files import UntrustedFileError, load_codes
from aelatent.runtime import memory
from aelatent.runtime.arrays import unpacked

from .test_foreign import rewritten
from .test_hostile import functional, graph, npy, refusal, single

MEGABYTE = 2**20


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_unpacks_all_at_once_is_refused(tmp_path, method):
    """A kilobyte of bzip2 holds gigabytes, and Python has no way to unpack only a part."""
    with zipfile.ZipFile(tmp_path / "codes.npz", "w", method) as archive:
        archive.writestr("codes.npy", npy(np.zeros((600, 2))))
    assert "deflated" in refusal(UntrustedFileError, load_codes, tmp_path / "codes.npz")
    path = single(tmp_path)
    with zipfile.ZipFile(path, "a", method) as archive:
        archive.writestr("more", b"x")
    assert "deflated" in refusal(UntrustedFileError, load_keras, path)


def test_no_more_is_unpacked_than_an_archive_promises():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(64 * MEGABYTE))
    content = bytearray(buffer.getvalue())
    directory = content.find(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 1000)

    tracemalloc.start()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, pytest.raises(zipfile.BadZipFile):
        unpacked(archive, "zeros")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MEGABYTE


def operation(tmp_path, *arguments, **fields):
    """Write a model of one operation that is called on its input and on other arguments."""

    def change(config):
        last = config["config"]["layers"][-1]
        last |= fields
        node = last["inbound_nodes"][0]
        node["args"] = [node["args"][0], *arguments]
        return config

    return rewritten(functional(tmp_path), config=change)


def array(value, dtype, name="__numpy__"):
    return {"class_name": name, "config": {"value": value, "dtype": dtype}}


@pytest.mark.parametrize("name", ["__numpy__", "__tensor__"])
@pytest.mark.parametrize("dtype", ["U10000000", "(10000000,)f8", "V10000000", "O", None, ["f8"]])
def test_an_array_of_a_configuration_holds_plain_numbers(tmp_path, dtype, name):
    """A letter of ten million characters takes forty megabytes."""
    path = operation(tmp_path, array(["a"] * 3, dtype, name))
    assert "arrays of numbers" in refusal(UntrustedFileError, load_keras, path)
    assert load_keras(operation(tmp_path, array([1.0, 2.0], "float32", name))) is not None


def test_a_call_with_a_million_arguments_is_refused(tmp_path):
    path = operation(tmp_path, [1.0] * 20_000)
    assert "arguments of a call" in refusal(UntrustedFileError, load_keras, path)
    assert load_keras(operation(tmp_path, array([[1.0, 2.0]] * 10_000, "float32"))) is not None


@pytest.mark.parametrize(
    "inner", [{"indices_or_sections": 10**6}, {"pool_size": [10**9]}, {"padding": [[0, 10**9]]}]
)
def test_a_layer_that_reaches_too_far_is_refused(tmp_path, inner):
    path = operation(tmp_path, config=inner)
    assert next(iter(inner)) in refusal(UntrustedFileError, load_keras, path)


def test_normalisation_spreads_no_number_over_gigabytes(tmp_path, monkeypatch):
    path = tmp_path / "normal.keras"
    layer = keras.layers.Normalization(mean=0.0, variance=1.0)
    keras.Sequential([keras.Input((50,)), layer]).save(path)
    assert load_keras(path).output_shape == (None, 50)
    monkeypatch.setattr(keras_archive, "MOST_MOMENTS", 49)
    assert "means" in refusal(UntrustedFileError, load_keras, path)


def repeated(n):
    return keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.RepeatVector(n, name="long"),
            keras.layers.GlobalAveragePooling1D(),
        ]
    )


def shared():
    """Call a layer twice, and mean each of its outputs."""
    inputs = keras.Input((2,))
    long, mean = (
        keras.layers.RepeatVector(10**6, name="long"),
        keras.layers.GlobalAveragePooling1D(),
    )
    again = keras.layers.Activation("relu")(inputs)
    return keras.Model(inputs, keras.layers.Add()([mean(long(inputs)), mean(long(again))]))


def wrapped():
    """Call a model within a wrapper."""
    inputs = keras.Input((3, 2))
    return keras.Model(inputs, keras.layers.TimeDistributed(repeated(10**6))(inputs))


def attentive():
    """Compare a thousand places with each other: a million scores."""
    inputs = keras.Input((1000, 2))
    found = keras.layers.MultiHeadAttention(2, 2, name="long")(inputs, inputs)
    return keras.Model(inputs, keras.layers.GlobalAveragePooling1D()(found))


@pytest.mark.parametrize("make", [shared, wrapped, attentive])
def test_what_a_model_makes_inside_is_looked_at(tmp_path, monkeypatch, make):
    make().save(tmp_path / "inside.keras")
    monkeypatch.setattr(memory, "budget", lambda: 200 * MEGABYTE)
    assert "long makes" in refusal(UntrustedFileError, load_keras, tmp_path / "inside.keras")


def slow(*_, **__):
    """Go on for a while, in steps between which Python looks at its signals."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        time.sleep(0.01)


def test_a_model_that_takes_long_to_load_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(keras_archive, "SECONDS", 0.2)
    monkeypatch.setattr(keras.saving, "load_model", slow)
    assert "within 0.2 s" in refusal(UntrustedFileError, load_keras, single(tmp_path))


def test_a_keras_model_that_takes_long_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(onnx_file, "SECONDS", 0.2)
    network = KerasNetwork("single.keras", single(tmp_path))
    network.model = slow
    with pytest.raises(SlowNetworkError, match=r"single\.keras: expected .* within 0\.2 s"):
        list(run(network, np.ones((3, 3)), lambda batch: batch))


def test_an_onnx_model_of_too_many_operators_is_refused(tmp_path, monkeypatch):
    """Onnxruntime takes longer than proportionally to open it."""
    pytest.importorskip("onnx")
    from onnx import helper

    names = ["x", *map(str, range(9)), "y"]
    nodes = [helper.make_node("Neg", [a], [b]) for a, b in pairwise(names)]
    path = graph(tmp_path, nodes)
    check_onnx(path)
    monkeypatch.setattr(onnx_file, "MOST_OPERATORS", 9)
    assert "at most 9 operators" in refusal(UntrustedFileError, check_onnx, path)


@pytest.mark.parametrize("kind", ["GraphProto", "TensorProto"])
def test_an_onnx_model_of_many_graphs_or_arrays_is_refused(tmp_path, monkeypatch, kind):
    """Of ten thousand branches and fifty thousand arrays, onnxruntime took minutes to open it."""
    path = branched(tmp_path)
    check_onnx(path)
    monkeypatch.setattr(onnx_file, "COSTS", {kind: onnx_file.MOST_OPERATORS})
    assert "at most 100,000 operators" in refusal(UntrustedFileError, check_onnx, path)


def branched(tmp_path):
    """Write a model of one operator that holds two graphs, and of one array."""
    pytest.importorskip("onnx")
    from onnx import TensorProto, helper, numpy_helper

    def branch(name):
        end = helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
        return helper.make_graph([helper.make_node("Neg", ["x"], [name])], name, [], [end])

    node = helper.make_node(
        "If", ["c"], ["y"], then_branch=branch("then"), else_branch=branch("else")
    )
    return graph(tmp_path, [node], [numpy_helper.from_array(np.array(True), "c")])


def test_replicates_that_memory_has_no_room_for_are_refused(tmp_path, monkeypatch):
    np.save(tmp_path / "codes.npy", np.zeros((600, 2), np.float32))
    described = ModelDescription(
        name="many",
        codes="codes.npy",
        replicates=(TrainingFiles(codes="codes.npy"),) * 9,
        file=tmp_path / "mine.yaml",
    )
    assert len(list(load_trainings(described, None, no_progress))) == 10
    monkeypatch.setattr(memory, "budget", lambda: 12_000)
    said = refusal(DescriptionError, lambda: list(load_trainings(described, None, no_progress)))
    assert "12,000 bytes" in said
