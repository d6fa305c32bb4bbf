"""Claims about the latent spaces of autoencoders, as executable checks."""

from typing import TYPE_CHECKING, Any

from aelatent.inference import Estimate, Evidence, contrast, fact, in_common, weigh
from aelatent.latents import LatentCloud
from aelatent.verdicts import Above, Below, Between, Equals, Near, Outcome, Record, Verdict

if TYPE_CHECKING:
    from aelatent.fitted import load_sampler

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
    "Verdict",
    "contrast",
    "fact",
    "in_common",
    "load_sampler",
    "weigh",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import what only some callers need when they ask for it."""
    if name == "load_sampler":
        from aelatent.fitted import load_sampler

        return load_sampler
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
