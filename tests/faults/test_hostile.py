"""Attacks on every reader: each is refused by name, in a moment, within a screen."""

import io
import json
import os
import sys
import warnings
import zipfile

import h5py
import keras
import numpy as np
import pytest
from PIL import Image

from aelatent.audit import description, keras_config, onnx_file
from aelatent.audit.inputs import given_images
from aelatent.audit.keras_archive import check_keras, load_keras
from aelatent.audit.loading import check_codes, load_integers, load_trainings
from aelatent.audit.networks import OnnxNetwork, run
from aelatent.audit.onnx_file import SlowNetworkError, check_onnx
from aelatent.audit.progress import no_progress
from aelatent.audit.untrusted_files import UntrustedFileError, load_codes
from aelatent.cli import EXPECTED, main
from aelatent.data import DataError
from aelatent.data.array import read as read_array
from aelatent.data.folder import read as read_folder
from aelatent.latent.out_of_core import open_cloud
from aelatent.report import comparison, history, write_results
from aelatent.runtime import memory
from aelatent.runtime.arrays import load_array, pack
from aelatent.runtime.files import StorageError
from aelatent.samplers.fitted import load_sampler
from aelatent.zoo.specification import SpecificationError

from ..report.samples import part, record
from .test_foreign import layer, rewritten

SCREEN = 2000  # characters


@pytest.fixture
def model(tmp_path):
    """The path of a sound model of two layers."""
    path = tmp_path / "model.keras"
    keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2, name="code")]).save(path)
    return path


def refusal(kind, call, *arguments):
    """Return the message with which a call refuses, which must fit a screen."""
    with pytest.raises(kind) as caught:
        call(*arguments)
    said = str(caught.value)
    assert len(said) < SCREEN
    assert all(c.isprintable() or c == "\n" for c in said)
    return said


# Keras: functions


def functional(tmp_path):
    """Write a functional model of an operation, and return its path."""
    inputs = keras.Input((3,))
    path = tmp_path / "operations.keras"
    keras.Model(inputs, keras.ops.add(keras.layers.Dense(2)(inputs), 1.0)).save(path)
    return path


def called(name, module, *arguments):
    """Return a change of a configuration by which Keras would call a function of its own."""
    function = {
        "module": module,
        "class_name": "function",
        "config": name,
        "registered_name": name,
    }

    def change(config):
        operation = config["config"]["layers"][-1]
        operation |= {"module": "keras.src.ops.core", "class_name": "Cond", "config": {}}
        operation["inbound_nodes"][0]["args"] = [
            operation["inbound_nodes"][0]["args"][0],
            function,
            function,
            *arguments,
        ]
        return config

    return change


def test_a_model_of_layers_and_operations_is_loaded(tmp_path):
    assert load_keras(functional(tmp_path)).output_shape == (None, 2)


def variational():
    layers, inputs = keras.layers, keras.Input((8, 8, 1))
    hidden = layers.Conv2D(4, 3, padding="same", activation=keras.activations.gelu)(inputs)
    hidden = layers.LeakyReLU()(layers.BatchNormalization()(layers.MaxPooling2D()(hidden)))
    hidden = layers.Flatten()(hidden)
    mean = layers.Dense(3, kernel_regularizer="l2", kernel_constraint="max_norm")(hidden)
    spread = keras.ops.clip(layers.Dense(3, kernel_initializer="he_normal")(hidden), -10, 10)
    return keras.Model(inputs, [mean, spread])


def recurrent():
    layers = keras.layers
    return keras.Sequential(
        [keras.Input((5, 3)), layers.Bidirectional(layers.LSTM(2)), layers.Dense(2)]
    )


def decoding():
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(64, activation="elu", dtype="mixed_bfloat16"),
            layers.Reshape((4, 4, 4)),
            layers.UpSampling2D(),
            layers.Conv2DTranspose(2, 3, strides=2, padding="same", activation="tanh"),
            layers.SpectralNormalization(layers.Conv2D(1, 1)),
            layers.Activation(keras.activations.sigmoid),
            layers.Rescaling(255.0),
        ]
    )


def sharing():
    dense, inputs = keras.layers.Dense(4, activation="relu"), keras.Input((4,))
    twice = dense(keras.layers.Dropout(0.1)(dense(inputs)))
    summed = keras.layers.Add()([twice, inputs]) * 2 + 1
    cut = [summed[:, :2], keras.ops.sum(summed, axis=-1, keepdims=True)]
    return keras.Model(inputs, keras.ops.concatenate(cut, -1))


@pytest.mark.parametrize("make", [variational, recurrent, decoding, sharing])
def test_usual_models_are_loaded_as_they_were(tmp_path, make):
    made = make()
    made.save(tmp_path / "usual.keras")
    found = load_keras(tmp_path / "usual.keras")
    batch = np.random.default_rng(0).random((2, *made.input_shape[1:]), np.float32)
    for theirs, ours in zip(
        keras.tree.flatten(made(batch)), keras.tree.flatten(found(batch)), strict=True
    ):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(theirs), ours)


