"""Odd clouds: every statistic gives finite numbers or says what it expected."""

import importlib
import inspect
import pkgutil
import tracemalloc
from dataclasses import asdict, is_dataclass

import numpy as np
import pytest

import aelatent.statistics
from aelatent.latent.cloud import CloudError, LatentCloud
from aelatent.runtime import memory

# Their first argument is one array of codes, or a cloud; what else they ask for is given here.
ASKED = {"rng": lambda: np.random.default_rng(0)}


def statistics():
    """Yield each public statistic of codes or of a cloud."""
    for module in pkgutil.iter_modules(aelatent.statistics.__path__, "aelatent.statistics."):
        for name, function in vars(importlib.import_module(module.name)).items():
            if name.startswith("_") or not inspect.isfunction(function):
                continue
            if function.__module__ != module.name:
                continue
            first, *others = inspect.signature(function).parameters.values()
            open_ = {p.name for p in others if p.default is p.empty} - ASKED.keys()
            sentences = inspect.isgeneratorfunction(function)
            if first.name in {"codes", "cloud"} and not open_ and not sentences:
                yield pytest.param(function, first.name, id=f"{module.name[20:]}.{name}")


def normal(n, d):
    """Draw normal codes."""
    return np.random.default_rng(0).standard_normal((n, d))


def constant_dimension():
    """One of five dimensions has one value."""
    codes = normal(100, 5)
    codes[:, 2] = 3.0
    return codes


ODD = {
    "two codes": lambda: normal(2, 3),
    "fewer codes than dimensions": lambda: normal(20, 60),
    "a constant dimension": constant_dimension,
    "all codes equal": lambda: np.ones((50, 4)),
    "every code twice": lambda: np.repeat(normal(60, 4), 2, axis=0),
    "a scale of a million": lambda: 1e6 * normal(100, 4),
    "a scale of a millionth": lambda: 1e-6 * normal(100, 4),
    "one dimension": lambda: normal(100, 1),
    "a million beside ones": lambda: normal(100, 4) * [1e6, 1, 1, 1],
}


@pytest.mark.parametrize(("statistic", "kind"), [*statistics()])
def test_a_statistic_of_odd_codes_is_finite_or_explains_itself(statistic, kind):
    found = {odd: fault(statistic, kind, make()) for odd, make in ODD.items()}

    assert {odd: what for odd, what in found.items() if what} == {}


def fault(statistic, kind, codes):
    """Return what is wrong with what a statistic makes of codes; None if nothing is."""
    asked = inspect.signature(statistic).parameters
    others = {name: make() for name, make in ASKED.items() if name in asked}
    try:
        found = statistic(LatentCloud(codes) if kind == "cloud" else codes, **others)
    except ValueError as error:
        return None if "expected" in str(error) else repr(error)
    except Exception as error:
        return repr(error)
    return None if all(np.isfinite(value).all() for value in numbers(found)) else repr(found)


def numbers(found):
    """Yield the numbers in what a statistic returns."""
    if isinstance(found, LatentCloud):
        yield found.z_mean
    elif is_dataclass(found):
        yield from numbers(asdict(found))
    elif isinstance(found, dict):
        for value in found.values():
            yield from numbers(value)
    elif isinstance(found, (tuple, list)):
        for value in found:
            yield from numbers(value)
    else:
        yield np.asarray(found, dtype=float)


@pytest.mark.parametrize(
    "codes",
    [
        np.array([[1.0, np.nan], [0.0, 1.0]]),
        np.array([[1.0, np.inf], [0.0, 1.0]]),
        np.array([[np.inf, 0.0], [0.0, 1.0]], np.float16),
        np.zeros((1, 4)),
        np.zeros((0, 4)),
        np.zeros((4, 0)),
        np.zeros(4),
        np.zeros((2, 2, 2)),
    ],
    ids=[
        "NaN",
        "infinity",
        "float16 overflow",
        "one point",
        "empty",
        "no dimension",
        "flat",
        "3-d",
    ],
)
def test_a_cloud_of_nothing_is_refused(codes):
    with pytest.raises(CloudError, match="expected"):
        LatentCloud(codes)


@pytest.mark.parametrize("field", ["labels", "groups"])
def test_labels_of_the_wrong_length_are_refused(field):
    with pytest.raises(CloudError, match=rf"expected {field} of shape \(5,\), received \(4,\)"):
        LatentCloud(normal(5, 2), **{field: np.zeros(4, int)})


def test_65536_dimensions_make_no_matrix_by_accident(monkeypatch):
    """A covariance of them would take 34 GB; it is refused, and few statistics need one."""
    from aelatent.statistics.axes import principal_scores
    from aelatent.statistics.diversity import mean_distance
    from aelatent.statistics.nearest import neighbours
    from aelatent.statistics.radius import peak_over_root_n
    from aelatent.statistics.surrogates import column_shuffles, sign_flips

    codes, rng = np.random.default_rng(0).standard_normal((64, 65_536)), ASKED["rng"]()
    tracemalloc.start()
    cloud = LatentCloud(codes)
    assert peak_over_root_n(cloud).value == pytest.approx(1, abs=0.01)
    assert neighbours(codes, 3)[0].shape == (64, 3)
    assert mean_distance(codes, rng).value > 0
    assert column_shuffles(cloud, rng).n == sign_flips(cloud, rng).n == 64
    assert cloud.deviations.shape == (65_536,)
    assert principal_scores(cloud, 10).shape == (64, 10)
    monkeypatch.setattr(memory, "budget", lambda: 2**30)
    with pytest.raises(CloudError, match="34,359,738,368"):
        _ = cloud.principal
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1e9
