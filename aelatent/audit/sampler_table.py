"""The samplers of an audit, by short names: what they draw, and how good the draws are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.audit.autoencoder import Autoencoder, Pixels
from aelatent.audit.comparison import Number, SamplerResult
from aelatent.audit.recommendation import Recommendation
from aelatent.inference.percentage import percent

COLUMNS = {"clean": "hits", "recall": "recall", "coverage": "coverage", "diversity": "diversity"}


@dataclass(frozen=True, eq=False)
class AuditedSampler:
    """A sampler fitted to a model's codes, with how good and how varied its draws are.

    Attributes
    ----------
    result : SamplerResult
    autoencoder : Autoencoder
    """

    result: SamplerResult
    autoencoder: Autoencoder

    @property
    def name(self) -> str:
        """What it draws from, in words."""
        return self.result.name

    @property
    def short(self) -> str:
        """The key by which `r.samplers[...]` finds it."""
        return self.result.short

    @property
    def clean(self) -> Number:
        """Share of decoded draws that are clean, with its 95 % interval."""
        return self.result.hits

    @property
    def recall(self) -> Number:
        """Share of reconstructions that decoded draws surround, with its 95 % interval."""
        return self.result.recall

    def draw(self, n: int, rng: np.random.Generator | int | None = None) -> NDArray[np.float32]:
        """Draw codes as the decoder takes them.

        Parameters
        ----------
        n : int
            Number of codes.
        rng : numpy.random.Generator or int, optional
            A generator or a seed; other codes at every call by default.

        Returns
        -------
        ndarray of float32, shape (n, *code_shape)
        """
        assert self.result.sampler is not None  # noqa: S101 -- for mypy: codes are no sampler
        return self.result.sampler.draw(n, np.random.default_rng(rng))

    def images(self, n: int, rng: np.random.Generator | int | None = None) -> Pixels:
        """Draw codes and decode them.

        Parameters
        ----------
        n : int
            Number of images.
        rng : numpy.random.Generator or int, optional
            A generator or a seed.

        Returns
        -------
        ndarray of uint8, shape (n, h, w, c)

        Raises
        ------
        DescriptionError
            If the audit was loaded from a file, which keeps no networks.
        """
        return self.autoencoder.decode(self.draw(n, rng).reshape(n, -1))

    def save(self, path: str | Path) -> None:
        """Write the sampler to a file for `aelatent.load_sampler`.

        Raises
        ------
        StorageError
            If there is a file already that is no sampler of ours; it stays.
        """
        assert self.result.sampler is not None  # noqa: S101 -- for mypy
        self.result.sampler.save(path)

    def __repr__(self) -> str:
        clean, recall = (percent(*number) for number in (self.clean, self.recall))
        return f"{self.short} ({self.name}): clean {clean}, recall {recall}"


class SamplerTable(Mapping[str, AuditedSampler]):
    """All samplers of an audit, best first, by their short names.

    Parameters
    ----------
    recommendation : Recommendation or None
        None where no sampler was measured.
    autoencoder : Autoencoder
    """

    def __init__(self, recommendation: Recommendation | None, autoencoder: Autoencoder) -> None:
        self.recommendation = recommendation
        results = [] if recommendation is None else recommendation.results
        self._known = {each.short: AuditedSampler(each, autoencoder) for each in results}

    def __getitem__(self, short: str) -> AuditedSampler:
        if short not in self._known:
            names = ", ".join(self._known) or "none"
            raise KeyError(f"expected one of the samplers {names}, received {short!r}")
        return self._known[short]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def rows(self) -> list[dict[str, Any]]:
        """Return a row a sampler, the codes of images last: values and ends of their intervals."""
        if self.recommendation is None:
            return []
        return [
            _row(each) for each in (*self.recommendation.results, self.recommendation.reference)
        ]

    def to_frame(self) -> Any:
        """Return the table as a pandas.DataFrame.

        Raises
        ------
        ImportError
            If pandas is not installed; `rows` needs none.
        """
        import pandas as pd  # never required

        return pd.DataFrame(self.rows()).set_index("sampler")

    def __repr__(self) -> str:
        lines = [f"{'sampler':<20}{'clean':>18}{'recall':>18}{'coverage':>18}"]
        for row in self.rows():
            cells = (percent(*_number(row, name)) for name in ("clean", "recall", "coverage"))
            lines.append(f"{row['sampler']:<20}" + "".join(f"{cell:>18}" for cell in cells))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in ("sampler", *COLUMNS))
        body = "".join(
            "<tr>"
            + f"<th title='{escape(row['name'])}'>{escape(row['sampler'])}</th>"
            + "".join(f"<td>{_cell(name, _number(row, name))}</td>" for name in COLUMNS)
            + "</tr>"
            for row in self.rows()
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(result: SamplerResult) -> dict[str, Any]:
    row: dict[str, Any] = {"sampler": result.short, "name": result.name}
    for name, attribute in COLUMNS.items():
        value, (low, high) = getattr(result, attribute)
        row |= {name: value, f"{name}_low": low, f"{name}_high": high}
    return {**row, "keeps_codes": result.keeps_codes, "worth": result.worth}


def _number(row: Mapping[str, Any], name: str) -> Number:
    return row[name], (row[f"{name}_low"], row[f"{name}_high"])


def _cell(name: str, number: Number) -> str:
    value, (low, high) = number
    return f"{value:.2f} [{low:.2f}, {high:.2f}]" if name == "diversity" else percent(*number)
