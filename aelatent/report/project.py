"""What a project says about its claims and models beyond the records: words for the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aelatent.catalogue import Catalogue
from aelatent.inference.rules import Outcome

STATUSES = {
    "R": "withdrawn by its author",
    "Q": "turned into a question by its author",
    "X": "contradicted within the source",
    "T": "true by construction",
    "U": "too vague to test as it stands",
}
FIRST_WORDS = {  # of a plain answer, and the verdict that it speaks of first
    "Yes": Outcome.SUPPORTED,
    "No": Outcome.REFUTED,
    "Open": Outcome.INCONCLUSIVE,
    "By": Outcome.SUPPORTED,  # By construction
}
TURNED = ("R", "Q", "X")  # what an author took back, doubted, or contradicted


@dataclass(frozen=True)
class Model:
    """What is known of a model beyond its name.

    Attributes
    ----------
    title : str
        One line that says what it is.
    group : str
        The column under which it stands where models are gathered, such as "Faces AE".
    images : str
        What it was trained on, in words.
    trainings : int
        How many networks were trained from different seeds.
    """

    title: str
    group: str
    images: str = ""
    trainings: int = 0


@dataclass(frozen=True)
class Headline:
    """A sentence that readers ask for first, and the claims that answer it."""

    sentence: str
    identifiers: tuple[str, ...]


@dataclass(frozen=True)
class Project:
    """Everything that a report can say and records do not; all of it may be missing.

    Attributes
    ----------
    sources : mapping of str to str
        The full citation of a document, by the words that its name begins with.
    statuses : mapping of str to str
        The catalogue's status of each claim, such as "A", "R" or "X→A", by identifier.
    models : mapping of str to Model
        By name.
    headlines : sequence of Headline
        In the order of the front page.
    cover : str
        Identifier of the claim whose first picture made of images stands on the front page.
    upshot : str
        What all claims together say, in a sentence.
    root : Path or None
        The folder from which the files of claims are named; their code is shown if it is there.
    catalogue : Catalogue
        Plain answers with their numbers, what each claim came to, and sources with links; its
        checks are those of the run, and stored ones of checks that were not run.
    """

    sources: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    models: Mapping[str, Model] = field(default_factory=dict)
    headlines: Sequence[Headline] = ()
    cover: str = ""
    upshot: str = ""
    root: Path | None = None
    catalogue: Catalogue = field(default_factory=Catalogue)

    def sentence(self, identifier: str) -> str:
        """Return the plain answer to a claim; empty without one, or where a number is missing."""
        return self.catalogue.told(identifier)

    def favoured(self, identifier: str) -> Outcome | None:
        """Return the verdict with which the plain answer to a claim begins; None for "In part"."""
        first = self.sentence(identifier).partition(" ")[0]
        return FIRST_WORDS.get(first.strip(".,:"))

    def citation(self, document: str) -> str:
        """Return the citation under the longest name that `document` begins with, or nothing.

        Examples
        --------
        >>> sources = {"anracom": "A blog", "anracom II": "Its second part"}
        >>> Project(sources).citation("anracom II (2022)")
        'Its second part'
        """
        known = [name for name in self.sources if document.startswith(name)]
        return self.sources[max(known, key=len)] if known else ""

    def letters(self, identifier: str) -> list[str]:
        """Return the letters of a claim's status that say something about it.

        Examples
        --------
        >>> project = Project(statuses={"B-18": "A/R(as strong evidence)", "B-08": "A"})
        >>> project.letters("B-18"), project.letters("B-08"), project.letters("Z-1")
        (['R'], [], [])
        """
        status = self.statuses.get(identifier, "").partition("(")[0]
        if status.split() != [status.strip()] or not status.isupper():
            return []  # a word such as "lead", which says where a claim comes from
        return [letter for letter in STATUSES if letter in status]

    def remarks(self, identifier: str) -> list[str]:
        """Say in words what the source itself made of a claim.

        Examples
        --------
        >>> Project(statuses={"B-18": "A/R(as strong evidence)"}).remarks("B-18")
        ['withdrawn by its author (as strong evidence)']
        """
        _, opened, rest = self.statuses.get(identifier, "").partition("(")
        more = f" ({rest.rstrip(')')})" if opened else ""
        return [f"{STATUSES[letter]}{more}" for letter in self.letters(identifier)]
