"""Claims about the latent spaces of autoencoders, as executable checks."""

from aelatent.inference import Estimate, Evidence, weigh
from aelatent.latents import LatentCloud
from aelatent.verdicts import Above, Below, Near, Outcome, Record, Verdict

__all__ = [
    "Above",
    "Below",
    "Estimate",
    "Evidence",
    "LatentCloud",
    "Near",
    "Outcome",
    "Record",
    "Verdict",
    "weigh",
]
__version__ = "0.1.0"
