"""Everything a run says about one identifier: a topic, with a page of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.report.arrangement import Arrangement, Claim
from aelatent.report.claim_view import Favoured, headline, sentence, tally

ANALYTIC = "analytic"
OWN = "aelatent"  # the source of questions that no published text asks


@dataclass(frozen=True)
class Topic:
    """The claims that share an identifier."""

    id: str
    document: str
    claims: tuple[Claim, ...]
    favoured: Outcome | None = None

    @property
    def sentence(self) -> str:
        """The sentence of the first claim, without the parameters of its variant at the end."""
        return sentence(self.claims)

    @cached_property
    def headline(self) -> Claim:
        """The claim that represents all: see `aelatent.report.claim_view.headline`."""
        return headline(self.claims, self.favoured)

    @property
    def page(self) -> str:
        """Address of the page, from the report's folder."""
        return f"claims/{filename(self.id)}"

    @property
    def data(self) -> str:
        """Address of the numbers behind its plots, from the report's folder."""
        return f"{self.page.removesuffix('.html')}.csv"

    @cached_property
    def tally(self) -> list[tuple[Outcome, int]]:
        """How often each outcome came out, in a fixed order."""
        return tally(self.claims)

    def on(self, column: str) -> list[Claim]:
        """Return the claims of this topic about one model, or about none."""
        return [claim for claim in self.claims if column in columns_of(claim.record)]


def topics(arrangement: Arrangement, favoured: Favoured = lambda _: None) -> list[Topic]:
    """Gather the claims by identifier, in the order of identifiers within each document.

    Parameters
    ----------
    arrangement : Arrangement
    favoured : callable
        Of an identifier: the verdict of the claim that represents all, or None.

    Returns
    -------
    list of Topic
    """
    found: dict[str, list[Claim]] = {}
    documents: dict[str, str] = {}
    for chapter in arrangement.chapters:
        for claim in chapter.claims:
            found.setdefault(claim.record.id, []).append(claim)
            documents.setdefault(claim.record.id, chapter.document)
    return [
        Topic(name, documents[name], tuple(claims), favoured(name))
        for name, claims in sorted(found.items())
    ]


def columns_of(record: Record) -> list[str]:
    """Return the models that a record is about; a column of its own for analytic clouds."""
    return record.models or [record.model or ANALYTIC]


def columns(found: Sequence[Topic]) -> list[str]:
    """Return all columns of the matrix, those that most claims are about first."""
    counts = Counter(
        column for topic in found for claim in topic.claims for column in columns_of(claim.record)
    )
    return [name for name, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def filename(identifier: str) -> str:
    """Return the name of the page of an identifier, fit for any file system.

    Examples
    --------
    >>> filename("B-08"), filename("../x")
    ('B-08.html', 'x.html')
    """
    return f"{re.sub(r'[^A-Za-z0-9_-]+', '-', identifier).strip('-') or 'claim'}.html"
