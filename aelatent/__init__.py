"""Claims about the latent spaces of autoencoders, as executable checks."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aelatent.fitted import load_sampler
    from aelatent.inference import Estimate, Evidence, contrast, fact, in_common, weigh
    from aelatent.latents import LatentCloud
    from aelatent.stored_cloud import StoredCloud, open_cloud
    from aelatent.verdicts import Above, Below, Between, Equals, Near, Outcome, Record, Verdict

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
    "fitted": ("load_sampler",),
    "inference": ("Estimate", "Evidence", "contrast", "fact", "in_common", "weigh"),
    "latents": ("LatentCloud",),
    "stored_cloud": ("StoredCloud", "open_cloud"),
    "verdicts": (
        "Above",
        "Below",
        "Between",
        "Equals",
        "Near",
        "Outcome",
        "Record",
        "Verdict",
    ),
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
