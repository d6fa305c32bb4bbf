"""What fixes the radius at which the codes peak: the dimensions, or the training?"""

import numpy as np
import pytest

from aelatent import Between, LatentCloud, Near, estimate
from aelatent.figures import trend
from aelatent.latent.synthetic import standard_normal
from aelatent.simulation import SimulatedModel, scenario
from aelatent.statistics.radius import peak_radius

RATES = {
    1e-4: "faces_ae_256d_lr_1e4",
    5e-4: "faces_ae_256d",
    1e-3: "faces_ae_256d_lr_1e3",
    2e-3: "faces_ae_256d_lr_2e3",
}
WIDTHS = {16: "faces_ae_16d", 64: "faces_ae_64d", 256: "faces_ae_256d", 1024: "faces_ae_1024d"}
SEEDS = 3
SAME = Near(1.0, factor=1.15)
INVERSE_ROOT = Between(-0.6, -0.4)
ROOT = Between(0.4, 0.6)


@pytest.mark.claim("X-17", compares=" ".join(RATES.values()))
def test_the_radius_peak_does_not_hang_on_the_learning_rate(models, decide, add_figure):
    """The radius at which the codes peak is fixed by N and not by the learning rate.

    Source
        aelatent, a question none of the sources asks.
    Statement
        Autoencoders that differ in nothing but the learning rate have their radius peaks in one
        place.
    Statistic
        The peak radius of held-out codes at a learning rate of 1e-4 over that at 2e-3, one value a
        seed; a figure also shows 5e-4 and 1e-3. Batch size and length of training are not varied
        here.
    Null
        1 if the learning rate does not matter; the margin is that of B-08. The largest over the
        smallest of four peaks, which was taken first, exceeds 1.15 by chance alone.
    Decision
        Supported when the 95 % interval over replicates lies within a factor of 1.15 of 1; refuted
        when it lies outside; inconclusive otherwise.
    """
    table = peaks(models, RATES)
    evidence = estimate(
        extremes, table, unit="peak radius at 1e-4 over that at 2e-3", bounds=(0, np.inf)
    )

    add_figure(
        curve(table, "learning rate"), "Peak radius over the learning rate, a dot a training."
    )

    decide(evidence, SAME)


@pytest.mark.claim("X-17", compares=" ".join(RATES.values()))
def test_the_radius_peak_falls_with_the_root_of_the_learning_rate(models, decide, add_figure):
    """The peak radius falls as the inverse root of the learning rate.

    Source
        aelatent, a question none of the sources asks; earlier trial runs suggested it.
    Statement
        The radius at which the codes peak goes as the learning rate to the power of -1/2.
    Statistic
        Slope of the logarithm of the peak radius on that of the learning rate, over four rates,
        one value a seed.
    Null
        0 if the learning rate does not matter. A tenth either side of -1/2 is allowed.
    Decision
        Supported when the 95 % interval over replicates lies between -0.6 and -0.4; refuted when it
        lies outside; inconclusive otherwise.
    """
    table = peaks(models, RATES)
    evidence = estimate(slope, table, unit="exponent of the learning rate")

    add_figure(
        curve(table, "learning rate"), "Peak radius over the learning rate, a dot a training."
    )

    decide(evidence, INVERSE_ROOT)


@pytest.mark.claim("X-17")
def test_control_draws_of_one_law_peak_in_one_place(decide, rng):
    """Three sets of draws from N(0, I) peak at the same radius."""
    rows = [
        {i: peak_radius(standard_normal(500, 256, rng).radii) for i in range(3)}
        for _ in range(SEEDS)
    ]

    decide(estimate(extremes, rows, bounds=(0, np.inf)), SAME)


@pytest.mark.claim("X-18", compares=" ".join(WIDTHS.values()))
def test_the_radius_peak_grows_with_the_root_of_the_dimensions(models, decide, add_figure):
    """The radius at which the codes peak grows like sqrt(N).

    Source
        aelatent, a question none of the sources asks; B-08 has one N only.
    Statement
        With everything else fixed, the peak radius goes as the number of latent dimensions to the
        power of 1/2.
    Statistic
        Slope of the logarithm of the peak radius on that of N, for N of 16, 64, 256 and
        1024, one value a seed.
    Null
        0 if N does not matter. A tenth either side of 1/2 is allowed.
    Decision
        Supported when the 95 % interval over replicates lies between 0.4 and 0.6; refuted when it
        lies outside; inconclusive otherwise.
    """
    table = peaks(models, WIDTHS)
    evidence = estimate(slope, table, unit="exponent of N")

    add_figure(
        curve(table, "latent dimensions N", {n: [np.sqrt(n)] for n in WIDTHS}),
        "Peak radius over the number of latent dimensions, and sqrt(N) (control).",
    )

    decide(evidence, ROOT)


@pytest.mark.claim("X-18")
def test_control_standard_normal_codes_follow_the_root(decide, rng):
    """Draws from N(0, I) peak at sqrt(N - 1)."""
    rows = [
        {n: peak_radius(standard_normal(1000, n, rng).radii) for n in WIDTHS} for _ in range(SEEDS)
    ]

    decide(estimate(slope, rows), ROOT)


@scenario(test_the_radius_peak_does_not_hang_on_the_learning_rate, null=1.0)
def peaks_apart(effect, rng):
    """Simulate rates whose peaks lie evenly apart, the first `effect` times as far as the last."""
    places = dict(zip(RATES.values(), np.geomspace(16 * effect, 16, len(RATES)), strict=True))
    return {"models": arms(places, 256, rng)}


@scenario(test_the_radius_peak_falls_with_the_root_of_the_learning_rate, null=-0.5)
def peaks_on_a_power_of_the_rate(effect, rng):
    """Simulate peaks that go as the learning rate to the power of `effect`."""
    return {
        "models": arms(
            {name: 16 * (rate / 1e-3) ** effect for rate, name in RATES.items()}, 256, rng
        )
    }


@scenario(test_the_radius_peak_grows_with_the_root_of_the_dimensions, null=0.5)
def peaks_on_a_power_of_the_dimensions(effect, rng):
    """Simulate peaks that go as the number of dimensions to the power of `effect`."""
    return {"models": arms({name: n**effect for n, name in WIDTHS.items()}, 256, rng)}


def arms(places, d, rng):
    """Return models whose normal codes peak at given radii; they scatter by 8 %."""

    def codes(radius):
        scale = radius / np.sqrt(d - 1) * (1 + 0.08 * rng.standard_normal())
        return LatentCloud(scale * rng.standard_normal((300, d)))

    return {
        name: SimulatedModel.of([codes(radius) for _ in range(SEEDS)])
        for name, radius in places.items()
    }.__getitem__


def peaks(models, names):
    """Return for each seed the peak radius by what was varied."""
    clouds = {value: models(name).clouds[:SEEDS] for value, name in names.items()}
    return [
        {value: peak_radius(row[seed].radii) for value, row in clouds.items()}
        for seed in range(SEEDS)
    ]


def extremes(row):
    """Return the peak radius at the first of what was varied over that at the last."""
    first, *_, last = row.values()
    return first / last


def slope(row):
    """Return the slope of log radius on the log of what was varied."""
    return float(np.polyfit(np.log(list(row)), np.log(list(row.values())), 1)[0])


def curve(table, xlabel, control=None):
    """Plot the peak radii of all seeds."""
    series = {"codes": {value: [row[value] for row in table] for value in table[0]}}
    if control:
        series["control"] = control
    return trend(series, xlabel, "peak radius of the codes", log="xy")
