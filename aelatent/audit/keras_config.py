"""The configuration of a Keras model from elsewhere: what it may name, and nothing else.

Keras makes every object that a configuration names, and calls it while the model is loaded. Some of
its operations call any function of Keras that is public, with arguments from the file: they write
files, change settings and download. So the list below holds what computes; a name that is not on
it is refused, also one that a later Keras adds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aelatent.audit.untrusted_files import UntrustedFileError

MODELS = frozenset({"Functional", "Sequential"})
LAYERS = """
    Activation ActivityRegularization AdaptiveAveragePooling1D AdaptiveAveragePooling2D
    AdaptiveAveragePooling3D AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add
    AdditiveAttention AlphaDropout Attention Average AveragePooling1D AveragePooling2D
    AveragePooling3D BatchNormalization Bidirectional CenterCrop Concatenate Conv1D Conv1DTranspose
    Conv2D Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D Cropping1D
    Cropping2D Cropping3D Dense DepthwiseConv1D DepthwiseConv2D Dot Dropout ELU EinsumDense
    Embedding Flatten GRU GRUCell GaussianDropout GaussianNoise GlobalAveragePooling1D
    GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D
    GlobalMaxPooling3D GroupNormalization GroupQueryAttention Identity InputLayer LSTM LSTMCell
    LayerNormalization LeakyReLU Masking MaxPooling1D MaxPooling2D MaxPooling3D Maximum Minimum
    MultiHeadAttention Multiply Normalization PReLU Permute RMSNormalization RNN RandomBrightness
    RandomContrast RandomCrop RandomFlip RandomRotation RandomTranslation RandomZoom ReLU
    RepeatVector Rescaling Reshape Resizing SeparableConv1D SeparableConv2D SimpleRNN SimpleRNNCell
    Softmax SpatialDropout1D SpatialDropout2D SpatialDropout3D SpectralNormalization
    StackedRNNCells Subtract TimeDistributed UnitNormalization UpSampling1D UpSampling2D
    UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D
"""
OPERATIONS = """
    Abs Absolute Add All Amax Amin Any Arccos Arccosh Arcsin Arcsinh Arctan Arctan2 Arctanh Argmax
    Argmin Argsort Average AveragePool BatchNorm Cast Cbrt Ceil Celu Clip Concatenate Conv
    ConvTranspose Cos Cosh Cumprod Cumsum DepthToSpace DepthwiseConv Diagonal Diff Divide
    DivideNoNan Dot DotProductAttention Einsum Elu Equal Erf Erfinv Exp Exp2 ExpandDims Expm1 Flip
    Floor FloorDivide Fold Gelu GetItem Glu Greater GreaterEqual HardShrink HardSigmoid HardSilu
    HardTanh Hstack Inner LayerNorm LeakyRelu Less LessEqual Log Log10 Log1p Log2 LogSigmoid
    LogSoftmax Logaddexp LogicalAnd LogicalNot LogicalOr LogicalXor Logsumexp Matmul Max MaxPool
    Maximum Mean Min Minimum Mish Mod Moments Moveaxis MultiHot Multiply NanToNum Negative Norm
    Normalize NotEqual OneHot OnesLike Outer Pad Power Prod RMSNorm Ravel ReLU Real Reciprocal Relu
    Relu6 Reshape Roll Round Rsqrt Selu SeparableConv Sigmoid Sign Silu Sin Sinh Size Slice
    SoftShrink Softmax Softplus Softsign Sort SpaceToDepth SparsePlus SparseSigmoid Sparsemax Split
    Sqrt Square Squareplus Squeeze Stack Std StopGradient Subtract Sum Swapaxes Take TakeAlongAxis
    Tan Tanh TanhShrink Tensordot Threshold TopK Transpose Tril Triu TrueDivide Trunc Unfold Unstack
    Var Vdot Vstack Where ZerosLike
"""
PIECES = """
    Constant DTypePolicy FloatDTypePolicy GlorotNormal GlorotUniform HeNormal HeUniform Identity L1
    L1L2 L2 LecunNormal LecunUniform MaxNorm MinMaxNorm NonNeg Ones Orthogonal OrthogonalRegularizer
    RandomNormal RandomUniform SeedGenerator TruncatedNormal UnitNorm VarianceScaling Zeros
