"""Random files: every reader reads them or refuses them, within a second and 512 MB."""

import copy
import io
import json
import resource
import time
import warnings
import zipfile

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aelatent.audit import description, onnx_file
from aelatent.audit.keras_archive import load_keras
from aelatent.audit.keras_config import CLASSES
from aelatent.audit.networks import OnnxNetwork, run
from aelatent.audit.untrusted_files import load_codes
from aelatent.data.array import read as read_array
from aelatent.latent.out_of_core import open_cloud
from aelatent.report import write_results
from aelatent.report.audit_comparison import audit_lines, compare_audits, load_audit
from aelatent.report.comparison import compare, difference_lines, load
from aelatent.report.history import history, history_lines
from aelatent.runtime import memory
from aelatent.runtime.refusal import RefusedInputError

from ..report.samples import dependent, part, record

SECONDS = 1.0
BYTES = 512 * 2**20
ROOM = 128 * 2**20  # what the readers are told that there is
fuzzed = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture(autouse=True)
def _room(monkeypatch):
    monkeypatch.setattr(memory, "budget", lambda: ROOM)
    monkeypatch.setattr(onnx_file, "SECONDS", 0.3)


def survives(call, *arguments):
    """Call a reader: it may refuse, but must do nothing else, nor take long or much."""
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.thread_time()
    try:
        with warnings.catch_warnings(action="ignore"):
            return call(*arguments)
    except RefusedInputError as error:
        assert len(str(error)) < 2000  # noqa: PT017 -- either way is right
        return None
    finally:
        assert time.thread_time() - begun < SECONDS
        assert 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) < BYTES


