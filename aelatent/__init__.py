"""Claims about the latent spaces of autoencoders, as executable checks."""

from aelatent.inference import Estimate, Evidence, contrast, fact, in_common, weigh
from aelatent.latents import LatentCloud
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
    "Verdict",
    "contrast",
    "fact",
    "in_common",
    "weigh",
]
__version__ = "0.1.0"
