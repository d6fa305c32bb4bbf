"""Most component densities are bells centred on zero, about as wide as the source says."""

import numpy as np
import pytest
from scipy import ndimage

from aelatent import Above, Between, Estimate, LatentCloud, estimate
from aelatent.figures.components import component_scatter
from aelatent.inference.estimates import InsufficientEvidence
from aelatent.latent import synthetic
from aelatent.simulation import SimulatedModel, scenario, stored_cloud
from aelatent.statistics.normality import irregular_components

CENTRED = 0.25  # of a standard deviation
HALF_WIDTH = np.sqrt(2 * np.log(2))  # of a normal density of sd 1, at half its maximum
MOST = Above(0.5)
AS_WIDE = Between(0.5, 2.0)


@pytest.mark.claim("B-04", needs="trained autoencoder wide covariance", source_value=244 / 256)
def test_most_component_densities_are_centred_bells(model, decide, add_figure, rng):
    """Most components of the codes have a Gaussian-like density that peaks at zero.

    Source
        anracom II (11 Nov 2022), the section on densities: all but 12 of 256 components.
    Statement
        Of the densities of the single components most are Gaussian-like, with a peak at 0.
    Statistic
        Two shares of the components, one value a replicate each: of those whose mean lies within a
        quarter of their standard deviation of 0; and of those that are not visibly other than
        normal, by `irregular_components`.
    Null
        None: margins decide. The claim falls if most components are off-centre by more than a
        quarter of a standard deviation, the source's bin width where its components have a
        standard deviation of about 1; "most" is more than half.
    Decision
        Both shares. Supported when the 95 % interval over replicates lies above 0.5; refuted when
        it lies below; inconclusive otherwise.
    """
    evidence = [
        estimate(
            centred_share, model.clouds, unit="share of components centred on 0", bounds=(0, 1)
        ),
        estimate(
            regular_share, model.clouds, unit="share of components like a Gaussian", bounds=(0, 1)
        ),
    ]

    add_figure(
        component_figure(model.clouds, rng),
        "Mean and half-width of each component, in latent units: of the codes, and of normal codes "
        "made after the source's list (control).",
    )

    decide(evidence, [MOST, MOST])


@pytest.mark.claim("B-04", needs="trained autoencoder wide covariance", source_value=1.0)
def test_component_densities_are_as_wide_as_the_source_says(model, decide, add_figure, rng):
    """The typical component density has a half-width at half its maximum between 0.5 and 2.

    Source
        anracom II (11 Nov 2022), which gives three values: "around 2" in the body, 1 in the
        conclusion, and a total width of 1, that is a half-width of 0.5.
    Statement
        Half the width at half the maximum of a typical component's density is as the source states.
    Statistic
        The median over components of `half_width`, in latent units, one value a replicate. The full
        width is twice as much; for a normal distribution the standard deviation is 0.85 times as
        much.
    Null
        None: the margins are the smallest and the largest of the source's own three values. Nothing
        in the training fixes the scale of the codes.
    Decision
        Supported when the 95 % interval over replicates lies between 0.5 and 2; refuted when it
        lies outside; inconclusive otherwise.
    """
    evidence = estimate(
        typical_half_width,
        model.clouds,
        unit="median half-width at half maximum",
        bounds=(0, np.inf),
    )

    add_figure(
        component_scatter(
            {
                name: (pooled(deviations, clouds), pooled(half_widths, clouds))
                for name, clouds in (("codes", model.clouds), ("control", listed(rng)))
            },
            "standard deviation of the component",
            "half-width at half maximum",
        ),
        "Half-width at half maximum against the standard deviation of each component: of codes, "
        "and of normal codes made after the source's list (control).",
    )

    decide(evidence, AS_WIDE)


@pytest.mark.claim("B-04")
def test_control_the_listed_axes_leave_most_components_centred(decide, add_figure, rng):
    """Codes made after the source's own list are centred bells, but for twelve components."""
    clouds = [synthetic.listed_axes(500, rng) for _ in range(5)]
    evidence = [
        estimate(centred_share, clouds, unit="share of components centred on 0", bounds=(0, 1)),
        estimate(regular_share, clouds, unit="share of components like a Gaussian", bounds=(0, 1)),
        estimate(
            typical_half_width, clouds, unit="median half-width at half maximum", bounds=(0, np.inf)
        ),
    ]

    add_figure(
        component_figure(clouds, rng), "Mean and half-width of each component of the source's list."
    )

    decide(evidence, [MOST, MOST, AS_WIDE])