NUMBERS = (
    st.integers(-(2**70), 2**70)
    | st.floats()
    | st.sampled_from([0, -1, 1, 10**6, 10**12, 10**29, 1e308, -1e308, 1e-320, True])
)
VALUES = st.recursive(
    st.none() | NUMBERS | st.text(max_size=8) | st.sampled_from(["supported", "relu", "float16"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
EDITS = st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), max_size=4)


def altered(content, edits, kept):
    """Return bytes with some overwritten at places between 0 and 1, and cut."""
    spoilt = bytearray(content)
    for place, new in edits:
        start = int(place * max(len(spoilt) - 1, 0))
        spoilt[start : start + len(new)] = new
    return bytes(spoilt[: int(kept * len(spoilt))])


KEPT = st.just(1.0) | st.floats(0, 1)


def places(value, at=()):
    """Yield the way to every value within a JSON value."""
    yield at
    inside = value.items() if isinstance(value, dict) else ()
    inside = enumerate(value) if isinstance(value, list) else inside
    for key, each in inside:
        yield from places(each, (*at, key))


def replaced(value, at, new):
    """Return a copy of a JSON value with another value at a place."""
    if not at:
        return new
    whole = copy.deepcopy(value)
    found = whole
    for key in at[:-1]:
        found = found[key]
    found[at[-1]] = new
    return whole


def changes(sound, values=VALUES):
    """Draw a JSON value with up to three values within it replaced."""

    @st.composite
    def drawn(draw):
        value = sound
        for _ in range(draw(st.integers(1, 3))):
            value = replaced(value, draw(st.sampled_from(list(places(value)))), draw(values))
        return value

    return drawn()


TOKENS = st.sampled_from(
    [
        *("name", "codes", "images", "encoder", "range", "replicates", "most", "uint8", "a.npy"),
        *(": ", "\n", "\n  ", "- ", "[", "]", "{", "}", ", ", "? ", "'", '"', "|\n", ">\n", "#"),
        *(
            "&a ",
            "*a",
            "!!int ",
            "!x ",
            "<<: ",
            "---\n",
            "...\n",
            "%YAML 1.1\n",
            "\t",
            "\0",
            "\x1b",
        ),
        *(
            "~",
            "null",
            "yes",
            ".inf",
            ".nan",
            "1e5",
            "0x10",
            "1_0",
            "1:30",
            "2026-02-31",
            "=",
            "\\e",
        ),
        *("folder:", "array:", "\ufeff", "\u2028", "\U0001f600", "\\U00110000", "9" * 40),
    ]
)


@fuzzed
@given(text=st.lists(TOKENS, max_size=40).map("".join) | st.text())
@example(text="name: x\ncodes: a.npy\n")
@example(text="[" * 50_000)
@example(text="{a: " * 50_000)
def test_any_description_is_read_or_refused(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    found = survives(description.read, path)
    if found is not None:
        assert found.name.isprintable()
        survives(lambda: [found.path(name or "") for name in (found.codes, found.encoder)])


DESCRIPTORS = st.sampled_from(
    [
        "<f8",
        ">f4",
        "<f2",
        "|b1",
        "<i8",
        "|u1",
        "<c8",
        "<U3",
        "|S9",
        "|O",
        "<M8[s]",
        "|V9",
        "<U" + "9" * 9,
    ]
)
SHAPES = st.lists(st.integers(-2, 5) | st.sampled_from([10**6, 2**40, 2**63, 10**25]), max_size=4)


@st.composite
def arrays(draw):
    """Draw the bytes of a .npy file whose header is what NumPy may write, or nearly."""
    header = {
        "descr": draw(DESCRIPTORS | st.text(max_size=5)),
        "fortran_order": draw(st.booleans() | st.text(max_size=2)),
        "shape": tuple(draw(SHAPES)),
    }
    text = draw(st.just(repr(header)) | st.text(max_size=80)).encode("latin1", "replace") + b"\n"
    version = draw(st.sampled_from([b"\x01\x00", b"\x02\x00", b"\x03\x00", b"\x09\x00"]))
    length = len(text).to_bytes(2 if version == b"\x01\x00" else 4, "little")
    return b"\x93NUMPY" + version + length + text + draw(st.binary(max_size=64))


@st.composite
def archives(draw):
    """Draw the bytes of an archive with such members."""
    file = io.BytesIO()
    names = draw(st.lists(st.text(max_size=6), min_size=1, max_size=3))
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(file, "w") as archive:
        for name in names:
            kind = draw(
                st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
            )
            archive.writestr(f"a{name}", draw(arrays()), kind)
    return file.getvalue()


def sound_arrays(save):
    file = io.BytesIO()
    save(file, np.random.default_rng(0).standard_normal((600, 4)))
    return file.getvalue()


@st.composite
def altered_arrays(draw):
    save = draw(st.sampled_from([np.save, np.savez_compressed]))
    return altered(sound_arrays(save), draw(EDITS), draw(KEPT))


@fuzzed
@given(content=arrays() | archives() | altered_arrays() | st.binary())
def test_any_array_is_read_or_refused(tmp_path, content):
    path = tmp_path / "codes.npy"
    path.write_bytes(content)
    found = survives(load_codes, path)
    assert found is None or found.dtype.kind in "biuf"
    survives(read_array, path)
    survives(open_cloud, path)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The configuration, the weights and the path of a sound Keras model."""
    path = tmp_path_factory.mktemp("keras") / "model.keras"
    inputs = keras.Input((4, 4, 1))
    hidden = keras.layers.Conv2D(2, 3, activation="relu")(inputs)
    codes = keras.layers.Dense(2)(keras.layers.Flatten()(hidden))
    keras.Model(inputs, keras.ops.multiply(codes, 2.0)).save(path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    load_keras(path)  # what is slow the first time
    return members, path


NAMED = st.sampled_from(sorted(CLASSES)) | st.sampled_from(["Lambda", "Cond", "Switch", "function"])
MODULES = st.sampled_from(["keras.layers", "keras", "keras.src.ops.numpy", "builtins", "os"])
ENTRIES = st.fixed_dictionaries(
    {"class_name": NAMED, "module": MODULES, "config": VALUES | st.just({})},
    optional={"registered_name": st.none() | NAMED, "name": st.text(max_size=5)},
)


@fuzzed
@given(data=st.data())
def test_any_configuration_of_keras_is_loaded_or_refused(saved, data):
    members, path = saved
    sound = json.loads(members["config.json"])
    config = data.draw(changes(sound, VALUES | ENTRIES | NAMED | MODULES))
    write_archive(path, {**members, "config.json": json.dumps(config).encode()})
    survives(load_keras, path)
    assert keras.config.floatx() == "float32"


@fuzzed
@given(data=st.data())
def test_any_weights_are_loaded_or_refused(saved, data):
    members, path = saved
    weights = data.draw(st.builds(altered, st.just(members["model.weights.h5"]), EDITS, KEPT))
    write_archive(path, {**members, "model.weights.h5": weights})
    survives(load_keras, path)


@fuzzed
@given(data=st.data())
def test_any_archive_of_keras_is_loaded_or_refused(saved, data):
    members, path = saved
    write_archive(path, members)
    path.write_bytes(altered(path.read_bytes(), data.draw(EDITS), data.draw(KEPT)))
    survives(load_keras, path)


def write_archive(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """What a sound results file holds."""
    path = tmp_path_factory.mktemp("results") / "results.json"
    write_results([record(parts=[part(), part()]), dependent()], {"date": "2026-11-28"}, path)
    return json.loads(path.read_text())


@fuzzed
@given(data=st.data())
def test_any_results_are_compared_or_refused(tmp_path, stored, data):
    text = json.dumps(data.draw(changes(stored)))
    (tmp_path / "results.json").write_bytes(
        data.draw(st.just(text.encode()) | st.builds(altered, st.just(text.encode()), EDITS, KEPT))
    )
    (tmp_path / "first.json").write_text(json.dumps(stored))
    runs = [survives(load, tmp_path / name) for name in ("first.json", "results.json")]
    if runs[1] is not None:
        lines = difference_lines(compare(runs[0].records, runs[1].records), 80)
        assert all(line.isprintable() for line in lines)
    found = survives(history, tmp_path)
    if found is not None:
        assert all(line.isprintable() for line in history_lines(found, 80))


def number(value):
    return {"value": value, "interval": [value - 0.1, value + 0.1]}


AUDIT = {
    "schema": 2,
    "name": "mine",
    "environment": {"date": "2026-11-28"},
    "refusals": [],
    "recommended": ["gaussian"],
    "reconstruction": [{"error": number(0.01)}],
    "samplers": [
        {
            "name": name,
            "short": name,
            "hits": number(0.9),
            "recall": number(0.8),
            "coverage": number(0.7),
        }
        for name in ("codes", "gaussian")
    ],
}


@fuzzed
@given(data=st.data())
def test_any_audit_is_compared_or_refused(tmp_path, data):
    (tmp_path / "audit.json").write_text(json.dumps(data.draw(changes(AUDIT))))
    found = survives(load_audit, tmp_path)
    if found is not None:
        lines = audit_lines(compare_audits(AUDIT, found))
        assert all(line.isprintable() for line in lines)


def sound_onnx():
    """Return the bytes of a model of a few operators, one in a loop."""
    from onnx import TensorProto, helper, numpy_helper

    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 4]) for name in "xy"]
    weights = [
        numpy_helper.from_array(np.eye(4, dtype=np.float32), "w"),
        numpy_helper.from_array(np.array([-1, 4]), "s"),
    ]
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["a"]),
        helper.make_node("Reshape", ["a", "s"], ["b"]),
        helper.make_node("Relu", ["b"], ["y"]),
    ]
    graph = helper.make_graph(nodes, "g", ends[:1], ends[1:], weights)
    opsets = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString()


@fuzzed
@given(data=st.data())
def test_any_onnx_file_is_run_or_refused(tmp_path, data):
    pytest.importorskip("onnx")
    path = tmp_path / "model.onnx"
    path.write_bytes(altered(sound_onnx(), data.draw(EDITS), data.draw(KEPT)))
    network = survives(OnnxNetwork, "model.onnx", path)
    if network is not None:
        survives(lambda: list(run(network, np.ones((3, 4)), lambda batch: batch)))
