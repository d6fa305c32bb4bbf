"""What networks return: arrays by name, and which of them are codes, spreads and images."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.audit.description import DescriptionError

Arrays = Mapping[str, NDArray[np.float32]]
Shape = tuple[int, ...]

# Names that libraries give to what an encoder or a decoder returns, without case and underscores.
MEANS = ("mu", "mean", "means", "zmean", "zmu", "muz", "loc", "embedding", "qzm", "latentmean")
DRAWS = ("z", "draw", "draws", "zsample", "latent", "latents", "code", "codes", "sample")
IMAGES = ("sample", "reconstruction", "reconx", "recon", "xrecon", "xhat", "image", "images")
SPREADS = {
    "log-variance": ("logvar", "logvars", "logvariance", "logcovariance", "zlogvar", "logvarz"),
    "log standard deviation": ("logstd", "logsigma", "logscale", "zlogstd"),
    "variance": ("var", "variance", "zvar", "qzv", "covariance"),
    "standard deviation": ("std", "stddev", "sigma", "scale", "zstd", "qzs"),
}
LOG_VARIANCE = "log-variance"
LOG_VARIANCES = {
    "log-variance": lambda values: values,
    "log standard deviation": lambda values: 2 * values,
    "variance": lambda values: np.log(np.maximum(values, TINY)),
    "standard deviation": lambda values: 2 * np.log(np.maximum(values, TINY)),
}
TINY = 1e-12
WIDEST_LOG = 60.0
SAME = 1e-4  # of the spread: codes of one image that differ by less are the same
FITS = 1.5  # the variance of draws may be so many times that which the encoder tells


def named(outputs: Any) -> dict[str, Any]:
    """Return what a network returned as arrays by name; an unnamed one by its place.

    Dictionaries, named tuples, dataclasses, tuples, lists and distributions are taken apart.

    Examples
    --------
    >>> sorted(named({"mu": np.zeros((1, 2)), "logvar": np.ones((1, 2))}))
    ['logvar', 'mu']
    >>> list(named((np.zeros((1, 2)), np.ones((1, 2)))))
    ['0', '1']
    """
    found: dict[str, Any] = {}
    for name, value in _parts(outputs):
        if value is None:
            continue
        inside = _moments(value)
        if inside is None and isinstance(value, (Mapping, tuple, list)):
            inside = named(value)
        for key, array in (inside or {name: value}).items():
            found[key if key not in found else f"{name}.{key}"] = array
    return found


def _parts(outputs: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(outputs, Mapping):
        return [(str(key), value) for key, value in outputs.items()]
    if hasattr(outputs, "_asdict"):
        return list(outputs._asdict().items())
    if dataclasses.is_dataclass(outputs) and not isinstance(outputs, type):
        return [(each.name, getattr(outputs, each.name)) for each in dataclasses.fields(outputs)]
    if isinstance(outputs, (list, tuple)):
        return [(str(place), value) for place, value in enumerate(outputs)]
    return [("0", outputs)]


def _moments(value: Any) -> dict[str, Any] | None:
    """Return mean and spread of a distribution; None of anything else."""
    if hasattr(value, "shape") and hasattr(value, "dtype") and hasattr(value, "ndim"):
        return None
    found = {}
    for name, attributes in (("mean", ("mean", "loc", "probs")), *_ATTRIBUTES.items()):
        known = next((getattr(value, a) for a in attributes if hasattr(value, a)), None)
        if known is not None:
            found[name] = known() if callable(known) else known
    return found if "mean" in found else None


_ATTRIBUTES = {
    "logvar": ("logvar", "log_var"),
    "std": ("stddev", "std", "scale"),
    "variance": ("variance", "var"),
}


@dataclass(frozen=True)
class Reading:
    """Which outputs of an encoder are its codes and their spread.

    Attributes
    ----------
    code : str or None
        Name of the output; None for the first.
    spread : str or None
        Name of the output that tells how far draws scatter about the code.
    measure : str
        A key of `LOG_VARIANCES`: what the spread is.
    axis : int or None
        The axis along which the code holds means, then log-variances, in one array.
    notes : tuple of str
        What the user should know, a sentence each.
    """

    code: str | None = None
    spread: str | None = None
    measure: str = LOG_VARIANCE
    axis: int | None = None
    notes: tuple[str, ...] = ()

    def codes(self, outputs: Arrays) -> NDArray[np.float32]:
        """Return the codes, (n, ...), among the outputs."""
        values = outputs[self.code] if self.code is not None else next(iter(outputs.values()))
        return values if self.axis is None else np.split(values, 2, self.axis)[0]

    def log_variances(self, outputs: Arrays) -> NDArray[np.float32] | None:
        """Return the log-variances, (n, ...), among the outputs; None where there are none."""
        if self.axis is not None:
            whole = outputs[self.code] if self.code is not None else next(iter(outputs.values()))
            return np.split(whole, 2, self.axis)[1]
        if self.spread is None:
            return None
        return np.asarray(LOG_VARIANCES[self.measure](outputs[self.spread]), np.float32)


def reading(first: Arrays, again: Arrays, image_shapes: Iterable[Shape]) -> Reading:
    """Find codes and spreads among the outputs of an encoder.

    Parameters
    ----------
    first, again : mapping of str to ndarray of float32, shape (n, ...)
        The outputs for the same images, twice.
    image_shapes : iterable of tuple of int
        Shapes of one image: outputs of such a shape are reconstructions.

    Returns
    -------
    Reading

    Raises
    ------
    DescriptionError
        If several outputs could be codes, and nothing tells which.
    """
    by_name = _by_name(first)
    if by_name is not None:
        return _noting_draws(by_name, first, again)
    shapes = set(image_shapes)
    rest = {name: values for name, values in first.items() if values.shape[1:] not in shapes}
    passed = tuple(name for name in first if name not in rest) if rest else ()
    rest = rest or dict(first)
    notes = tuple(f"Output {name} of the encoder has the shape of an image." for name in passed)
    moving = [name for name in rest if _differ(rest[name], again[name])]
    still = _without_copies({name: rest[name] for name in rest if name not in moving})
    if moving and still:
        return _with_draws(rest, again, moving, still, notes)
    order = still or moving
    alike = [name for name in order if rest[name].shape == rest[order[0]].shape]
    found = Reading(order[0], alike[1] if len(alike) > 1 else None, notes=notes)
    return _noting_draws(found, first, again)


def _role(name: str, names: Iterable[str]) -> bool:
    return name.lower().replace("_", "").rpartition(".")[2] in names


def _by_name(outputs: Arrays) -> Reading | None:
    """Return the reading that names alone give; None where they give none."""
    spreads = [(n, kind) for kind, names in SPREADS.items() for n in outputs if _role(n, names)]
    for names in (MEANS, DRAWS):
        code = next((name for name in outputs if _role(name, names)), None)
        if code is not None:
            fitting = [s for s in spreads if outputs[s[0]].shape == outputs[code].shape]
            return Reading(code, *(fitting[0] if fitting else (None, LOG_VARIANCE)))
    return None


def _differ(first: NDArray[Any], again: NDArray[Any]) -> bool:
    return difference(first, again) > SAME


def difference(first: NDArray[Any], again: NDArray[Any]) -> float:
    """Return how far two arrays of codes of the same images differ, over their spread.

    Parameters
    ----------
    first, again : ndarray, shape (n, ...)

    Returns
    -------
    float
        A root mean square over another.
    """
    rows = np.asarray(first, np.float64).reshape(len(first), -1)
    apart = np.sqrt(np.mean((rows - np.asarray(again, np.float64).reshape(rows.shape)) ** 2))
    spread = np.sqrt(np.mean((rows - rows.mean(axis=0)) ** 2))
    return float(apart / max(spread, TINY, 1e-6 * np.abs(rows).max(initial=0)))


def _without_copies(outputs: Arrays) -> list[str]:
    """Return the names of outputs that differ from those before them: a draw at noise 0 is one."""
    kept: list[str] = []
    for name, values in outputs.items():
        same = (values.shape == outputs[k].shape and np.allclose(values, outputs[k]) for k in kept)
        if not any(same):
            kept.append(name)
    return kept


def _with_draws(
    first: Arrays, again: Arrays, moving: list[str], still: list[str], notes: tuple[str, ...]
) -> Reading:
    """Tell means and spreads by whether they explain how the draws scatter."""
    draws = [first[moving[0]], again[moving[0]]]
    still = [name for name in still if first[name].shape == draws[0].shape] or still
    if len(still) == 1:
        return Reading(still[0], None, notes=notes)
    ratios = {
        (mean, spread, kind): _misfit(draws, first[mean], LOG_VARIANCES[kind](first[spread]))
        for (mean, spread), kind in product(permutations(still, 2), SPREADS)
    }
    mean, spread, kind = min(ratios, key=ratios.__getitem__)
    if ratios[mean, spread, kind] > np.log(FITS):
        raise DescriptionError(
            f"encoder: output {moving[0]} changes from call to call and outputs {', '.join(still)} "
            "do not, but no two of these are mean and log-variance of the first. Return a "
            "dictionary with `mu` and `logvar`"
        )
    order = ", ".join(
        {moving[0]: "draw", mean: "mean", spread: kind}.get(name, "?") for name in first
    )
    told = f"The encoder's outputs are read as ({order}): output {moving[0]} changes from call to "
    return Reading(mean, spread, kind, notes=(*notes, f"{told}call, the others do not."))


def _misfit(draws: list[NDArray[Any]], mean: NDArray[Any], log_variance: NDArray[Any]) -> float:
    """Return the log of the ratio of the draws' variance to the one told, without its sign."""
    width = np.exp(-np.clip(log_variance.astype(np.float64), -WIDEST_LOG, WIDEST_LOG))
    ratio = float(np.mean([np.mean((draw - mean) ** 2 * width) for draw in draws]))
    return abs(float(np.log(max(ratio, TINY))))


