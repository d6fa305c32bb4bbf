"""Claims about the latent spaces of autoencoders, as executable checks."""

import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aelatent.inference.contrasts import contrast
    from aelatent.inference.estimates import (
        Estimate,
        Evidence,
        estimate,
        fact,
        shared_error,
    )
    from aelatent.inference.record import Record
    from aelatent.inference.rules import Above, Below, Between, Equals, Near, Outcome, Verdict
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
    "audit",
    "compare",
    "contrast",
    "estimate",
    "explore",
    "fact",
    "load_audit",
    "load_sampler",
    "open_cloud",
    "shared_error",
]
__version__ = "0.2.0"

_HOMES = {
    "inference.contrasts": ("contrast",),
    "inference.estimates": ("Estimate", "Evidence", "estimate", "fact", "shared_error"),
    "inference.record": ("Record",),
    "inference.rules": (
        "Above",
        "Below",
        "Between",
        "Equals",
        "Near",
        "Outcome",
        "Verdict",
    ),
    "latent.cloud": ("LatentCloud",),
    "latent.out_of_core": ("StoredCloud", "open_cloud"),
    "samplers.fitted": ("load_sampler",),
    "audit.audit_file": ("load_audit",),
    "audit.audit_pair": ("compare",),
    "audit.exploring": ("explore",),
}

# Names of the last release; they go with the next.
_RENAMED = {"in_common": "shared_error", "weigh": "estimate"}


def __getattr__(name: str) -> Any:
    """Import a name when it is asked for.

    pytest loads the plugin wherever it runs; NumPy and SciPy would cost every such run a quarter of
    a second.
    """
    if name == "audit":  # a package that can be called
        return import_module("aelatent.audit")
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"aelatent.{home}"), name)
    if name in _RENAMED:
        new = _RENAMED[name]
        warnings.warn(f"aelatent.{name} is now aelatent.{new}", DeprecationWarning, stacklevel=2)
        return __getattr__(new)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
