"""Gaussians of high dimension are thin soap bubbles, and overlap less the more dimensions."""

import numpy as np
import pytest
from scipy.special import gammaln, ndtr, ndtri

from aelatent import Below, Equals, estimate, fact
from aelatent.figures import trend
from aelatent.simulation import not_simulated, scenario

DIMENSIONS = (4, 64, 1024, 4096)
LENGTH = 2.0  # distance of the two centres, in standard deviations
LESS = Below(0.9)
THIN = Equals(0.00276, within=0.00001)
DRAWS = 400
TIMES = 20


@pytest.mark.claim("C-08", source_value=0.707 / 256)
def test_gaussians_are_thin_shells(decide, add_figure):
    """A standard normal distribution of 65,536 dimensions is a shell 0.3 % as thick as its radius.

    Source
        Cross Validated, text to the picture: high-dimensional Gaussians are soap bubbles.
    Statement
        The radius of draws from N(0, I) in d dimensions concentrates at sqrt(d) with a standard
        deviation near 0.707: sd over mean goes to 0. True by construction.
    Statistic
        Standard deviation over mean of the chi distribution of 65,536 degrees of freedom, in closed
        form.
    Null
        None: it is a fact of the chi distribution.
    Decision
        Supported when the number is 0.00276, give or take 1e-05; refuted otherwise.
    """
    thickness = {d: [relative_thickness(d)] for d in (*DIMENSIONS, 65_536)}

    add_figure(
        trend(
            {"sd over mean of the radius": thickness}, "dimensions", "relative thickness", log="xy"
        ),
        "Thickness of the shell of N(0, I) over its radius falls with the root of the dimensions.",
    )

    decide(fact(relative_thickness(65_536), unit="sd over mean of the radius"), THIN)


@pytest.mark.claim("C-08")
@pytest.mark.expect("refuted", because="four dimensions make no thin shell")
def test_control_four_dimensions_make_no_thin_shell(decide):
    """In four dimensions the shell is a third as thick as its radius."""
    decide(fact(relative_thickness(4)), THIN)


@pytest.mark.claim("C-08")
def test_bubbles_overlap_less_in_higher_dimensions(decide, add_figure, rng):
    """Two unit Gaussians with the same distance of centres overlap less in more dimensions.

    Source
        Cross Validated, text to the picture: the bubbles are thinner and overlap less the larger d
        is.
    Statement
        Of two unit Gaussians whose centres lie two standard deviations apart, the overlap falls as
        the number of dimensions grows.
    Statistic
        Overlap (1 minus the total variation distance) of N(0, I) and N(mu, I), |mu| = 2, by the
        best discriminator on 400 draws from either: in 4,096 dimensions over that in 4, one
        value a repetition.
    Null
        Without an effect of the dimensions it is 1; "less" is read as a tenth less.
    Decision
        Supported when the 95 % interval over replicates lies below 0.9; refuted when it lies above;
        inconclusive otherwise.
    """
    overlaps = [measure(rng, lambda _: LENGTH) for _ in range(TIMES)]
    evidence = estimate(
        lambda row: row[DIMENSIONS[-1]] / row[DIMENSIONS[0]], overlaps, unit="ratio of overlaps"
    )

    growing = [measure(rng, lambda d: np.sqrt(d) / 16) for _ in range(TIMES)]
    add_figure(
        trend(
            {"centres 2 apart": by_dimension(overlaps), "control": by_dimension(growing)},
            "dimensions",
            "overlap of two unit Gaussians",
        ),
        "Overlap over dimensions: constant for a fixed distance of the centres, vanishing where "
        "every coordinate is offset by 0.0625 (control).",
    )

    decide(evidence, LESS)


@pytest.mark.claim("C-08")
def test_control_offsets_in_every_coordinate_separate_in_high_dimensions(decide, rng):
    """Where every coordinate is offset by 0.0625, the distance grows with the dimensions."""
    growing = [measure(rng, lambda d: np.sqrt(d) / 16) for _ in range(TIMES)]

    decide(estimate(lambda row: row[DIMENSIONS[-1]] / row[DIMENSIONS[0]], growing), LESS)


def relative_thickness(d):
    """Return sd over mean of the radius of N(0, I) in d dimensions."""
    mean = np.sqrt(2) * np.exp(gammaln((d + 1) / 2) - gammaln(d / 2))
    return float(np.sqrt(d - mean**2) / mean)


def measure(rng, length):
    """Return the overlap of N(0, I) and N(mu, I) estimated from draws, by dimension."""
    found = {}
    for d in DIMENSIONS:
        mu = rng.standard_normal(d)
        mu *= length(d) / np.linalg.norm(mu)
        middle = mu @ mu / 2
        first = rng.standard_normal((DRAWS, d)) @ mu > middle
        second = (mu + rng.standard_normal((DRAWS, d))) @ mu <= middle
        # One wrong decision is added to either, so that no overlap counts as exactly nothing.
        found[d] = float((first.sum() + second.sum() + 2) / (DRAWS + 2))
    return found


def by_dimension(rows):
    """Turn repetitions into values by dimension."""
    return {d: [row[d] for row in rows] for d in DIMENSIONS}


not_simulated(
    test_gaussians_are_thin_shells,
    because="The thickness of the shell has a closed form (chi distribution): no estimate.",
)


# A simulation takes two seconds: the claim draws 128,000 codes in up to 4,096 dimensions.
@scenario(test_bubbles_overlap_less_in_higher_dimensions, null=1.0, count=100)
def normal_laws_that_grow_narrower(effect, rng):
    """Simulate noise that is narrower in 4,096 dimensions, where `effect` times as much overlaps.

    Normal distributions of width s whose centres lie 2 apart overlap by 2 Phi(-1 / s).
    """
    return {"rng": Narrowing(rng, -LENGTH / 2 / ndtri(effect * ndtr(-LENGTH / 2)))}


class Narrowing:
    """Draws N(0, I) in all dimensions but the highest, and of width `width` there."""

    def __init__(self, rng, width):
        self.rng, self.width = rng, width

    def standard_normal(self, size):
        """Return draws of that shape."""
        width = self.width if np.shape(size) and size[-1] == DIMENSIONS[-1] else 1.0
        return width * self.rng.standard_normal(size)
