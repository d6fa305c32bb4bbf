"""p-values of many claims at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aelatent.inference.rules import Record


def holm(pvalues: Sequence[float]) -> list[float]:
    """Adjust p-values so that the chance of a single false rejection stays below the level.

    Source: Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian
    Journal of Statistics 6. Valid whatever the dependence between the tests.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(pvalues)), key=lambda i: pvalues[i])
    adjusted, highest = [1.0] * len(pvalues), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(pvalues) - rank) * pvalues[i]))
        adjusted[i] = highest
    return adjusted


def adjusted(records: Iterable[Record]) -> dict[str, float]:
    """Return the adjusted p-value of every claim that has one, by the name of its test.

    The family is all claims of a run, without controls: to select other claims is to change it.
    """
    family = [r for r in records if not r.control and r.pvalue is not None]
    return dict(
        zip(
            (record.name for record in family),
            holm([record.pvalue for record in family if record.pvalue is not None]),
            strict=True,
        )
    )
