"""Whether the codes' longest direction is a combination of the few broad or shifted axes."""

import numpy as np
import pytest

from aelatent import Above, LatentCloud, contrast, estimate
from aelatent.figures import null_histogram
from aelatent.figures.components import component_scatter
from aelatent.simulation import SimulatedModel, scenario, stored_cloud
from aelatent.statistics.spectrum import second_moments
from aelatent.statistics.surrogates import haar_rotations

FEW = 12 / 256  # of the axes: the length of the source's list
MOSTLY = Above(0.5)
MORE = Above(1.0)
SHARE = "share of the first principal axis in the leading coordinate axes"
RATIO = "that share over its mean in rotated bases"


@pytest.mark.claim("B-07", needs="trained autoencoder wide covariance")
def test_broad_axes_combine_to_a_diagonal_cigar(model, decide, add_figure, rng):
    """The codes' longest direction is a combination of the few broad or shifted axes.

    Source
        anracom II (11 Nov 2022), "what we have learned": off-centre broad axes, one of them with
        values from -3 to 13, combine to diagonal cigars and leave large regions empty.
    Statement
        The codes are longest along a diagonal of the few coordinate axes that are broader than the
        others or shifted, and hardly along any other axis.
    Statistic
        Of the first principal axis, a unit vector, the part that lies in the 12 of 256 coordinate
        axes with the largest mean square (as many in proportion for other numbers of dimensions):
        the sum of its squared components there, one value a replicate. And that share over its
        mean in rotated bases, where axes are chosen in the same way.
    Null
        19 `haar_rotations`. To choose the broad axes of any basis favours those along which the
        first principal axis happens to point.
    Decision
        "A combination of those axes" is read as more than half of it. The share: Supported when the
        95 % interval over replicates lies above 0.5; refuted when it lies below; inconclusive
        otherwise. The ratio: Supported when the 95 % interval over replicates lies above 1; refuted
        when it lies below; inconclusive otherwise.
    """
    # Only the moments matter, and a cloud of few codes is quick to rotate.
    clouds = [cloud.head(2) for cloud in model.clouds]
    ratio = contrast(
        alignment,
        clouds,
        haar_rotations,
        rng,
        surrogates=19,
        scale="ratio",
        unit=RATIO,
        bounds=(0, np.inf),
    )
    evidence = [estimate(alignment, clouds, unit=SHARE, bounds=(0, 1)), ratio]

    add_figure(null_histogram(ratio.values, ratio.null, RATIO), "The share against rotated bases.")
    add_figure(
        axis_figure(clouds, rng), "Squared component of the first principal axis along each axis."
    )

    decide(evidence, [MOSTLY, MORE])


@pytest.mark.claim("B-07")
def test_control_a_diagonal_of_three_axes_is_found(decide, add_figure, rng):
    """Codes that are long along the diagonal of three axes are a cigar in these."""
    clouds = [cigar(rng).head(2) for _ in range(5)]
    ratio = contrast(
        alignment,
        clouds,
        haar_rotations,
        rng,
        surrogates=9,
        scale="ratio",
        unit=RATIO,
        bounds=(0, np.inf),
    )

    add_figure(
        axis_figure(clouds, rng), "Squared component of the first principal axis along each axis."
    )

    decide([estimate(alignment, clouds, unit=SHARE, bounds=(0, 1)), ratio], [MOSTLY, MORE])


@pytest.mark.claim("B-07")
@pytest.mark.expect("refuted", because="the cigar was rotated out of its axes")
def test_control_a_rotated_cigar_is_not_found(decide, add_figure, rng):
    """The same codes, rotated, are long in a direction in which all axes share."""
    clouds = [haar_rotations(cigar(rng).head(2), rng) for _ in range(5)]
    ratio = contrast(
        alignment,
        clouds,
        haar_rotations,
        rng,
        surrogates=9,
        scale="ratio",
        unit=RATIO,
        bounds=(0, np.inf),
    )

    add_figure(
        axis_figure(clouds, rng), "Squared component of the first principal axis along each axis."
    )

    decide([estimate(alignment, clouds, unit=SHARE, bounds=(0, 1)), ratio], [MOSTLY, MORE])


def alignment(cloud):
    """Return the share of the first principal axis that lies in the leading coordinate axes."""
    count = max(round(FEW * cloud.d), 1)
    leading = np.argsort(second_moments(cloud))[-count:]
    return float((cloud.principal[1][leading, -1] ** 2).sum())


def cigar(rng, n=1000, d=128):
    """Draw codes of N(0, I) that are four times as long along the diagonal of three axes."""
    codes = rng.standard_normal((n, d))
    codes[:, :3] += 4 / np.sqrt(3) * rng.standard_normal((n, 1))
    return LatentCloud(codes)


def axis_figure(clouds, rng):
    """Show the first principal axes over the widths of the axes, also in rotated bases (null)."""
    rotated = [haar_rotations(cloud, rng) for cloud in clouds]
    return component_scatter(
        {"codes": along_axes(clouds), "null": along_axes(rotated)},
        "root mean square of the axis, over that of all axes",
        "its share of the first principal axis",
    )


def along_axes(clouds):
    """Return the width of each axis, and its share of the first principal axis."""
    widths = [np.sqrt(second_moments(cloud) / second_moments(cloud).mean()) for cloud in clouds]
    parts = [cloud.principal[1][:, -1] ** 2 for cloud in clouds]
    return np.concatenate(widths), np.concatenate(parts)


@scenario(test_broad_axes_combine_to_a_diagonal_cigar, null=0.1)
def cigars_along_a_share_of_three_axes(effect, rng):
    """Simulate normal codes, long in a direction of which a share lies in three of 64 axes.

    It lies in the other 61 evenly. The share scatters by a tenth of itself between trainings about
    the margin, as in the stored models.
    """
    shares = effect + 0.2 * effect * (1 - effect) * rng.standard_normal(5)
    return {"model": SimulatedModel.of([mixed_cigar(share, rng) for share in shares])}


def mixed_cigar(share, rng, n=3700, d=64, few=3):
    """Draw codes of N(0, I) that are three times as long in one direction."""
    parts = np.repeat([share / few, (1 - share) / (d - few)], [few, d - few])
    along = np.sqrt(parts) * rng.choice([-1, 1], d)
    codes = rng.standard_normal((n, d))
    return stored_cloud(codes + 2 * (codes @ along)[:, None] * along)