def test_every_name_on_the_list_is_one_class_of_keras():
    """Under each module that may be named: a name of two meanings would have an unlisted one."""
    packages = {"constraints", "dtype_policies", "initializers", "layers", "models", "ops"}
    packages |= {"activations", "random", "regularizers"}
    homes = tuple(f"keras.src.{package}" for package in packages)
    named = [m for name, m in sys.modules.items() if keras_config.MODULES.fullmatch(name)]
    found = {
        name: [vars(module)[name] for module in named if name in vars(module)]
        for name in keras_config.CLASSES
    }
    assert [name for name, classes in found.items() if not classes] == []
    every = [each for classes in found.values() for each in classes]
    assert [each for each in every if not str(each.__module__).startswith(homes)] == []


@pytest.mark.parametrize("operation", ["Cond", "Switch", "WhileLoop", "Map", "Scan", "ForiLoop"])
def test_an_operation_that_calls_functions_is_refused(tmp_path, operation):
    def change(config):
        last = config["config"]["layers"][-1]
        last |= {"module": "keras.src.ops.core", "class_name": operation}
        return config

    path = rewritten(functional(tmp_path), config=change)
    assert operation in refusal(UntrustedFileError, load_keras, path)


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("set_floatx", "keras.config"),
        ("plot_image_gallery", "keras.visualization"),
        ("get_file", "keras.utils"),
        ("relu", "keras.ops"),
    ],
)
def test_a_function_that_is_no_activation_is_refused(tmp_path, name, module):
    path = rewritten(functional(tmp_path), config=called(name, module, "float16"))
    refusal(UntrustedFileError, load_keras, path)

    fields = {"config": {"units": 2, "activation": called_by(name, module)}}
    path = rewritten(single(tmp_path), config=lambda config: layer(config, fields))
    assert name in refusal(UntrustedFileError, load_keras, path)
    assert keras.config.floatx() == "float32"


def called_by(name, module):
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def single(tmp_path):
    path = tmp_path / "single.keras"
    keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2)]).save(path)
    return path


def test_a_name_that_reaches_through_modules_is_refused(model):
    for fields in (
        {"module": "keras", "class_name": "utils.get_file"},
        {"module": "keras.src.utils.file_utils", "class_name": "Dense"},
        {"module": None},
        {"module": ["keras.layers"]},
        {"class_name": ["Dense"]},
        {"class_name": {"a": 1}},
    ):
        path = rewritten(model, config=lambda config, fields=fields: layer(config, fields))
        refusal(UntrustedFileError, load_keras, path)


def test_losses_of_ones_own_do_not_stand_in_the_way(tmp_path):
    """They are no part of what is loaded."""
    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2)])
    model.compile(loss=lambda a, b: keras.ops.sum(a - b))
    with warnings.catch_warnings(action="ignore"):  # it is unsafe, says Keras
        model.save(tmp_path / "compiled.keras")
    assert load_keras(tmp_path / "compiled.keras").output_shape == (None, 2)


def test_a_call_on_numbers_of_the_file_is_refused(tmp_path):
    def change(config):
        config["config"]["layers"][-1]["inbound_nodes"][0]["args"] = [[1.0] * 9, 1.0]
        return config

    path = rewritten(functional(tmp_path), config=change)
    assert "numbers of the file" in refusal(UntrustedFileError, load_keras, path)


