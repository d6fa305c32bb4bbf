"""Dependence of components of any kind, not linear alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.distance import pdist, squareform

from aelatent.latent.cloud import Floats
from aelatent.statistics import validation


def distance_correlations(codes: ArrayLike, most: int = 300) -> Floats:
    """Distance correlation of each pair of components.

    Parameters
    ----------
    codes : array_like of float64, shape (n >= 4, d >= 2)
    most : int
        Of more codes than this the first so many are used: each component takes n^2 numbers.

    Returns
    -------
    ndarray of float64, shape (d (d - 1) / 2,)
        In the order of `numpy.triu_indices`. From 0 to 1: 0 in expectation only if two components
        are independent, 1 if one is a linear function of the other. By chance it is positive and
        depends on n: compare with column shuffles. Not changed by shifting, scaling or mirroring.

    Raises
    ------
    ValueError
        If there are too few codes or components, a NaN or an infinity, or a component that does not
        vary.

    Notes
    -----
    Takes n^2 d^2 operations. Codes that are not independent of one another look dependent.

    Source: Székely, Rizzo and Bakirov, "Measuring and testing dependence by correlation of
    distances", Annals of Statistics 35 (2007).

    Examples
    --------
    >>> x = np.linspace(-1, 1, 101)
    >>> distance_correlations(np.column_stack([x, 2 * x, x**2])).round(2).tolist()
    [1.0, 0.49, 0.49]
    """
    values = validation.matrix(np.asarray(codes)[:most], least=4, least_d=2)
    if (np.ptp(values, axis=0) == 0).any():
        raise ValueError("expected components that vary, received one that does not")
    centred = np.stack([_double_centred(column).ravel() for column in values.T])
    covariances = np.clip(centred @ centred.T, 0.0, None)
    variances = np.diag(covariances)
    squares = covariances / np.sqrt(np.outer(variances, variances))
    return np.asarray(np.sqrt(squares[np.triu_indices(values.shape[1], k=1)]))


def _double_centred(column: Floats) -> Floats:
    """Distances of all pairs, minus the means of rows and columns, plus that of all."""
    apart = squareform(pdist(column[:, None]))
    rows = apart.mean(axis=0)
    return np.asarray(apart - rows - rows[:, None] + rows.mean())
