"""Claims about the latent spaces of autoencoders, as executable checks."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aelatent.inference.estimates import Estimate, Evidence, contrast, fact, in_common, weigh
    from aelatent.inference.rules import (
        Above,
        Below,
        Between,
        Equals,
        Near,
        Outcome,
        Record,
        Verdict,
    )
    from aelatent.latent.cloud import LatentCloud
    from aelatent.latent.out_of_core import StoredCloud, open_cloud
    from aelatent.samplers.fitted import load_sampler

__all__ = [
    "Above",
    "Below",
    "Between",
    "Equals",
    "Estimate",
    "Evidence",
    "LatentCloud",
    "Near",
    "Outcome",
    "Record",
    "StoredCloud",
    "Verdict",
    "contrast",
    "fact",
    "in_common",
    "load_sampler",
    "open_cloud",
    "weigh",
]
__version__ = "0.1.0"

_HOMES = {
    "inference.estimates": ("Estimate", "Evidence", "contrast", "fact", "in_common", "weigh"),
    "inference.rules": (
        "Above",
        "Below",
        "Between",
        "Equals",
        "Near",
        "Outcome",
        "Record",
        "Verdict",
    ),
    "latent.cloud": ("LatentCloud",),
    "latent.out_of_core": ("StoredCloud", "open_cloud"),
    "samplers.fitted": ("load_sampler",),
}


def __getattr__(name: str) -> Any:
    """Import a name when it is asked for.

    pytest loads the plugin wherever it runs; NumPy and SciPy would cost every such run a quarter of
    a second.
    """
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"aelatent.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