def nested(tmp_path, depth):
    """Write models within models, each of which calls the one within it twice."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Activation("linear")])
    for _ in range(depth):
        inputs = keras.Input((2,))
        model = keras.Model(inputs, model(model(inputs)))
    model.save(tmp_path / "nested.keras")
    return tmp_path / "nested.keras"


def test_models_within_models_that_double_are_refused(tmp_path, monkeypatch):
    assert load_keras(nested(tmp_path, 3)).output_shape == (None, 2)
    monkeypatch.setattr(keras_config, "MOST_CALLS", 20)
    assert "calls of layers" in refusal(UntrustedFileError, load_keras, tmp_path / "nested.keras")


def test_layers_before_their_inputs_are_refused(tmp_path, monkeypatch):
    """Some may be, since shared layers are called early and late."""

    def reverse(config):
        config["config"]["layers"].reverse()
        return config

    path = rewritten(functional(tmp_path), config=reverse)
    assert load_keras(path).output_shape == (None, 2)
    monkeypatch.setattr(keras_config, "MOST_WAITS", 5)
    assert "received 2 before" in refusal(UntrustedFileError, load_keras, path)


# Keras: damage


@pytest.mark.parametrize(
    "fields",
    [
        {"config": {"units": 10**12, "name": "code"}},
        {"config": {"units": 10**28, "name": "code"}},
        {"config": {"units": -1, "name": "code"}},
        {"config": {"units": 2, "name": ["code"]}},
        {"config": {"units": 2, "name": {"a": 1}}},
        {"config": {"units": [2], "name": "code"}},
        {"config": {"units": 2, "name": "code", "dtype": "string"}},
        {"config": {"units": 2, "name": "code", "dtype": "nonsense"}},
        {"config": {"units": 2, "name": "code", "dtype": [1]}},
        {"config": {"units": 2, "name": "code", "activation": "system"}},
        {"config": None},
        {"config": []},
    ],
    ids=str,
)
def test_an_odd_configuration_is_refused(model, fields):
    path = rewritten(model, config=lambda config: layer(config, fields))
    assert "model.keras" in refusal(UntrustedFileError, load_keras, path)


def test_the_reason_that_keras_gives_is_told(model):
    """It stands at the end of a message that begins with the whole configuration."""
    fields = {"config": {"units": -1, "name": "code"}}
    path = rewritten(model, config=lambda config: layer(config, fields))
    assert "positive integer" in refusal(UntrustedFileError, load_keras, path)


def test_an_archive_of_thousands_of_files_is_looked_through_at_once(model):
    members = [(f"{place}", b"") for place in range(20_000)]
    assert check_keras(rewritten(model, members=members)).numbers == 8
    members = [("twice", b"1"), ("twice", b"2")]
    with warnings.catch_warnings(action="ignore"):
        rewritten(model, members=members)
    assert "once" in refusal(UntrustedFileError, check_keras, model)


@pytest.mark.parametrize("config", [None, 1, "Sequential", [], {}, {"class_name": "Sequential"}])
def test_what_is_no_configuration_is_refused(model, config):
    refusal(UntrustedFileError, load_keras, rewritten(model, config=lambda _: config))


@pytest.mark.parametrize("content", [b"[" * 10**5, b"{", b'{"a": 1e999}', b"9" * 5000, b"\xff"])
def test_a_configuration_that_is_no_json_is_refused(model, content):
    with zipfile.ZipFile(model) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(model, "w") as archive:
        for name, data in {**kept, "config.json": content}.items():
            archive.writestr(name, data)
    refusal(UntrustedFileError, load_keras, model)


def test_weights_that_do_not_unpack_are_refused(model):
    rewritten(model)
    with zipfile.ZipFile(model) as archive:
        start = archive.getinfo("model.weights.h5").header_offset
    content = bytearray(model.read_bytes())
    for place in range(start + 60, start + 90):
        content[place] ^= 0xFF
    model.write_bytes(content)
    refusal(UntrustedFileError, load_keras, model)


def test_a_model_without_an_input_shape_is_named(tmp_path):
    from aelatent.audit.networks import load

    path = tmp_path / "loose.keras"
    loose = keras.Sequential([keras.layers.Dense(2)])
    loose.build((None, 3))
    loose.save(path)

    def change(config):
        config["config"].pop("build_input_shape", None)
        config.pop("build_config", None)
        for each in config["config"]["layers"]:
            each.pop("build_config", None)
        config["config"]["layers"] = [
            each for each in config["config"]["layers"] if each["class_name"] != "InputLayer"
        ]
        return config

    rewritten(path, config=change)
    refusal((UntrustedFileError, description.DescriptionError), load, "loose.keras", tmp_path)


def test_a_layer_that_returns_gigabytes_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "wide.keras"
    keras.Sequential([keras.layers.Input((2,)), keras.layers.RepeatVector(10**7)]).save(path)
    monkeypatch.setattr(memory, "budget", lambda: 2**30)
    assert "repeat" in refusal(UntrustedFileError, load_keras, path)


def hdf5(fill):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        fill(file)
    return buffer.getvalue()


def cycle(file):
    file.create_group("a/b")
    file["a/b/c"] = file["a"]


def text(file):
    file["weights"] = ["a", "b"]


def record_of_two(file):
    file["weights"] = np.zeros(2, [("a", "f4"), ("b", "i4")])


def named_type(file):
    file["weights"] = np.dtype("f8")


def holes(file):
    file.create_dataset("weights", (10**7, 10**7), "f4", chunks=(10, 10))


@pytest.mark.parametrize("fill", [cycle, text, record_of_two, named_type, holes])
def test_odd_weights_are_refused_in_a_moment(model, fill):
    refusal(UntrustedFileError, check_keras, rewritten(model, weights=hdf5(fill)))


# Arrays


def bare(tmp_path, members, name="codes.npz"):
    path = tmp_path / name
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


def npy(values):
    buffer = io.BytesIO()
    np.save(buffer, values, allow_pickle=True)
    return buffer.getvalue()


ODD = {
    "complex": np.zeros((600, 2), complex),
    "dates": np.zeros((600, 2), "M8[s]"),
    "times": np.zeros((600, 2), "m8[s]"),
    "text": np.full((600, 2), "x"),
    "bytes": np.full((600, 2), b"x"),
    "objects": np.full((600, 2), None),
    "records": np.zeros(600, [("a", "f4")]),
}


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("packed", [False, True])
def test_arrays_that_are_no_numbers_are_refused(tmp_path, kind, packed):
    path = bare(tmp_path, {"codes.npy": npy(ODD[kind])})
    if not packed:
        path = tmp_path / "codes.npy"
        path.write_bytes(npy(ODD[kind]))
    assert path.name in refusal(UntrustedFileError, load_codes, path)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x93NUMPY", b"\x80\x04."])
def test_a_member_that_is_no_array_is_refused(tmp_path, content):
    refusal(UntrustedFileError, load_codes, bare(tmp_path, {"readme.txt": content}))


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 2), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 2), }",
        "{'descr': ('<f8', (9999, 9999)), 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': 7, }",
        "{'descr': 'nonsense', 'fortran_order': False, 'shape': (1,), }",
        "(" * 5000,
        "-" * 9000 + "1",
    ],
)
def test_a_nonsensical_header_is_refused(tmp_path, header):
    body = header.encode("latin1").ljust(118) + b"\n"
    content = b"\x93NUMPY\x01\x00" + len(body).to_bytes(2, "little") + body + bytes(16)
    (tmp_path / "codes.npy").write_bytes(content)
    refusal(UntrustedFileError, load_codes, tmp_path / "codes.npy")
    refusal(UntrustedFileError, load_codes, bare(tmp_path, {"codes.npy": content}))
    refusal(DataError, read_array, tmp_path / "codes.npy")
    refusal(ValueError, open_cloud, tmp_path / "codes.npy")


def test_headers_are_looked_at_before_arrays_are_read(tmp_path, monkeypatch):
    """Of many arrays the last is no number; none is read."""
    members = {f"{place}.npy": npy(np.zeros(3)) for place in range(20)}
    path = bare(tmp_path, {**members, "last.npy": npy(ODD["objects"])})
    reader = "aelatent.runtime.arrays._array"
    monkeypatch.setattr(reader, lambda *_: pytest.fail("an array was read"))
    refusal(UntrustedFileError, load_codes, path)


def test_many_arrays_are_named_within_a_screen(tmp_path):
    path = bare(tmp_path, {f"{'x' * 200}{place}.npy": npy(np.zeros(1)) for place in range(50)})
    assert "cut" in refusal(UntrustedFileError, load_codes, path)


def test_a_file_larger_than_memory_is_refused_unread(tmp_path, monkeypatch):
    np.save(tmp_path / "codes.npy", np.zeros((10, 2)))
    monkeypatch.setattr(memory, "budget", lambda: 100)
    assert "100" in refusal(UntrustedFileError, load_codes, tmp_path / "codes.npy")
    assert "100" in refusal(StorageError, load_array, tmp_path / "codes.npy")


def test_the_budget_is_a_share_of_the_memory_that_is_left(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 2**32)
    assert memory.budget() == 2**31
    monkeypatch.setattr(memory, "available", lambda: None)
    assert memory.budget() == memory.MOST


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("<f4", (10**12, 0)),
        ("<f4", (0, 10**12)),
        ("<f4", (2**21, 0, 2**40)),
        ("<U0", (2**40, 8)),
        ("|S0", (2**40,)),
    ],
)
def test_an_array_of_endless_nothing_is_refused(tmp_path, kind, shape):
    """Whoever goes through its rows never comes to an end."""
    header = {"descr": kind, "fortran_order": False, "shape": shape}
    body = repr(header).encode().ljust(118) + b"\n"
    content = b"\x93NUMPY\x01\x00" + len(body).to_bytes(2, "little") + body
    (tmp_path / "codes.npy").write_bytes(content)
    refusal(UntrustedFileError, load_codes, tmp_path / "codes.npy")
    refusal(DataError, read_array, tmp_path / "codes.npy")


def test_codes_without_a_dimension_are_refused(tmp_path):
    with pytest.raises(description.DescriptionError, match="expected finite codes"):
        check_codes(np.zeros((600, 0)), "codes.npy")
    np.save(tmp_path / "codes.npy", np.zeros((600, 0)))
    assert "d >= 1" in refusal(ValueError, open_cloud, tmp_path / "codes.npy")
    with pytest.raises(description.DescriptionError, match="one row for each"):
        list(run(Fixed(np.zeros((3, 0))), np.zeros((3, 2)), lambda batch: batch))


def test_codes_beyond_single_precision_are_refused(tmp_path):
    np.save(tmp_path / "codes.npy", np.full((600, 2), 1e300))
    described = description.ModelDescription(
        name="x", codes="codes.npy", file=tmp_path / "mine.yaml"
    )
    with pytest.raises(description.DescriptionError, match="infinity"):
        list(load_trainings(described, None, no_progress))


@pytest.mark.parametrize("values", [np.array(3), np.zeros((600, 2), int), np.zeros(600, bool)])
def test_labels_of_another_shape_are_refused(tmp_path, values):
    np.save(tmp_path / "labels.npy", values)
    described = description.ModelDescription(
        name="x", codes="codes.npy", labels="labels.npy", file=tmp_path / "mine.yaml"
    )
    with pytest.raises(description.DescriptionError, match="expected 600 integers"):
        load_integers(described, "labels", 600, None)


@pytest.mark.parametrize("values", [np.array(3.0), np.zeros(5), np.zeros((0, 8, 8))])
def test_images_that_are_none_are_refused(values):
    with pytest.raises(description.DescriptionError, match="expected images"):
        given_images(values)


def test_images_larger_than_memory_are_refused(tmp_path, monkeypatch):
    for place in range(4):
        Image.new("L", (20, 20), place).save(tmp_path / f"{place}.png")
    monkeypatch.setattr(memory, "budget", lambda: 1000)
    assert "after 3 of 4 images" in refusal(DataError, read_folder, tmp_path)


@pytest.mark.parametrize(
    "changes",
    [
        {"schema": np.array("x")},
        {"schema": np.zeros(3, int)},
        {"arrays/mean": np.array(1.0)},
        {"arrays/mean": np.full(2, np.nan)},
        {"arrays/deviations": np.zeros(7)},
        {"arrays/mean": np.full(2, "x")},
        {"code_shape": np.array([10**9, 10**9])},
        {"code_shape": np.array([-5])},
        {"arrays/codes": np.zeros((0, 2))},
    ],
    ids=str,
)
def test_a_sampler_that_draws_no_numbers_is_refused(tmp_path, changes):
    sound = {
        "schema": np.array(1),
        "name": np.array("mine"),
        "code_shape": np.array([2]),
        "arrays/mean": np.zeros(2),
        "arrays/deviations": np.ones(2),
    }
    path = tmp_path / "sampler.npz"
    path.write_bytes(pack(sound))
    assert load_sampler(path).draw(3, np.random.default_rng(0)).shape == (3, 2)
    path.write_bytes(pack(sound | changes))
    refusal(StorageError, load_sampler, path)


# FIFOs and devices


@pytest.mark.parametrize("kind", ["FIFO", "device", "folder"])
def test_what_is_no_file_on_a_disk_is_refused_at_once(tmp_path, kind):
    readers = {
        "codes.npy": (load_codes, read_array, open_cloud, load_array),
        "model.keras": (load_keras,),
        "model.onnx": (check_onnx,),
        "mine.yaml": (description.read,),
        "results.json": (comparison.read_results,),
    }
    for name, calls in readers.items():
        path = tmp_path / name
        if kind == "FIFO":
            os.mkfifo(path)
        elif kind == "folder":
            path.mkdir()
        else:
            path.symlink_to("/dev/zero")
        for call in calls:
            refusal(ValueError, call, path)


def test_fifos_among_images_are_passed_over(tmp_path):
    os.mkfifo(tmp_path / "a.png")
    refusal(DataError, read_folder, tmp_path)


# YAML


@pytest.mark.parametrize(
    "text",
    [
        "name: x\nimages: !!int [1]",
        "name: !!timestamp nonsense",
        "name: !!binary '@'",
        "name: !<tag:yaml.org,2002:float> x",
        "name: 2026-13-45",
        "name: 2026-02-31T99:99:99Z",
        "name: x\nmost: " + "9" * 5000,
        "name: x\nmost: 0x" + "f" * 5000,
        "name: x\nmost: 1:" + "1:" * 5000 + "1",
        "name: " + "[" * 30_000,
        "name: " + "{a: " * 5_000,
        "- " * 30_000 + "x",
        "? " * 1000 + "x",
        "name: x\nname: y",
        'name: x\n"name": y',
        'name: "a\\e[31mred"',
        'name: "a\\0b"',
        'name: "a\\u202eb"',
        'name: "two\\nlines"',
        "name: ''",
        "name: " + "x" * 300,
        "=: =",
        "? [a, b]\n: x",
        "<<: x",
        "name: x\n<<: {most: 500}",
        "name: x\nmost: 01000",
        "name: x\nmost: 10:00",
        "name: x\nmost: true",
        "name: x\nbatch: yes",
        "name: x\ncall_seconds: no",
        "name: no",
        "1: 2",
        "name: .nan\nmost: .inf",
        "%TAG ! tag:x,2000:\n---\nname: x",
        "--- a\n--- b",
        "\x00",
        "name: \x07",
        "name: x\nimages: 5",
        "name: x\nside: 1000000",
        "name: x\nbatch: 1000000000",
        "name: x\nmost: 100000000000",
        "name: x\ncodes: [a]\nreplicates: {a: b}",
        "name: x\nrange: [1e999, .nan]",
        "x" * 300_000,
    ],
    ids=lambda text: ascii(text[:24]),
)
def test_an_odd_description_is_refused_in_a_moment(tmp_path, text):
    path = tmp_path / "mine.yaml"
    sound = "\ncodes: a.npy\n" if text.startswith("name:") and "codes" not in text else ""
    path.write_text(text + sound)
    assert "mine.yaml" in refusal(SpecificationError, description.read, path)


def test_a_description_without_oddities_is_read(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("name: faces, 2\u00d72 \u00b5m\ncodes: a.npy\nrange: uint8\n")
    assert description.read(path).name == "faces, 2\u00d72 \u00b5m"


def test_many_faults_of_a_description_fit_a_screen(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("name: x\ncodes: a.npy\n" + "".join(f"{'k' * 90}{n}: 1\n" for n in range(500)))
    assert "cut" in refusal(SpecificationError, description.read, path)


@pytest.mark.parametrize("name", ["~nosuchuser/codes.npy", "a\0b"])
def test_a_path_that_nobody_has_is_refused(tmp_path, name):
    described = description.ModelDescription(name="x", codes=name)
    refusal(StorageError, described.path, name)


# Results


def results(tmp_path, **changes):
    write_results([record(parts=[part()])], {"date": "2026-11-28"}, tmp_path / "results.json")
    content = json.loads((tmp_path / "results.json").read_text())
    content["claims"][0] |= changes
    (tmp_path / "results.json").write_text(json.dumps(content))
    return tmp_path / "results.json"


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "splendid"},
        {"outcome": ["supported"]},
        {"outcome": None},
        {"parts": "x"},
        {"parts": [1]},
        {"parts": [{}]},
        {"parts": [{"effect": "1.0", "interval": [0, 1]}]},
        {"parts": [{"effect": 1.0, "interval": [0]}]},
        {"parts": [{"effect": 1.0, "interval": [0, None]}]},
        {"parts": [{"effect": 1.0, "interval": [0, 1], "null": "x"}]},
        {"parts": [{"effect": True, "interval": [0, 1]}]},
        {"effect": "1"},
        {"interval": [1]},
        {"figures": ["a.svg"], "alternatives": []},
        {"figures": [1], "alternatives": [1]},
        {"sections": {"a": 1}},
        {"sections": []},
        {"models": "x"},
        {"line": 1.5},
        {"control": "yes"},
        {"readings": [{"name": 1}]},
        {"readings": [{"name": "a", "outcome": "supported", "parts": [{}]}]},
        {"calibration": [{"simulations": 3}]},
        {"calibration": [{"name": "a", "power": {"rate": "x", "interval": [0, 1]}}]},
        {"id": None},
        {"title": 5},
        {"depends_on": []},
    ],
    ids=str,
)
def test_a_field_of_another_kind_is_refused_in_diff_and_history(tmp_path, changes):
    path = results(tmp_path, **changes)
    assert "claims.0" in refusal(StorageError, comparison.load, path)
    assert "claims.0" in refusal(StorageError, history.history, tmp_path)


@pytest.mark.parametrize(
    "number", ["1e999", "-1e999", "NaN", "Infinity", "9" * 400, "9" * 5000, r'"\ud800"']
)
def test_a_number_that_is_none_is_refused(tmp_path, number):
    path = results(tmp_path)
    path.write_text(path.read_text().replace("0.931", number))
    refusal(StorageError, comparison.load, path)


def test_results_of_gigabytes_are_refused_unread(tmp_path):
    with (tmp_path / "results.json").open("wb") as file:
        file.truncate(2**33)
    assert "at most" in refusal(StorageError, comparison.load, tmp_path)


@pytest.mark.parametrize("content", ["[" * 10**5, '{"schema": ' * 10**4, "", "null", "[]", "1"])
def test_deep_or_empty_results_are_refused(tmp_path, content):
    (tmp_path / "results.json").write_text(content)
    refusal(StorageError, comparison.load, tmp_path)


def number(value=0.5, low=0.4, high=0.6):
    return {"value": value, "interval": [low, high]}


@pytest.mark.parametrize(
    "changes",
    [
        {"samplers": [{"name": "a"}]},
        {"samplers": [{"name": "a", "hits": 1, "recall": number(), "coverage": number()}]},
        {"samplers": "x"},
        {"reconstruction": [{"error": {"value": "x", "interval": [0, 1]}}]},
        {"reconstruction": [1]},
        {"recommended": [1]},
        {"refusals": "x"},
        {"environment": []},
    ],
    ids=str,
)
def test_an_audit_with_a_field_of_another_kind_is_refused(tmp_path, changes):
    from aelatent.report.audit_comparison import load_audit

    row = {"name": "a", "hits": number(), "recall": number(), "coverage": number()}
    sound = {"samplers": [row], "environment": {}, "reconstruction": [{"error": number()}]}
    (tmp_path / "audit.json").write_text(json.dumps(sound))
    assert load_audit(tmp_path) == sound
    (tmp_path / "audit.json").write_text(json.dumps(sound | changes))
    refusal(StorageError, load_audit, tmp_path)


def test_an_escape_character_in_a_result_does_not_reach_the_terminal(tmp_path, capsys):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    results(tmp_path / "a", title="a\x1b[31m", model="m\x1b]0;x\x07")
    results(tmp_path / "b", title="a\x1b[31m", model="m\x1b]0;x\x07", outcome="refuted")
    assert main(["diff", str(tmp_path / "a"), str(tmp_path / "b")]) == 0
    assert main(["history", str(tmp_path)]) == 0
    assert "\x1b" not in capsys.readouterr().out


# ONNX


def graph(tmp_path, nodes, arrays=(), made=("n", 2), given=("n", 2), functions=(), kind=None):
    onnx = pytest.importorskip("onnx")
    from onnx import TensorProto, helper

    built = helper.make_graph(
        list(nodes),
        "g",
        [helper.make_tensor_value_info("x", kind or TensorProto.FLOAT, list(given))],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, list(made))],
        list(arrays),
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("own", 1)]
    model = helper.make_model(built, opset_imports=opsets, ir_version=9, functions=list(functions))
    onnx.save(model, tmp_path / "model.onnx")
    return tmp_path / "model.onnx"


def endless(tmp_path):
    """Write a model whose loop goes on for longer than the universe."""
    from onnx import TensorProto, helper, numpy_helper

    value = helper.make_tensor_value_info
    body = helper.make_graph(
        [helper.make_node("Identity", ["c"], ["d"]), helper.make_node("Add", ["v", "v"], ["w"])],
        "body",
        [
            value("i", TensorProto.INT64, []),
            value("c", TensorProto.BOOL, []),
            value("v", TensorProto.FLOAT, ["n", 2]),
        ],
        [value("d", TensorProto.BOOL, []), value("w", TensorProto.FLOAT, ["n", 2])],
    )
    arrays = [
        numpy_helper.from_array(np.array(2**62), "most"),
        numpy_helper.from_array(np.array(True), "go"),
    ]
    node = helper.make_node("Loop", ["most", "go", "x"], ["y"], body=body)
    return graph(tmp_path, [node], arrays)


def test_an_onnx_loop_without_end_is_stopped(tmp_path, monkeypatch):
    pytest.importorskip("onnx")
    monkeypatch.setattr(onnx_file, "SECONDS", 0.2)
    network = OnnxNetwork("model.onnx", endless(tmp_path))
    with pytest.raises(SlowNetworkError, match=r"model\.onnx: expected .* within 0\.2 s"):
        list(run(network, np.ones((3, 2)), lambda batch: batch))


def test_an_onnx_model_that_asks_for_gigabytes_is_refused_them(tmp_path):
    """Where it asks while it runs, the allocator refuses; the rest is seen before."""
    pytest.importorskip("onnx")
    from onnx import helper, numpy_helper

    arrays = [
        numpy_helper.from_array(np.ones(1, np.float32), "one"),
        numpy_helper.from_array(np.array([2**33]), "shape"),
    ]
    nodes = [
        helper.make_node("Expand", ["one", "shape"], ["z"]),
        helper.make_node("ReduceSum", ["z"], ["r"], keepdims=0),
        helper.make_node("Add", ["x", "r"], ["y"]),
    ]
    network = OnnxNetwork("model.onnx", graph(tmp_path, nodes, arrays))
    said = refusal(description.DescriptionError, lambda: list(run(network, np.ones((3, 2)), list)))
    assert "memory" in said.lower()


def test_onnx_tensors_larger_than_memory_are_refused_unread(tmp_path):
    onnx = pytest.importorskip("onnx")
    from onnx import TensorProto, helper

    node = helper.make_node("Add", ["x", "w"], ["y"])
    for dims in ([10**6, 10**6], [-1], [2**62, 4]):
        large = TensorProto(name="w", dims=dims, data_type=TensorProto.FLOAT)
        path = graph(tmp_path, [node], [large])
        assert "room" in refusal(UntrustedFileError, check_onnx, path)
    model = onnx.load(graph(tmp_path, [node]), load_external_data=False)
    sparse = model.graph.sparse_initializer.add()
    sparse.dims.extend([10**6, 10**6])
    sparse.values.CopyFrom(TensorProto(name="w", dims=[0], data_type=TensorProto.FLOAT))
    onnx.save(model, tmp_path / "model.onnx")
    assert "room" in refusal(UntrustedFileError, check_onnx, tmp_path / "model.onnx")


def test_an_onnx_model_of_text_is_refused(tmp_path):
    """A text that doubles in a loop takes memory that is none of the allocator's."""
    pytest.importorskip("onnx")
    from onnx import TensorProto, helper, numpy_helper

    cast = helper.make_node("Cast", ["x"], ["t"], to=TensorProto.STRING)
    joined = helper.make_node("StringConcat", ["x", "x"], ["y"])
    words = numpy_helper.from_array(np.array(["a"], object), "w")
    plain = helper.make_node("Identity", ["x"], ["y"])
    for nodes, arrays, kind in (
        ([cast, plain], [], None),
        ([joined], [], None),
        ([plain], [words], None),
        ([plain], [], TensorProto.STRING),
    ):
        path = graph(tmp_path, nodes, arrays, kind=kind)
        assert "text" in refusal(UntrustedFileError, check_onnx, path)


