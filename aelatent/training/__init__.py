"""A specification and seeds in, trained networks out."""

from aelatent.training.checkpoint import Checkpoint
from aelatent.training.loop import train, train_together

__all__ = ["Checkpoint", "train", "train_together"]