"""
ARRAYS = frozenset({"__tensor__", "__numpy__"})
VALUES = ARRAYS | {"__keras_tensor__", "__slice__", "__ellipsis__"}
# Of arrays in a configuration; others, such as "U10000000", make gigabytes of a few letters.
DTYPES = frozenset({"bool", "bfloat16", "float16", "float32", "float64"}).union(
    f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)
)
CLASSES = MODELS.union(LAYERS.split(), OPERATIONS.split(), PIECES.split())
FUNCTIONS = """
    celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu
    linear log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus
    softsign sparse_plus sparse_sigmoid sparsemax squareplus swish tanh tanh_shrink threshold
"""
ACTIVATIONS = frozenset(FUNCTIONS.split())
FUNCTIONS_OF = frozenset({"builtins", "keras.activations", "keras.src.activations.activations"})
# The modules of Keras 3 in which those classes are; the second name is of releases before 3.1.
MODULES = re.compile(
    r"keras(\.src)?(\.(activations|constraints|dtype_policies|engine|initializers|layers|models"
    r"|ops|random|regularizers)(\.\w+)*)?"
)
# Arguments that name a file to be read when the layer is made.
NAMING = {"vocabulary", "idf_weights", "filepath", "file_path", "weights"}
# Arguments that say how far a layer reaches or how many pieces it makes, and the largest of them.
REACHING = """
    pool_size size strides padding cropping dilation_rate kernel_size output_size
    indices_or_sections num
"""
FARTHEST = 2**16
MOST_ARGUMENTS = 10_000  # values that one call is given besides arrays: Keras visits each
SHOWN = 80  # characters of a name from the file
MOST_CALLS = 10_000  # of layers, where models within models are called many times
MOST_WAITS = 50_000  # times that Keras looks at a layer whose inputs come later in the file


def plain_config(config: Any) -> Any:
    """Return a configuration without what compiling needs: losses, metrics and optimisers.

    They may be the author's own, and an audit does not train.
    """
    if isinstance(config, dict):
        return {k: plain_config(v) for k, v in config.items() if k != "compile_config"}
    return [plain_config(each) for each in config] if isinstance(config, list) else config


def check_config(path: Path, config: Any) -> None:
    """Refuse a configuration that names anything but what computes.

    Parameters
    ----------
    path : Path
        The file's name, for error messages.
    config : object
        As JSON holds it.

    Raises
    ------
    UntrustedFileError
        If it is no model, or names a class, a function or a file that is not on the list. The
        message names it.
    """
    if not isinstance(config, dict) or not _among(MODELS, config.get("class_name")):
        raise UntrustedFileError(
            f"{path}: expected a Functional or Sequential model of Keras, received "
            f"{_shown(config, 'class_name')}. A model of a class of your own cannot be loaded "
            "without its code: give it as module:callable"
        )
    _check_calls(path, config)
    for entry in _mappings(config):
        if isinstance(entry.get("layers"), list):
            _check_order(path, entry["layers"])
        if "class_name" in entry:
            _check_named(path, entry)
            _check_reach(path, entry)
        if "inbound_nodes" in entry:
            _check_nodes(path, entry["inbound_nodes"])
        if named := [key for key in NAMING if isinstance(entry.get(key), str)]:
            raise UntrustedFileError(
                f"{path}: expected a model that reads no other file, received "
                f"{named[0]}={_shown(entry, named[0])}"
            )


def _check_named(path: Path, entry: dict[str, Any]) -> None:
    name, module = entry["class_name"], entry.get("module")
    if name == "function":
        called = entry.get("config")
        known = _among(ACTIVATIONS, called) and _among(FUNCTIONS_OF, module)
        if known and _builtin(entry, called):
            return
        raise UntrustedFileError(
            f"{path}: expected no function but activations of Keras, received "
            f"{_shown(entry, 'config')} of {_shown(entry, 'module')}: Keras would call it. Replace "
            "it by layers of Keras"
        )
    if _among(VALUES, name) and module is None:
        _check_array(path, entry)
        return
    own = isinstance(module, str) and MODULES.fullmatch(module) is not None
    if not (_among(CLASSES, name) and own and _builtin(entry, name)):
        raise UntrustedFileError(
            f"{path}: expected layers of Keras that compute, received "
            f"{_shown(entry, 'class_name')} of {_shown(entry, 'module')}, which is not known to be "
            "harmless. Give the model as module:callable in your own code instead"
        )


def _check_array(path: Path, entry: dict[str, Any]) -> None:
    """Refuse an array that is not of plain numbers."""
    inner = entry.get("config")
    dtype = inner.get("dtype") if isinstance(inner, dict) else None
    if entry["class_name"] in ARRAYS and not _among(DTYPES, dtype):
        raise UntrustedFileError(
            f"{path}: expected arrays of numbers in the configuration, received {_shown(dtype, '')}"
        )


def _check_reach(path: Path, entry: dict[str, Any]) -> None:
    """Refuse a layer that reaches farther, or makes more pieces, than any that is of use."""
    inner: Any = entry.get("config")
    for key in REACHING.split() if isinstance(inner, dict) else ():
        if any(abs(number) > FARTHEST for number in _integers(inner.get(key))):
            raise UntrustedFileError(
                f"{path}: expected layers that reach {FARTHEST:,} steps at most, received "
                f"{key}={_shown(inner, key)}"
            )


def _integers(value: Any) -> Iterator[int]:
    """Yield the integers in a value and in the lists within it."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, list):
            waiting.extend(found)
        elif isinstance(found, int):
            yield found


