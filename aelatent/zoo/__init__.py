"""Fixture models: specifications and the replicates stored for them."""

from aelatent.zoo.collection import Collection, FixtureModel, filename
from aelatent.zoo.lock import FixtureError, LockEntry
from aelatent.zoo.protocol import ReplicateLike
from aelatent.zoo.replicate import Replicate

__all__ = [
    "Collection",
    "FixtureError",
    "FixtureModel",
    "LockEntry",
    "Replicate",
    "ReplicateLike",
    "filename",
]