@pytest.mark.claim("B-04")
@pytest.mark.expect("refuted", because="the components were made to break one part of the claim")
@pytest.mark.parametrize("fault", ["shifted", "skewed", "wide"])
def test_control_other_components_are_no_centred_bells(fault, decide, add_figure, rng):
    """Components that are shifted, skewed or wide each break their own part of the claim."""
    clouds = [LatentCloud(faulty(fault, rng)) for _ in range(5)]
    part = {"shifted": centred_share, "skewed": regular_share, "wide": typical_half_width}[fault]
    evidence = estimate(part, clouds, bounds=(0, np.inf))

    add_figure(component_figure(clouds, rng), f"Mean and half-width of each component, {fault}.")

    decide(evidence, AS_WIDE if fault == "wide" else MOST)


def centred_share(cloud):
    """Return the share of components whose mean lies within a quarter of their deviation of 0."""
    share = float(np.mean(np.abs(cloud.mean) <= CENTRED * cloud.deviations))
    return Estimate(share, np.sqrt((share * (1 - share) + 0.25 / cloud.d) / cloud.d))


def regular_share(cloud):
    """Return the share of components that are not visibly other than normal."""
    share = 1 - float(np.mean(irregular_components(cloud.z_mean)))
    return Estimate(share, np.sqrt((share * (1 - share) + 0.25 / cloud.d) / cloud.d))


def typical_half_width(cloud):
    """Return the median half-width over components."""
    widths = half_widths(cloud)
    return Estimate(float(np.median(widths)), 1.25 * float(widths.std()) / np.sqrt(cloud.d))


def half_widths(cloud):
    """Return half the width at half the maximum of each component's density, shape (d,)."""
    return np.array([half_width(values) for values in cloud.z_mean.T])


def half_width(values, bins=200):
    """Return half the width at half the maximum of a smoothed density.

    The bandwidth is that of the normal reference rule; the smoothing widens a normal density by a
    known factor, which is taken out.
    """
    spread = min(values.std(), np.subtract(*np.quantile(values, [0.75, 0.25])) / 1.349)
    if not spread > 0:
        raise InsufficientEvidence("expected components that vary, received a constant one")
    bandwidth = 1.06 * spread * len(values) ** -0.2
    centre = np.median(values)
    counts, edges = np.histogram(values, bins, (centre - 5 * spread, centre + 5 * spread))
    step = edges[1] - edges[0]
    density = ndimage.gaussian_filter1d(counts.astype(float), bandwidth / step, mode="constant")
    above = np.flatnonzero(density >= density.max() / 2)
    measured = (above[-1] - above[0] + 1) * step / 2
    return measured / np.sqrt(1 + (bandwidth / spread) ** 2)


def faulty(fault, rng, n=500, d=64):
    """Draw codes each component of which has the fault."""
    normal = rng.standard_normal((n, d))
    return {"shifted": normal + 0.5, "skewed": rng.exponential(1, (n, d)) - 1, "wide": 4 * normal}[
        fault
    ]


def deviations(cloud):
    """Return the standard deviation of each component."""
    return cloud.deviations


def pooled(measure, clouds):
    """Return a number of each component, of all replicates."""
    return np.concatenate([measure(cloud) for cloud in clouds])


def component_figure(clouds, rng):
    """Show mean and half-width of each component, beside those of the source's list."""
    return component_scatter(
        {
            name: (pooled(lambda cloud: cloud.mean, group), pooled(half_widths, group))
            for name, group in (("codes", clouds), ("control", listed(rng)))
        },
        "mean of the component",
        "half-width at half maximum",
    )


def listed(rng):
    """Make normal codes after the source's list."""
    return [synthetic.listed_axes(1000, rng)]


@scenario(test_most_component_densities_are_centred_bells, null=0.2)
def a_share_of_components_about_the_origin(effect, rng):
    """Simulate normal components, a share of them about the origin, the others half a width off."""
    clouds = []
    for share in effect + 0.04 * rng.standard_normal(5):
        off = np.where(rng.permutation(256) < round(share * 256), 0.0, 0.5)
        clouds.append(stored_cloud(off + rng.standard_normal((3700, 256))))
    return {"model": SimulatedModel.of(clouds)}


@scenario(test_component_densities_are_as_wide_as_the_source_says, null=0.9)
def components_of_some_half_width(effect, rng):
    """Simulate normal components of a half-width that scatters by a tenth between trainings."""
    widths = effect / HALF_WIDTH * (1 + 0.1 * rng.standard_normal(5))
    return {
        "model": SimulatedModel.of(
            [LatentCloud(width * rng.standard_normal((1000, 64))) for width in widths]
        )
    }