def _noting_draws(found: Reading, first: Arrays, again: Arrays) -> Reading:
    """Add a note where the codes of one image change from call to call."""
    apart = difference(found.codes(first), found.codes(again))
    if apart <= SAME:
        return found
    note = (
        f"The encoder draws its codes at random: two codes of one image differ by {apart:.2g} "
        "times the spread of all codes, so what is said of the codes is said of means plus noise. "
        "Return the means, or switch dropout off."
    )
    return dataclasses.replace(found, notes=(*found.notes, note))


def image_output(outputs: Arrays, image_shapes: Iterable[Shape]) -> NDArray[np.float32]:
    """Return the images, (n, ...), among the outputs of a decoder.

    Parameters
    ----------
    outputs : mapping of str to ndarray of float32, shape (n, ...)
    image_shapes : iterable of tuple of int
        Shapes of one image, where it is known.

    Returns
    -------
    ndarray of float32
    """
    shapes = set(image_shapes)
    ordered = [*_first_of(outputs, IMAGES), *_first_of(outputs, MEANS), *outputs.values()]
    return next((values for values in ordered if values.shape[1:] in shapes), ordered[0])


def _first_of(outputs: Arrays, names: Iterable[str]) -> Iterator[NDArray[np.float32]]:
    return (values for name, values in outputs.items() if _role(name, names))
