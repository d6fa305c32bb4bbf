"""How many verdicts would stand if all of a run were read together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome

DECIDED = (Outcome.SUPPORTED, Outcome.REFUTED)
FALSE_SHARE = 0.025  # aimed at among the verdicts that stand: as for each verdict on its own


@dataclass(frozen=True)
class Multiplicity:
    """Verdicts that would stand if no more than a share of those that stand were to be false.

    Attributes
    ----------
    tested : int
        Claims with a p-value, without controls: to select other claims is to change the number.
    decided : int
        Those that are supported or refuted.
    standing : int
        Those that would stay so.
    fallen : tuple of str
        Names of the tests of those that would become inconclusive.
    """

    tested: int
    decided: int
    standing: int
    fallen: tuple[str, ...]


def multiplicity(records: Iterable[Record]) -> Multiplicity:
    """Count the verdicts that would stand if all claims of a run were read together.

    Each claim is tested twice, for support and for refutation, and at least one of the two would be
    false. A verdict stands where it is found by the procedure of Benjamini and Yekutieli over
    both p-values of every claim, at twice the share of false verdicts that is aimed at.
    """
    family = [r for r in records if not r.control and r.pvalue is not None]
    pvalues = [record.pvalue for record in family if record.pvalue is not None]
    adjusted = benjamini_yekutieli(pvalues, 2 * len(pvalues))
    decided = [
        (record.name, after <= 2 * FALSE_SHARE)
        for record, after in zip(family, adjusted, strict=True)
        if record.outcome in DECIDED
    ]
    fallen = tuple(name for name, stands in decided if not stands)
    return Multiplicity(len(family), len(decided), len(decided) - len(fallen), fallen)


def benjamini_yekutieli(pvalues: Sequence[float], tests: int | None = None) -> list[float]:
    """Adjust p-values so that the expected share of false ones among those found stays below.

    Parameters
    ----------
    pvalues : sequence of float
    tests : int, optional
        How many tests there were, where only the smaller p-values are given; the others count
        as 1. By default as many as there are p-values.

    Returns
    -------
    list of float
        In the order of `pvalues`. Whoever rejects where one is at most q has a false discovery rate
        of at most q.

    Notes
    -----
    Source: Benjamini and Yekutieli (2001), The control of the false discovery rate in multiple
    testing under dependency, Annals of Statistics 29, 1165-1188. Valid whatever the dependence
    between the tests, such as that of many claims about the same trainings.

    Examples
    --------
    >>> [round(p, 4) for p in benjamini_yekutieli([0.01, 0.04, 0.03])]
    [0.055, 0.0733, 0.0733]
    """
    count = len(pvalues) if tests is None else tests
    factor = count * sum(1 / i for i in range(1, count + 1))
    order = sorted(range(len(pvalues)), key=lambda i: pvalues[i], reverse=True)
    adjusted, lowest = [1.0] * len(pvalues), 1.0
    for rank, i in zip(range(len(pvalues), 0, -1), order, strict=True):
        lowest = min(lowest, factor * pvalues[i] / rank)
        adjusted[i] = lowest
    return adjusted
