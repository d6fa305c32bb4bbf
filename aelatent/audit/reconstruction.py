"""Whether a model reconstructs its images, compared with codes that need no training.

The rule: a model reconstructs if it removes at least a third of that part of the mean image's
squared error which a linear code of as many numbers removes, and at least a tenth of all of it,
both on images that neither the linear code nor the mean image was fitted to. Whether the model was
trained on them, an audit cannot know.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.data.images import flat_pixels
from aelatent.inference.estimates import Estimate
from aelatent.inference.percentage import percent
from aelatent.latent.cloud import Floats

Pixels = NDArray[np.uint8]
FITTED = 1000  # images that baselines are fitted to, at most
BATCH = 256
LINEAR_SHARE, MEAN_SHARE = 1 / 3, 0.1
GREY_LEVEL = 1 / 255  # decoded images that differ by less show the same
NEGLIGIBLE = 1e-6  # share of the largest variance
QUANTILE = 1.96  # of N(0, 1): 2.5 % lie beyond it on either side
TINY = 1e-12
TRAINED = "If it was trained on these images, expect a larger error on new ones."
REMEDY = (
    "Check whether `range` is right for encoder and decoder, and whether the two belong together."
)


@dataclass(frozen=True)
class Reconstruction:
    """How well one training reconstructs images that the baselines were not fitted to.

    All errors are mean squared errors per pixel on the scale [0, 1].

    Attributes
    ----------
    error : Estimate
        Of the model.
    mean_image : float
        Of the constant mean image.
    linear : float
        Of the linear code.
    numbers : int
        Of the linear code, as many as the model's code has or as the images allow.
    share : Estimate
        What the model removes of the mean image's error, over what the linear code removes, or
        over a tenth of that error if the linear code removes less.
    n : int
        Number of these images.
    """

    error: Estimate
    mean_image: float
    linear: float
    numbers: int
    share: Estimate
    n: int

    @property
    def sufficient(self) -> bool:
        """Whether the model reconstructs, by the rule of this module."""
        enough = self.error.value <= (1 - MEAN_SHARE) * self.mean_image
        return enough and self.share.value >= LINEAR_SHARE

    @property
    def comparison(self) -> str:
        """The errors in words."""
        return (
            f"its mean squared error on {self.n:,} of the images given is {_number(self.error)}, "
            f"that of a linear code of {self.numbers:,} numbers {self.linear:.3g}, and that of the "
            f"mean image {self.mean_image:.3g}"
        )

    @property
    def sentence(self) -> str:
        """Whether the model reconstructs, in words."""
        if self.sufficient:
            return f"The model reconstructs its images: {self.comparison}. {TRAINED}"
        return self.refusal()

    def refusal(self, cause: str = "") -> str:
        """Say that the model does not reconstruct, and why as far as it is known.

        Parameters
        ----------
        cause : str
            A clause; what to check stands in its place by default.

        Returns
        -------
        str
        """
        told = f"{cause}. I{self.comparison[1:]}" if cause else self.comparison
        remedy = "" if cause else f" {REMEDY}"
        share = percent(self.share.value, interval(self.share))
        return (
            f"The model does not reconstruct its images: {told}. It removes "
            f"{share} of the error that the linear code removes; expected "
            f"{100 * LINEAR_SHARE:.0f} % or more, and {100 * MEAN_SHARE:.0f} % or more of the mean "
            f"image's error.{remedy}"
        )

    def plain(self) -> dict[str, Any]:
        """Return the numbers in plain types."""
        return {
            "sufficient": self.sufficient,
            "error": {"value": self.error.value, "interval": list(interval(self.error))},
            "mean_image": self.mean_image,
            "linear": self.linear,
            "numbers": self.numbers,
            "share": {"value": self.share.value, "interval": list(interval(self.share))},
            "n": self.n,
        }


def reconstruction(
    errors: Floats,
    mean_image: Floats,
    linear: Floats,
    numbers: int,
    groups: NDArray[np.int64] | None = None,
) -> Reconstruction:
    """Compare a model's errors with those of the mean image and of a linear code.

    Parameters
    ----------
    errors, mean_image, linear : ndarray of float64, shape (n,)
        Mean squared error of each image under the model, the mean image and the linear
        code.
    numbers : int
        Of the linear code.
    groups : ndarray of int64, shape (n,), optional
        Images with equal entries are not independent.

    Returns
    -------
    Reconstruction
    """
    removed = mean_image - errors
    # A linear code that removes hardly anything, as of images of noise, is no unit to measure by.
    possible = np.maximum(mean_image - linear, MEAN_SHARE * mean_image)
    unit = max(float(possible.mean()), TINY)
    share = float(removed.mean()) / unit
    return Reconstruction(
        Estimate(float(errors.mean()), _standard_error(errors, groups)),
        float(mean_image.mean()),
        float(linear.mean()),
        numbers,
        Estimate(share, _standard_error(removed - share * possible, groups) / unit),
        len(errors),
    )


def baseline_errors(known: Pixels, held_out: Pixels, numbers: int) -> tuple[Floats, Floats, int]:
    """Return the errors of the mean image and of a linear code of images, both fitted to others.

    Parameters
    ----------
    known : ndarray of uint8, shape (m, h, w, c)
        Images to fit both to; a thousand are enough.
    held_out : ndarray of uint8, shape (n, h, w, c)
    numbers : int
        Principal components that the linear code keeps, if there are so many.

    Returns
    -------
    mean_image, linear : ndarray of float64, shape (n,)
        Mean squared error per pixel of each image of `held_out`, on the scale [0, 1].
    kept : int
        Number of components that the linear code has.
    """
    mean, axes = linear_code(flat_pixels(known), numbers)
    parts = []
    for start in range(0, len(held_out), BATCH):
        centred = flat_pixels(held_out[start : start + BATCH]) - mean
        total = np.square(centred).mean(axis=1)
        kept = np.square(centred @ axes.T).sum(axis=1) / centred.shape[1]
        parts.append(np.stack([total, np.maximum(total - kept, 0)]))
    mean_image, linear = np.concatenate(parts, axis=1).astype(np.float64)
    return mean_image, linear, len(axes)


def linear_code(
    rows: NDArray[np.float32], numbers: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the mean and the leading principal axes of rows.

    Parameters
    ----------
    rows : ndarray of float32, shape (n, p)
    numbers : int
        Axes to keep; fewer where the rows do not vary in so many directions.

    Returns
    -------
    mean : ndarray of float32, shape (p,)
    axes : ndarray of float32, shape (k, p)
        Orthonormal, k <= numbers.
    """
    mean = rows.mean(axis=0)
    centred = rows - mean
    wide = centred.shape[1] > len(centred)
    products = centred @ centred.T if wide else centred.T @ centred
    variances, vectors = np.linalg.eigh(products.astype(np.float64))
    keep = np.flatnonzero(variances > NEGLIGIBLE * max(variances[-1], TINY))[::-1][:numbers]
    axes = vectors[:, keep].T.astype(np.float32)
    if wide:
        axes = axes @ centred / np.sqrt(variances[keep])[:, None].astype(np.float32)
    return mean, axes


def alike(pixels: Pixels) -> bool:
    """Tell whether all images are the same to within a grey level, as a root mean square."""
    rows = flat_pixels(pixels)
    return bool(np.sqrt(np.square(rows - rows.mean(axis=0)).mean()) < GREY_LEVEL)


def interval(estimate: Estimate) -> tuple[float, float]:
    """Return the 95 % interval of an estimate."""
    half = QUANTILE * estimate.standard_error
    return estimate.value - half, estimate.value + half


def _standard_error(values: Floats, groups: NDArray[np.int64] | None) -> float:
    """Return the standard error of a mean; values of a group are summed first."""
    rest = values - values.mean()
    if groups is not None:
        rest = np.bincount(np.unique(groups, return_inverse=True)[1], weights=rest)
    count = len(rest)
    return math.sqrt(float(np.square(rest).sum()) * count / max(count - 1, 1)) / len(values)


def _number(estimate: Estimate) -> str:
    low, high = interval(estimate)
    return f"{estimate.value:.3g} [{low:.3g}, {high:.3g}]"
