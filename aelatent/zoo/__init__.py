"""Fixture models: specifications and the replicates stored for them."""

from aelatent.zoo.collection import Collection, FixtureModel, filename
from aelatent.zoo.lock import Entry, FixtureError
from aelatent.zoo.protocol import ReplicateLike
from aelatent.zoo.replicate import Replicate

__all__ = [
    "Collection",
    "Entry",
    "FixtureError",
    "FixtureModel",
    "Replicate",
    "ReplicateLike",
    "filename",
]