def test_a_name_that_a_terminal_cannot_show_becomes_its_place(tmp_path):
    onnx = pytest.importorskip("onnx")
    from onnx import helper

    path = graph(tmp_path, [helper.make_node("Identity", ["x"], ["y\x1b[31m"])])
    model = onnx.load(path)
    model.graph.output[0].name = "y\x1b[31m"
    onnx.save(model, path)
    (found,) = run(OnnxNetwork("model.onnx", path), np.ones((3, 2)), lambda batch: batch)
    assert list(found) == ["0"]


@pytest.mark.parametrize("calls", [{"f": ["f"]}, {"f": ["g"], "g": ["f"]}])
def test_onnx_functions_that_call_themselves_are_refused(tmp_path, calls):
    pytest.importorskip("onnx")
    path = with_functions(tmp_path, calls)
    assert "calls itself" in refusal(UntrustedFileError, check_onnx, path)


def test_onnx_functions_that_grow_are_refused(tmp_path):
    pytest.importorskip("onnx")
    calls = {f"f{n or ''}": [f"f{n + 1}"] * 10 for n in range(12)} | {"f12": []}
    path = with_functions(tmp_path, calls)
    assert "operators" in refusal(UntrustedFileError, check_onnx, path)


def with_functions(tmp_path, calls):
    """Write a model whose functions call others, each by name."""
    from onnx import helper

    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("own", 1)]

    def body(names):
        chain = [
            helper.make_node(name, [f"t{k}"], [f"t{k + 1}"], domain="own")
            for k, name in enumerate(names)
        ]
        ends = [
            helper.make_node("Identity", ["a"], ["t0"]),
            helper.make_node("Identity", [f"t{len(names)}"], ["b"]),
        ]
        return [ends[0], *chain, ends[1]]

    functions = [
        helper.make_function("own", name, ["a"], ["b"], body(names), opsets)
        for name, names in calls.items()
    ]
    node = helper.make_node("f", ["x"], ["y"], domain="own")
    return graph(tmp_path, [node], functions=functions)


