"""Figures of an audit: radii, spectrum and draws, as matplotlib figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import chi

from aelatent.audit.code_summary import spectrum
from aelatent.audit.draws import GAP, draw_rows, mosaic
from aelatent.figures.style import CODES, NULL, WIDTH, styled

if TYPE_CHECKING:
    from aelatent.audit.running import Audit

BINS = 60


class AuditPlots:
    """The figures of one audit; each is drawn into `ax` where one is given.

    Parameters
    ----------
    audit : Audit
    """

    def __init__(self, audit: Audit) -> None:
        self.audit = audit

    def radii(self, ax: Axes | None = None) -> Figure:
        """Plot the distances of the codes from the origin beside those of N(0, I)."""
        codes = self.audit.measured.trainings[0].codes
        radii = np.linalg.norm(codes, axis=1)
        figure, axes = _axes(ax)
        axes.hist(radii, bins=BINS, density=True, color=CODES, alpha=0.4, label="codes")
        expected = chi(codes.shape[1])
        low, high = (float(expected.ppf(q)) for q in (0.0005, 0.9995))
        grid = np.linspace(low, high, 200)
        axes.plot(grid, expected.pdf(grid), color=NULL, linestyle="--", label="N(0, I)")
        axes.set(xlabel="distance from the origin (latent units)", ylabel="density")
        axes.legend(loc="upper right")
        return figure

    def spectrum(self, ax: Axes | None = None) -> Figure:
        """Plot the variance of the codes along each principal axis."""
        variances = spectrum(self.audit.measured.trainings[0].codes)
        figure, axes = _axes(ax)
        ranks = np.arange(1, len(variances) + 1)
        axes.plot(ranks, variances, color=CODES, marker="o", markersize=3, label="codes")
        axes.axhline(1.0, color=NULL, linestyle="--", label="N(0, I)")
        axes.set(xlabel="principal axis", ylabel="variance", yscale="log")
        axes.legend()
        return figure

    def draws(self, ax: Axes | None = None) -> Figure:
        """Show decoded draws, one row a sampler, the best first, and decoded codes at the end.

        Raises
        ------
        ValueError
            If there are none: without a decoder, or for a model that does not reconstruct.
        """
        rows = draw_rows(self.audit)
        if not rows:
            raise ValueError("draws: expected decoded draws, this audit has none; see r.advice")
        figure, axes = _axes(ax, height=0.62 * len(rows) + 0.3)
        sheet = mosaic(list(rows.values()))
        axes.imshow(sheet, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        side = next(iter(rows.values())).shape[1] + GAP
        axes.set_yticks([side * (place + 0.5) for place in range(len(rows))], list(rows))
        axes.set_xticks([])
        return figure


@styled()
def _figure(height: float) -> Figure:
    return Figure(figsize=(WIDTH, height), layout="constrained")


def _axes(ax: Axes | None, height: float = 3.2) -> tuple[Figure, Axes]:
    if ax is None:
        figure = _figure(height)
        return figure, figure.subplots()
    owner = ax.get_figure()
    assert isinstance(owner, Figure)  # noqa: S101 -- for mypy: axes of a figure
    return owner, ax
