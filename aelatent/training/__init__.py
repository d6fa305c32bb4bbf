"""A specification and a seed in, trained networks out."""

from aelatent.training.checkpoint import Checkpoint
from aelatent.training.loop import train

__all__ = ["Checkpoint", "train"]