@pytest.mark.parametrize("given", [(-1, 2), (0, 2), ("n", -5), (), ("n",), (2**40, 2**40)])
def test_odd_shapes_of_an_onnx_input_are_refused_or_free(tmp_path, given):
    pytest.importorskip("onnx")
    from onnx import helper

    path = graph(tmp_path, [helper.make_node("Identity", ["x"], ["y"])], given=given, made=given)
    try:
        network = OnnxNetwork("model.onnx", path)
        list(run(network, np.ones((3, 2)), lambda batch: batch))
    except EXPECTED as error:
        assert len(str(error)) < SCREEN  # noqa: PT017 -- either way is right


@pytest.mark.parametrize("operator", ["SequenceConstruct", "Shape", "ReduceSum"])
def test_odd_outputs_of_an_onnx_model_are_refused(tmp_path, operator):
    onnx = pytest.importorskip("onnx")
    from onnx import helper

    path = graph(tmp_path, [helper.make_node(operator, ["x"], ["y"])])
    model = onnx.load(path)
    model.graph.output[0].ClearField("type")
    if operator == "SequenceConstruct":
        kind = helper.make_sequence_type_proto(helper.make_tensor_type_proto(1, None))
        model.graph.output[0].type.CopyFrom(kind)
    onnx.save(model, path)
    with pytest.raises(EXPECTED) as caught:  # noqa: PT012 -- at one of several places
        network = OnnxNetwork("model.onnx", path)
        found = list(run(network, np.ones((3, 2)), lambda batch: batch, real=True))
        if not found[0]:  # what is no tensor is left out
            raise UntrustedFileError("no outputs")
    assert len(str(caught.value)) < SCREEN


class Fixed:
    """A network that returns what it was given to return."""

    name, shape, batch = "mine:encode", None, None

    def __init__(self, output):
        self.output = output

    def __call__(self, batch):  # noqa: ARG002 -- as networks are called
        return {"0": self.output}


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (np.zeros((3, 2), complex), "complex"),
        (np.zeros((3, 2), "M8[s]"), "datetime"),
        (np.full((3, 2), "1.5"), "<U3"),
        (np.full((3, 2), 1.5, object), "object"),
        (np.zeros((3, 2), np.int64), "codebook"),
        (np.zeros((3, 2), bool), "codebook"),
    ],
)
def test_codes_that_are_no_real_numbers_are_refused(output, said):
    with pytest.raises(description.DescriptionError, match=said):
        list(run(Fixed(output), np.zeros((3, 2)), lambda batch: batch, real=True))
