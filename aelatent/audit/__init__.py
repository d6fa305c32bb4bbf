"""The audit of a user's own autoencoder: what its latent space is like, and how to sample it."""

from aelatent.audit.description import DescriptionError, ModelDescription
from aelatent.samplers.fitted import load_sampler

__all__ = ["DescriptionError", "ModelDescription", "load_sampler"]
