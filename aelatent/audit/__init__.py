"""The audit of a user's own autoencoder: what its latent space is like, and how to draw from it."""

from aelatent.audit.subject import Subject, SubjectError
from aelatent.samplers.fitted import load_sampler

__all__ = ["Subject", "SubjectError", "load_sampler"]
