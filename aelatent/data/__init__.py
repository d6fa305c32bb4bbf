"""Named image sets."""

from aelatent.data.images import DataError, Images, MissingData
from aelatent.data.registry import Content, content, explain, fetch, load, overview, whereabouts

__all__ = [
    "Content",
    "DataError",
    "Images",
    "MissingData",
    "content",
    "explain",
    "fetch",
    "load",
    "overview",
    "whereabouts",
]
