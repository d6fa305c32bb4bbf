"""The catalogue of claims: what each says, where it is from, and the plain answer to it."""

from __future__ import annotations

from aelatent.catalogue.answer import Answer, answer_to
from aelatent.catalogue.check import (
    Check,
    Part,
    StoredResults,
    checks_of,
    latest,
    read_checks,
    write_checks,
)
from aelatent.catalogue.entry import Catalogue, CatalogueError, Entry
from aelatent.catalogue.sentence import SentenceError, fill
from aelatent.catalogue.source import OWN, Source, read_sources

__all__ = [
    "OWN",
    "Answer",
    "Catalogue",
    "CatalogueError",
    "Check",
    "Entry",
    "Part",
    "SentenceError",
    "Source",
    "StoredResults",
    "answer_to",
    "checks_of",
    "fill",
    "latest",
    "read_checks",
    "read_sources",
    "write_checks",
]
