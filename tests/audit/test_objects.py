"""Networks are made of the objects in a user's hands."""

import contextlib
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from aelatent.audit.description import DescriptionError
from aelatent.audit.objects import encoder_and_decoder, evaluating, network, torch_modules


class Tensor:
    """What counts of a PyTorch tensor."""

    def __init__(self, values):
        self.values = values

    def __len__(self):
        return len(self.values)

    def to(self, device, dtype):
        assert device == "gpu"
        return Tensor(self.values.astype(dtype))

    def detach(self):
        return self

    cpu = float = detach

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.values, dtype)


class Module:
    """What counts of a PyTorch module: it takes tensors alone, and has modules of its own."""

    def __init__(self, inner=None):
        self.training = True
        self.inner = inner
        self.seen = []

    def parameters(self):
        return iter([SimpleNamespace(device="gpu", dtype=np.float16)])

    def modules(self):
        return [self, *([self.inner] if self.inner else [])]

    def eval(self):
        for module in self.modules():
            module.training = False

    def encode(self, x):
        assert isinstance(x, Tensor), "expected a tensor"
        self.seen.append((self.training, x.values.dtype))
        return Tensor(x.values * 2)

    __call__ = decode = encode


@pytest.fixture
def torch(monkeypatch):
    modes = []

    @contextlib.contextmanager
    def inference_mode():
        modes.append("on")
        yield
        modes.append("off")

    fake = SimpleNamespace(from_numpy=Tensor, inference_mode=inference_mode, modes=modes)
    monkeypatch.setitem(sys.modules, "torch", fake)
    return fake


@pytest.mark.parametrize("kind", ["module", "method", "closure", "closure of a method"])
def test_torch_modules_run_in_evaluation_mode_on_their_device(torch, kind):
    inner = Module()
    inner.training = False
    module = Module(inner)
    method = module.encode

    def closure(x):
        return module(x)

    given = {
        "module": module,
        "method": module.encode,
        "closure": closure,
        "closure of a method": lambda x, function=None: (function or method)(x),
    }[kind]
    outputs = network("encoder", given)(np.ones((3, 4), np.float32))
    np.testing.assert_array_equal(np.asarray(outputs["0"]), np.full((3, 4), 2))
    assert module.seen == [(False, np.float16)]
    assert (module.training, inner.training) == (True, False)
    assert torch.modes == ["on", "off"]


def test_modules_are_left_as_they_were_after_an_error():
    module = Module()
    with pytest.raises(RuntimeError), evaluating([module]):
        raise RuntimeError
    assert module.training


def test_functions_on_arrays_need_no_torch(monkeypatch):
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    assert torch_modules(np.square) == []
    (found,) = network("encoder", lambda x: x + 1)(np.zeros((2, 3), np.float32)).values()
    assert (found == 1).all()


def test_a_model_is_its_encoder_and_decoder():
    module = Module()
    assert encoder_and_decoder(module) == (module.encode, module.decode)
    halves = SimpleNamespace(encoder=abs, decoder=min)
    assert encoder_and_decoder(halves) == (abs, min)
    with pytest.raises(DescriptionError, match="expected an object with `encode` and `decode`"):
        encoder_and_decoder(3)


def test_what_cannot_be_called_is_refused():
    with pytest.raises(DescriptionError, match="expected a function, a module, a model or a file"):
        network("decoder", 3)


@pytest.mark.slow
def test_keras_models_in_memory_run_without_dropout():
    keras = pytest.importorskip("keras")
    inputs = keras.Input((4,))
    dropped = keras.layers.Dropout(0.5)(inputs)
    model = keras.Model(inputs, [dropped, keras.layers.Identity(name="z_log_var")(dropped)])
    found = network("encoder", model)
    outputs = found(np.ones((2, 4), np.float32))
    assert found.shape == (4,)
    assert list(outputs)[1] == "z_log_var"
    assert all((values == 1).all() for values in outputs.values())
