"""The latent explorer: pages on which a point moves through a latent space and shows its image."""

from aelatent.explorer.build import ExplorerPage, explore, write_index, write_pages
from aelatent.explorer.model import explorable

__all__ = ["ExplorerPage", "explorable", "explore", "write_index", "write_pages"]
