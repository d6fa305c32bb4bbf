"""Networks in each format: Keras, ONNX, and callables, PyTorch among them where it is installed."""

import textwrap

import numpy as np
import pytest

from aelatent.audit.description import DescriptionError, read
from aelatent.audit.forms import found_autoencoder
from aelatent.audit.inputs import given_images
from aelatent.audit.measuring import measure
from aelatent.audit.objects import network

keras = pytest.importorskip("keras")


def principal(home):
    with np.load(home / "weights.npz") as weights:
        return weights["mean"].astype(np.float32), weights["axes"].astype(np.float32)


@pytest.fixture
def in_keras(home):
    """The linear code as two `.keras` files."""
    mean, axes = principal(home)
    encoder = keras.Sequential(
        [keras.layers.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(16)]
    )
    encoder.layers[-1].set_weights([axes.T, -mean @ axes.T])
    decoder = keras.Sequential(
        [keras.layers.Input((16,)), keras.layers.Dense(64), keras.layers.Reshape((8, 8, 1))]
    )
    decoder.layers[0].set_weights([axes, mean])
    encoder.save(home / "encoder.keras")
    decoder.save(home / "decoder.keras")
    return {"encoder": "encoder.keras", "decoder": "decoder.keras"}


def in_onnx(home, first=False, n="n"):
    """Write the linear code as two ONNX files, channels last or first, for `n` inputs at once."""
    onnx = pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    from onnx import TensorProto, helper, numpy_helper

    mean, axes = principal(home)
    image = [n, 1, 8, 8] if first else [n, 8, 8, 1]

    def save(name, nodes, arrays, given, made):
        graph = helper.make_graph(
            nodes,
            name,
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, given)],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, made)],
            [numpy_helper.from_array(values, key) for key, values in arrays.items()],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
        onnx.save(model, home / f"{name}.onnx")

    save(
        "encoder",
        [
            helper.make_node("Flatten", ["x"], ["flat"]),
            helper.make_node("Sub", ["flat", "mean"], ["centred"]),
            helper.make_node("MatMul", ["centred", "axes"], ["y"]),
        ],
        {"mean": mean, "axes": axes.T.copy()},
        image,
        [n, 16],
    )
    save(
        "decoder",
        [
            helper.make_node("MatMul", ["x", "axes"], ["centred"]),
            helper.make_node("Add", ["centred", "mean"], ["flat"]),
            helper.make_node("Reshape", ["flat", "shape"], ["y"]),
        ],
        {"mean": mean, "axes": axes, "shape": np.array([-1, *image[1:]], np.int64)},
        [n, 16],
        image,
    )
    return {"encoder": "encoder.onnx", "decoder": "decoder.onnx"}


def test_keras_files_encode_as_the_functions_do(describe, in_keras):
    ours, theirs = measure(read(describe())), measure(read(describe(**in_keras)))
    np.testing.assert_allclose(theirs.trainings[0].codes, ours.trainings[0].codes, atol=1e-4)


@pytest.mark.parametrize("first", [False, True])
def test_onnx_files_encode_as_the_functions_do(describe, home, first):
    channels = "first" if first else "last"
    files = in_onnx(home, first)
    ours = measure(read(describe()))
    theirs = measure(read(describe(**files, channels=channels)))
    np.testing.assert_allclose(theirs.trainings[0].codes, ours.trainings[0].codes, atol=1e-4)
    assert theirs.image_shape == (8, 8, 1)


@pytest.mark.parametrize("n", ["n", 1, 50])
def test_onnx_paths_work_from_python_in_their_own_batches(home, digits, n):
    files = in_onnx(home, first=True, n=n)
    encoder, decoder = (network(name, home / file) for name, file in files.items())
    assert encoder.batch == (n if n != "n" else None)
    form = found_autoencoder(encoder, decoder, given_images(digits.pixels[:120]))
    assert form.layout == "first"
    mean, axes = principal(home)
    codes = (digits.pixels[:120].reshape(120, -1) / 255 - mean) @ axes.T
    np.testing.assert_allclose(form.encode(digits.pixels[:120])[0], codes, atol=1e-4)
    assert form.decode(codes).shape == (120, 8, 8, 1)


def test_channels_on_the_other_axis_are_named(describe, in_keras):
    with pytest.raises(DescriptionError, match="Declare `channels: last`"):
        measure(read(describe(**in_keras, channels="first")))


def test_codes_of_another_size_than_the_decoder_takes_are_named(describe, home, in_keras):
    np.save(home / "codes.npy", np.zeros((900, 7)))
    only = {"encoder": None, "images": None, "codes": "codes.npy"}
    with pytest.raises(DescriptionError, match=r"expected inputs of shape \(16,\) each"):
        measure(read(describe(**{**in_keras, **only})))


def test_torch_modules_work_as_callables(describe, home):
    pytest.importorskip("torch")
    (home / "torch_of_mine.py").write_text(
        textwrap.dedent(
            """
            import torch
            from networks_of_mine import axes, mean

            axes, mean = (torch.tensor(x, dtype=torch.float32) for x in (axes, mean))


            def encode(images):
                return (torch.from_numpy(images).flatten(1) - mean) @ axes.T


            def decode(codes):
                return (torch.from_numpy(codes) @ axes + mean).reshape(-1, 8, 8, 1).requires_grad_()
            """
        )
    )
    mine = {"encoder": "torch_of_mine:encode", "decoder": "torch_of_mine:decode"}
    ours, theirs = measure(read(describe())), measure(read(describe(**mine)))
    np.testing.assert_allclose(theirs.trainings[0].codes, ours.trainings[0].codes, atol=1e-4)
