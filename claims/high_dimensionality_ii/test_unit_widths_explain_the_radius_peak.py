"""The source explains the peak of the radii by components of unit width: sqrt(256) = 16."""

import numpy as np
import pytest

from aelatent import Above, Equals, Near, estimate, fact
from aelatent.figures import radius_density
from aelatent.latent import synthetic
from aelatent.simulation import SimulatedModel, not_simulated, scenario, stored_cloud
from aelatent.statistics.radius import GeneralisedChi
from aelatent.statistics.spectrum import leading_share, second_moments

FEW = 12 / 256  # of the axes: the length of the source's list
NEAR = Near(1.0, factor=1.15)
BULK = Above(0.5)
THE_PEAK = Equals(16.5, within=0.5)


@pytest.mark.claim("B-09", needs="trained autoencoder wide covariance", source_value=1.0)
def test_unit_widths_explain_the_radius_peak(model, decide, add_figure):
    """The radii peak at sqrt(N) because most components are Gaussians of unit width.

    Source
        anracom II (11 Nov 2022), "Number density of z-points vs. radius": sqrt(256) = 16.
    Statement
        The mean squared radius is the number of dimensions, because the components have unit
        variance; the few broad or shifted axes change little.
    Statistic
        Three values a replicate: the root mean square radius over sqrt(N); the root mean square of
        all but the 12 of 256 axes that are largest (as many in proportion elsewhere); and the share
        of the mean squared radius that these others hold.
    Null
        None: margins decide. The first two have the margin of the claim that the peak lies near
        sqrt(N), 15 %. "Most" is read as more than half.
    Decision
        Radius and width: Supported when the 95 % interval over replicates lies within a factor of
        1.15 of 1; refuted when it lies outside; inconclusive otherwise. The share: Supported when
        the 95 % interval over replicates lies above 0.5; refuted when it lies below; inconclusive
        otherwise.
    """
    evidence = parts(model.clouds)

    add_figure(radius_density(model.clouds), "Radii of the codes and sqrt(N).")

    decide(evidence, [NEAR, NEAR, BULK])


@pytest.mark.claim("B-09", source_value=16.5)
@pytest.mark.parametrize("bulk", [2 / synthetic.FWHM, 1.0], ids=["sd=0.85", "sd=1"])
def test_the_listed_axes_put_the_peak_where_the_source_found_it(bulk, decide, add_figure, rng):
    """The source's own list of axes puts the peak of the radii where the source found it.

    Source
        anracom II (11 Nov 2022): the list of 12 axes, the widths of the others, and the peak at
        16.5, read from bins of 0.5.
    Statement
        Twelve axes as listed and 244 others, each normal with mean 0, give radii with a peak at
        16.5: if the others have a full width at half maximum of 2, hence a standard deviation of
        0.85; or if they have unit standard deviation, as the explanation by sqrt(256) needs.
    Statistic
        The mode of the radius under the generalised chi distribution of these means and widths,
        which is known exactly.
    Null
        None: it is a fact.
    Decision
        One of the source's bins is allowed for. Supported when the number is 16.5, give or take
        0.5; refuted otherwise.
    """
    chi = listed_chi(bulk)
    evidence = fact(chi.peak, unit="radius of highest density")

    cloud = synthetic.listed_axes(2000, rng, bulk)
    add_figure(
        radius_density([cloud], predicted=[chi.curve()], source_value=16.5),
        f"Radii of draws with the listed axes and others of standard deviation {bulk:.2f}.",
    )

    decide(evidence, THE_PEAK)


@pytest.mark.claim("B-09")
def test_control_standard_normal_codes_have_unit_widths(decide, add_figure, rng):
    """Codes of N(0, I) have unit widths, and their radii are sqrt(N)."""
    clouds = [synthetic.standard_normal(500, 256, rng) for _ in range(5)]

    add_figure(radius_density(clouds), "Radii of standard normal codes.")

    decide(parts(clouds), [NEAR, NEAR, BULK])


@pytest.mark.claim("B-09")
@pytest.mark.expect("refuted", because="the list's bulk is 0.85 wide: its radii only seem to fit")
def test_control_the_listed_axes_have_no_unit_widths(decide, add_figure, rng):
    """Codes made after the source's list have radii near sqrt(N) without unit widths."""
    clouds = [synthetic.listed_axes(1000, rng) for _ in range(5)]

    add_figure(radius_density(clouds), "Radii of codes made after the source's list.")

    decide(parts(clouds), [NEAR, NEAR, BULK])


def parts(clouds):
    """Return the evidence for each of the three parts of the explanation."""
    return [
        estimate(
            rms_radius, clouds, unit="root mean square radius over sqrt(N)", bounds=(0, np.inf)
        ),
        estimate(
            bulk_width,
            clouds,
            unit="root mean square width of all but the leading axes",
            bounds=(0, np.inf),
        ),
        estimate(bulk_share, clouds, unit="their share of the mean squared radius", bounds=(0, 1)),
    ]


def rms_radius(cloud):
    """Return the root mean square radius over sqrt(N)."""
    return float(np.sqrt(second_moments(cloud).mean()))


def bulk_share(cloud):
    """Return the share of the mean squared radius in all but the leading axes."""
    return 1 - leading_share(second_moments(cloud), max(round(FEW * cloud.d), 1))


def bulk_width(cloud):
    """Return the root mean square of all but the leading axes about their means."""
    others = np.argsort(second_moments(cloud))[: -max(round(FEW * cloud.d), 1)]
    return float(np.sqrt((cloud.deviations[others] ** 2).mean()))


def listed_chi(bulk):
    """Return the distribution of the radius for the source's list and others of that deviation."""
    means, widths = np.zeros(256), np.full(256, bulk)
    for axis, (centre, width) in synthetic.LISTED_AXES.items():
        means[axis], widths[axis] = centre, width / synthetic.FWHM
    return GeneralisedChi(widths**2, means)


@scenario(test_unit_widths_explain_the_radius_peak, null=1.0)
def codes_of_some_radius(effect, rng):
    """Simulate clouds of a root mean square radius that scatters by 3 % between trainings.

    Three broad axes in 64 bring it above 1, the others being of unit width; below 1 all are narrow.
    """
    clouds = []
    for radius in effect * (1 + 0.03 * rng.standard_normal(5)):
        bulk = min(1.0, radius)
        broad = np.sqrt((64 * radius**2 - 61 * bulk**2) / 3)
        widths = np.r_[np.full(3, broad), np.full(61, bulk)]
        clouds.append(stored_cloud(widths * rng.standard_normal((3700, 64))))
    return {"model": SimulatedModel.of(clouds)}


not_simulated(
    test_the_listed_axes_put_the_peak_where_the_source_found_it,
    because="it is the mode of a distribution that is known exactly: nothing is drawn or estimated",
)
