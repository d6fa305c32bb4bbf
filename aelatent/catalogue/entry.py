"""The entries of the catalogue, and the answers that stored or fresh results give to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from aelatent.catalogue.answer import Answer, answer_to
from aelatent.catalogue.check import FILE, Check, latest, read_checks
from aelatent.catalogue.sentence import SentenceError, fill
from aelatent.catalogue.source import Source, read_sources

KEYS = {"status", "says", "answer", "beside"}


class CatalogueError(ValueError):
    """The file of the catalogue is not as it should be."""


@dataclass(frozen=True)
class Entry:
    """A claim or a question.

    Attributes
    ----------
    id : str
    status : str
        Letters that say what the source itself made of it; the catalogue's head explains them.
    says : str
        The claim in a line, close to the source's words.
    answer : str
        The plain answer, one or two sentences with fields for numbers; see
        `aelatent.catalogue.sentence`. Empty if nobody wrote one.
    beside : tuple of str
        Test functions that explain the answer and do not answer: they are about another sentence.
    """

    id: str
    status: str = ""
    says: str = ""
    answer: str = ""
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """All entries, all sources, and the stored results of every check.

    Attributes
    ----------
    entries : mapping of str to Entry
        By identifier, in the order of the file.
    sources : mapping of str to Source
        By name.
    checks : sequence of Check
        Stored results; `updated` puts fresh ones in their place.
    environment : mapping
        Commit, date and versions of the stored results.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    checks: Sequence[Check] = ()
    environment: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, sources: Path | None = None) -> Catalogue:
        """Read a catalogue, and the results stored beside it.

        Parameters
        ----------
        path : Path
            YAML file of entries by identifier.
        sources : Path, optional
            YAML file of sources by name.

        Returns
        -------
        Catalogue

        Raises
        ------
        CatalogueError
            If an entry has an unknown key.
        """
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        entries = {str(name): _entry(path, str(name), value) for name, value in content.items()}
        stored = path.with_name(FILE)
        checks, environment = read_checks(stored) if stored.exists() else ([], {})
        known = read_sources(sources) if sources else {}
        return cls(entries, known, checks, environment)

    def updated(self, fresh: Iterable[Check]) -> Catalogue:
        """Return the same with fresh results in place of stored ones of the same checks."""
        return replace(self, checks=latest(self.checks, [*fresh]))

    def entry(self, identifier: str) -> Entry:
        """Return an entry; an empty one for an identifier that is not in the catalogue."""
        return self.entries.get(identifier, Entry(identifier))

    def checks_of(self, identifier: str) -> list[Check]:
        """Return the checks of a claim, without controls."""
        return [c for c in self.checks if c.id == identifier and not c.control]

    def title(self, identifier: str) -> str:
        """Return what a claim says in words of its own, or the catalogue's line about it."""
        entry = self.entry(identifier)
        own = [c.title for c in self.checks_of(identifier) if c.test not in entry.beside]
        return next(filter(None, own), entry.says)

    def answer(self, identifier: str) -> Answer:
        """Return what a claim came to over all its models; see `answer_to`."""
        entry = self.entry(identifier)
        own = [c for c in self.checks_of(identifier) if c.test not in entry.beside]
        return answer_to((check.outcome for check in own), entry.status)

    def models(self, identifier: str) -> list[str]:
        """Return the models on which a claim came to a verdict."""
        entry = self.entry(identifier)
        own = [c for c in self.checks_of(identifier) if c.test not in entry.beside]
        return sorted({model for check in own if check.parts for model in check.models})

    def sentence(self, identifier: str) -> str:
        """Return the plain answer with its numbers; empty if nobody wrote one.

        Raises
        ------
        SentenceError
            If a field of it fits no result.
        """
        return fill(self.entry(identifier).answer, identifier, self.checks)

    def told(self, identifier: str) -> str:
        """Return the plain answer as far as it can be told: empty where a number is missing."""
        try:
            return self.sentence(identifier)
        except SentenceError:
            return ""

    def of_source(self, name: str) -> list[str]:
        """Return the identifiers of the claims that are taken from a source."""
        taken = {c.id for c in self.checks if c.source == name and not c.control}
        return [identifier for identifier in self.entries if identifier in taken]

    def agrees(self, identifier: str) -> bool:
        """Tell whether a claim's plain answer can be filled and begins as what it came to."""
        return bool(self.entry(identifier).answer) and not _fault(self, identifier)

    def source(self, text: str) -> Source | None:
        """Return the source whose name a text begins with, the longest if there are several."""
        known = [name for name in self.sources if re.match(rf"{re.escape(name)}(?!\w)", text)]
        return self.sources[max(known, key=len)] if known else None


def _entry(path: Path, name: str, value: Mapping[str, Any]) -> Entry:
    if unknown := sorted(set(value) - KEYS):
        raise CatalogueError(f"{path}: {name}: expected keys of {sorted(KEYS)}, received {unknown}")
    texts = {key: " ".join(str(value.get(key, "")).split()) for key in ("status", "says", "answer")}
    return Entry(name, **texts, beside=tuple(map(str, value.get("beside", ()))))


def faults(catalogue: Catalogue) -> list[str]:
    """List plain answers that are missing, cannot be filled, or begin with another answer.

    A claim that no check has tested may do without one.
    """
    found = (_fault(catalogue, identifier) for identifier in catalogue.entries)
    return [fault for fault in found if fault]


def _fault(catalogue: Catalogue, identifier: str) -> str:
    answer = catalogue.answer(identifier)
    try:
        sentence = catalogue.sentence(identifier)
    except SentenceError as error:
        return str(error)
    if not sentence:
        missing = answer is not Answer.UNTESTED
        return f"{identifier}: expected a plain answer, as it {_was(answer)}" if missing else ""
    if not answer.opens(sentence):
        return (
            f'{identifier}: expected "{answer.opening}", as it {_was(answer)}, received: {sentence}'
        )
    return ""


def _was(answer: Answer) -> str:
    return str(answer) if answer in {Answer.HELD, Answer.PARTLY, Answer.FELL} else f"is {answer}"
