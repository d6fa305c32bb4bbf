"""A pytest plugin that injects one defect into everything that claims ask for.

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
DEFECTIVE_MODELS = {}
SOUND = Defect(NONE, "Nothing is wrong")


def pytest_addoption(parser):
    """Add the name of the defect."""
    parser.addoption("--defect", default=NONE, choices=[NONE, *DEFECTS])


def pytest_collection_modifyitems(config, items):
    """Keep one run of each claim, and of each control that looks at a model."""
    chosen = {}
    defect = DEFECTS.get(config.getoption("--defect"), SOUND)
    for item in items:
        if not defect.reaches(item.fixturenames, compared(item) or [model_name(item)], item.module):
            continue
        if item.name.startswith(CONTROL) and not MODELS & set(item.fixturenames):
            continue
        key = (item.path, item.originalname)
        if key not in chosen or rank(item) < rank(chosen[key]):
            chosen[key] = item
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen.values()])
    items[:] = chosen.values()


def compared(item):
    """Return the names of the models that a claim compares."""
    marker = item.get_closest_marker("claim")
    return marker.kwargs.get("compares", "").split() if marker else []


def model_name(item):
    """Return the name of the model that a run is about, or an empty string."""
    return item.callspec.params.get("model", "") if hasattr(item, "callspec") else ""


def rank(item):
    """Return the place of a run's model among the preferred ones."""
    name = model_name(item)
    return PREFERRED.index(name) if name in PREFERRED else len(PREFERRED)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Replace what a claim asked for by defective versions, and draw no figure."""
    defect = DEFECTS.get(pyfuncitem.config.getoption("--defect"), SOUND)
    fixtures = pyfuncitem.funcargs
    if "add_figure" in fixtures:
        fixtures["add_figure"] = lambda *_, **__: None
    if "model" in fixtures:
        fixtures["model"] = with_defect(fixtures["model"], defect)
    if "models" in fixtures:
        names = compared(pyfuncitem)
        exchanged = dict(zip(names, defect.names(names), strict=True))
        load = fixtures["models"]
        fixtures["models"] = lambda name: with_defect(load(exchanged.get(name, name)), defect)
    if "rng" in fixtures:
        fixtures["rng"] = defect.draws(fixtures["rng"])
    if defect.part == "numbers" and hasattr(pyfuncitem.module, "fact"):
        pyfuncitem.module.fact = lambda value, unit="": fact(defect.numbers(value), unit)
    if "image_judge" in fixtures:
        image_judge = fixtures["image_judge"]
        fixtures["image_judge"] = lambda model: defect.image_judge(image_judge(model))


def with_defect(model, defect):
    """Return a fixture model with the defect in each replicate; made once per session."""
    if model.name not in DEFECTIVE_MODELS:
        replicates = tuple(
            defect.replicate(r, np.random.default_rng(seed(f"{r.name} {defect.name}")))
            for r in model.replicates
        )
        DEFECTIVE_MODELS[model.name] = replace(model, replicates=replicates)
    return DEFECTIVE_MODELS[model.name]


def seed(text):
    """Return a seed that is the same in every run."""
    return list(hashlib.sha256(text.encode()).digest()[:16])