def _builtin(entry: dict[str, Any], name: Any) -> bool:
    """Tell whether an entry means Keras' own, not something that was registered by that name."""
    return entry.get("registered_name") in (None, name)


def _among(names: frozenset[str], found: Any) -> bool:
    return isinstance(found, str) and found in names


def _check_nodes(path: Path, nodes: Any) -> None:
    """Refuse a call without a symbolic tensor: Keras would work it out while it loads the model."""
    for node in nodes if isinstance(nodes, list) else [nodes]:
        symbolic = (e for e in _mappings(node) if e.get("class_name") == "__keras_tensor__")
        if next(symbolic, None) is None:
            raise UntrustedFileError(
                f"{path}: expected layers that are called on the outputs of others, received one "
                "that is called on numbers of the file"
            )
        if _number_of_values(node) > MOST_ARGUMENTS:
            raise UntrustedFileError(
                f"{path}: expected at most {MOST_ARGUMENTS:,} arguments of a call, received more"
            )


def _number_of_values(node: Any) -> int:
    """Return how many values a call is given; an array is one."""
    waiting, count = [node], 0
    while waiting:
        found = waiting.pop()
        count += 1
        if isinstance(found, dict) and not _among(ARRAYS, found.get("class_name")):
            waiting.extend(found.values())
        elif isinstance(found, list):
            waiting.extend(found)
    return count


def _check_calls(path: Path, config: Any) -> None:
    """Refuse models within models that call each other so often that no call would end."""
    waiting, calls = [(config, 1)], 0
    while waiting:
        found, times = waiting.pop()
        if isinstance(found, dict):
            nodes = found.get("inbound_nodes")
            times *= max(1, len(nodes)) if isinstance(nodes, list) else 1
            calls += times if "inbound_nodes" in found else 0
            waiting += [(v, times) for key, v in found.items() if key != "inbound_nodes"]
        elif isinstance(found, list):
            waiting += [(each, times) for each in found]
        if calls > MOST_CALLS:
            raise UntrustedFileError(f"{path}: expected at most {MOST_CALLS:,} calls of layers")


def _check_order(path: Path, layers: list[Any]) -> None:
    """Refuse layers in an order that Keras takes too long to sort: it writes the earliest first."""
    names = [each.get("name") if isinstance(each, dict) else None for each in layers]
    places = {name: place for place, name in enumerate(names) if isinstance(name, str)}
    late = 0
    for place, each in enumerate(layers):
        inputs = _mappings(each.get("inbound_nodes") if isinstance(each, dict) else None)
        late += sum(places.get(name, place) >= place for name in map(_origin, inputs) if name)
    if late * len(layers) > MOST_WAITS:
        raise UntrustedFileError(
            f"{path}: expected layers after those that they are called on, received {late:,} before"
        )


def _origin(entry: dict[str, Any]) -> str:
    """Return the name of the layer that a symbolic tensor comes from; empty for anything else."""
    inner = entry.get("config")
    history = inner.get("keras_history") if isinstance(inner, dict) else None
    found = history[0] if isinstance(history, list) and history else ""
    return found if isinstance(found, str) else ""


def _mappings(config: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping in a configuration, however deep."""
    waiting = [config]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            yield found
            waiting.extend(found.values())
        elif isinstance(found, list):
            waiting.extend(found)


def _shown(entry: Any, key: str) -> str:
    found = entry.get(key) if isinstance(entry, dict) else entry
    return f"{found!r:.{SHOWN}}"
