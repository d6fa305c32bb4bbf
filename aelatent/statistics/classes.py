"""How the classes of labelled codes lie: how pure, how large, how far apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aelatent.latent.cloud import Floats
from aelatent.statistics import validation
from aelatent.statistics.nearest import neighbours


def purity(codes: ArrayLike, labels: ArrayLike, k: int = 10) -> Floats:
    """Mean share of the k nearest other codes that have a code's own label, by class.

    Parameters
    ----------
    codes : array_like of float64, shape (n, d), n > k
    labels : array_like of int, shape (n,)
    k : int

    Returns
    -------
    ndarray of float64, shape (classes,)
        In the order of the sorted labels. 1 for classes that lie apart, the share of the class
        where labels say nothing. Not changed by rotations, shifts and a common scale. O(n^2) in the
        worst case; classes of very different size bias it.

    Raises
    ------
    ValueError
        If shapes do not fit, a code is not finite, a label is no integer, or there are too few
        codes.

    Examples
    --------
    >>> purity([[0.0], [0.1], [5.0], [5.1]], [0, 0, 1, 1], k=1).tolist()
    [1.0, 1.0]
    """
    points, classes = _labelled(codes, labels)
    if len(points) <= k:
        raise ValueError(f"expected more than {k} codes, received {len(points)}")
    _, near = neighbours(points, k)
    own = (classes[near] == classes[:, None]).mean(axis=1)
    return np.array([own[classes == label].mean() for label in np.unique(classes)])


def areas(codes: ArrayLike, labels: ArrayLike) -> Floats:
    """Size of each class: the root of the determinant of its covariance.

    Parameters
    ----------
    codes : array_like of float64, shape (n, d)
    labels : array_like of int, shape (n,)

    Returns
    -------
    ndarray of float64, shape (classes,)
        In the order of the sorted labels; for d = 2 the area of the ellipse of one standard
        deviation over pi. Not changed by rotations and shifts; c^d times as large if codes are
        scaled by c. Outlying codes of a class enlarge it.

    Raises
    ------
    ValueError
        If shapes do not fit, a code is not finite, a label is no integer, or a class has no
        more codes than dimensions.

    Examples
    --------
    >>> square = np.array([[0.0, 0.0], [0.0, 2.0], [2.0, 0.0], [2.0, 2.0]])
    >>> areas(np.vstack([square, 3 * square]), [0] * 4 + [1] * 4).round(2).tolist()
    [1.33, 12.0]
    """
    points, classes = _labelled(codes, labels)
    found = []
    for label in np.unique(classes):
        mine = points[classes == label]
        if len(mine) <= points.shape[1]:
            raise ValueError(f"class {label}: expected more codes than dimensions, got {len(mine)}")
        volume = np.linalg.det(np.atleast_2d(np.cov(mine, rowvar=False)))
        found.append(np.sqrt(max(volume, 0.0)))  # rounding may take that of a flat class below 0
    return np.array(found)


def unevenness(sizes: ArrayLike) -> float:
    """Coefficient of variation of class sizes: 0 if all are equal.

    Not the number of `aelatent.statistics.spectrum.unevenness`, which is about variances.

    Raises
    ------
    ValueError
        If there is no size, one is negative or not finite, or all are zero.

    Examples
    --------
    >>> unevenness([1.0, 1.0, 1.0]), unevenness([1.0, 3.0])
    (0.0, 0.5)
    """
    values = validation.vector(sizes, "sizes", low=0)
    if not values.any():
        raise ValueError("expected sizes, not all of them 0, received zeros alone")
    return float(values.std() / values.mean())


def explained(codes: ArrayLike, labels: ArrayLike) -> float:
    """Share of the codes' variance that lies between the means of their classes.

    Parameters
    ----------
    codes : array_like of float64, shape (n, d)
    labels : array_like of int, shape (n,)

    Returns
    -------
    float
        1 if every class is one point, about (classes - 1) / (n - 1) where labels say nothing.
        Anderson (2001), A new method for non-parametric multivariate analysis of variance, calls it
        the R^2 of PERMANOVA.

    Raises
    ------
    ValueError
        If shapes do not fit, a code is not finite, a label is no integer, or all codes are equal.

    Examples
    --------
    >>> explained([[0.0], [0.0], [4.0], [4.0]], [0, 0, 1, 1])
    1.0
    """
    points, classes = _labelled(codes, labels)
    total = np.square(points - points.mean(axis=0)).sum()
    if total == 0:
        raise ValueError("expected codes that differ, received equal ones")
    within = sum(
        np.square(points[classes == label] - points[classes == label].mean(axis=0)).sum()
        for label in np.unique(classes)
    )
    return float(1 - within / total)


def entropy(labels: ArrayLike, count: int) -> float:
    """Entropy of labels over that of `count` equally frequent ones.

    Labels outside 0 to count - 1, such as -1 for an abstention, do not count.

    Parameters
    ----------
    labels : array_like of int, shape (n,)
    count : int
        Number of labels to choose from, >= 2.

    Returns
    -------
    float
        0 if one label is all there is, 1 if all are equally frequent.

    Raises
    ------
    ValueError
        If no label counts, one is no integer, or `count` is below 2.

    Examples
    --------
    >>> entropy([0, 1, 0, 1, -1], 2), abs(entropy([1, 1], 2))
    (1.0, 0.0)
    """
    if count < 2:
        raise ValueError(f"expected two labels or more to choose from, received {count}")
    known = _integers(labels)
    known = known[(known >= 0) & (known < count)]
    if not known.size:
        raise ValueError("expected labels, received none that counts")
    shares = np.bincount(known, minlength=count) / known.size
    positive = shares[shares > 0]
    return float(-(positive * np.log(positive)).sum() / np.log(count))


def _labelled(codes: ArrayLike, labels: ArrayLike) -> tuple[Floats, NDArray[np.int64]]:
    points, classes = validation.matrix(codes), _integers(labels)
    if classes.shape != (len(points),):
        raise ValueError(
            f"expected codes (n, d) with n labels, received {points.shape} and {classes.shape}"
        )
    return points, classes


def _integers(labels: ArrayLike) -> NDArray[np.int64]:
    found = np.asarray(labels)
    if found.size and found.dtype.kind not in "biu":
        raise ValueError(f"expected labels that are integers, received {found.dtype}")
    return found.astype(np.int64)
