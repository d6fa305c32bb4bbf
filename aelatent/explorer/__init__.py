"""The latent explorer: pages on which a point moves through a latent space and shows its image."""

from aelatent.explorer.making import Product, explore, write_index
from aelatent.explorer.subject import SHOWABLE, explorable

__all__ = ["SHOWABLE", "Product", "explorable", "explore", "write_index"]
