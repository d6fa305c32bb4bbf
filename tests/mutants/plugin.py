"""A pytest plugin that plants one defect in everything that claims ask for.

`pytest claims -p tests.mutants.plugin --defect "shuffled codes"` runs each claim on one model.
"""

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from aelatent import fact
from tests.mutants.defects import DEFECTS, MODELS, Defect

NONE = "none"
PREFERRED = (
    "faces_ae_256d",
    "mnist_vae_8x8x16",
    "mnist_vae_2d",
    "mnist_ae_2d",
    "faces_vae_200d",
)
CONTROL = "test_control_"
SPOILT = {}
SOUND = Defect(NONE, "Nothing is wrong")


def pytest_addoption(parser):
    """Add the name of the defect."""
    parser.addoption("--defect", default=NONE, choices=[NONE, *DEFECTS])


def pytest_collection_modifyitems(config, items):
    """Keep one run of each claim, and of each control that looks at a model."""
    chosen = {}
    defect = DEFECTS.get(config.getoption("--defect"), SOUND)
    for item in items:
        if not defect.reaches(item.fixturenames, compared(item) or [one(item)], item.module):
            continue
        if item.name.startswith(CONTROL) and not MODELS & set(item.fixturenames):
            continue
        key = (item.path, item.originalname)
        if key not in chosen or rank(item) < rank(chosen[key]):
            chosen[key] = item
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen.values()])
    items[:] = chosen.values()


def compared(item):
    """Return the names of the models that a claim holds against each other."""
    marker = item.get_closest_marker("claim")
    return marker.kwargs.get("compares", "").split() if marker else []


def one(item):
    """Return the name of the model that a run is about, or nothing."""
    return item.callspec.params.get("model", "") if hasattr(item, "callspec") else ""


def rank(item):
    """Return the place of a run's model among those preferred."""
    name = one(item)
    return PREFERRED.index(name) if name in PREFERRED else len(PREFERRED)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Hand a claim spoilt things instead of those it asked for, and draw nothing."""
    defect = DEFECTS.get(pyfuncitem.config.getoption("--defect"), SOUND)
    given = pyfuncitem.funcargs
    if "add_figure" in given:
        given["add_figure"] = lambda *_, **__: None
    if "model" in given:
        given["model"] = spoil(given["model"], defect)
    if "models" in given:
        names = compared(pyfuncitem)
        exchanged = dict(zip(names, defect.names(names), strict=True))
        load = given["models"]
        given["models"] = lambda name: spoil(load(exchanged.get(name, name)), defect)
    if "rng" in given:
        given["rng"] = defect.draws(given["rng"])
    if defect.part == "numbers" and hasattr(pyfuncitem.module, "fact"):
        pyfuncitem.module.fact = lambda value, unit="": fact(defect.numbers(value), unit)
    if "image_judge" in given:
        image_judge = given["image_judge"]
        given["image_judge"] = lambda model: defect.image_judge(image_judge(model))


def spoil(model, defect):
    """Return a fixture model with the defect in each replicate, made once a session."""
    if model.name not in SPOILT:
        replicates = tuple(
            defect.replicate(r, np.random.default_rng(seed(f"{r.name} {defect.name}")))
            for r in model.replicates
        )
        SPOILT[model.name] = replace(model, replicates=replicates)
    return SPOILT[model.name]


def seed(text):
    """Return a seed that is the same in every run."""
    return list(hashlib.sha256(text.encode()).digest()[:16])
