"""Named image sets."""

from aelatent.data.catalogue import explain, fetch, load, overview, whereabouts
from aelatent.data.images import DataError, Images, MissingData

__all__ = [
    "DataError",
    "Images",
    "MissingData",
    "explain",
    "fetch",
    "load",
    "overview",
    "whereabouts",
]
