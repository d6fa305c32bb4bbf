"""No statistic, null or sampler goes without a test of its own."""

import importlib
import inspect
import pkgutil
from pathlib import Path

from aelatent import statistics

from ..parity.register import CASES, name_of
from ..parity.table import WITHOUT
from . import promises  # noqa: F401 (imported for what it registers)
from .nulls import NULLS
from .register import PROPERTIES

ROOT = Path(__file__).parents[2]
# Modules that hold no statistic, but checks of arguments.
NO_STATISTICS = {"validation"}


def public_functions():
    """Return every function that a module of statistics defines and shows, by its name."""
    found = []
    for module in pkgutil.iter_modules(statistics.__path__):
        if module.name in NO_STATISTICS:
            continue
        members = vars(importlib.import_module(f"{statistics.__name__}.{module.name}")).values()
        found += [
            name_of(member)
            for member in members
            if inspect.isfunction(member)
            and member.__module__.endswith(f".{module.name}")
            and not member.__name__.startswith("_")
        ]
    return found


# Of codes these know nothing, or only what their arguments say.
ELSEWHERE = {
    "description.describe": "tests/statistics/test_description.py",
    "description.measure": "tests/statistics/test_description.py",
    "embedding.embed": "tests/statistics/test_embedding.py",
    "truncation.radius_of_share": "tests/properties/test_closed_forms.py",
    "truncation.shrinkage": "tests/properties/test_closed_forms.py",
}


def test_every_statistic_has_a_reference_or_a_reason():
    known = CASES.keys() | WITHOUT.keys() | NULLS.keys()

    assert [name for name in public_functions() if name not in known] == []


def test_every_statistic_has_properties():
    known = PROPERTIES.keys() | NULLS.keys() | ELSEWHERE.keys()

    assert [name for name in public_functions() if name not in known] == []


def test_nothing_is_registered_that_is_not_there():
    there = {*public_functions(), "generalised_chi.GeneralisedChi"}

    assert PROPERTIES.keys() | NULLS.keys() | WITHOUT.keys() | ELSEWHERE.keys() <= there
    assert all((ROOT / file).exists() for file in ELSEWHERE.values())
