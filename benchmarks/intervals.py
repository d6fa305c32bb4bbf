"""How often 95 % intervals over three and five trainings contain the truth.

`python benchmarks/intervals.py` updates the tables of docs/calibration.md (four minutes): coverage
by method and by the distribution between trainings, by shared error, and by correlation; and how
often intervals lie wholly below or above the truth where trainings scatter skewly. Names of tables
as arguments update only these.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from aelatent.inference.estimates import Estimate, estimate, interval_over_replicates

Floats = NDArray[np.float64]
Shape = tuple[int, int]
Measurements = tuple[Floats, Floats, float]  # values, their standard errors, the true mean
Interval = tuple[float, float]
Distribution = Callable[[Shape, np.random.Generator], Measurements]
Method = Callable[[Floats, Floats], Interval]
HalfWidth = Callable[[float, float, int, float], float]

SIMULATIONS = 20_000
BOOTSTRAPPED = 1_000  # simulations of the bootstrap, which takes a hundred times as long
DOCUMENT = Path(__file__).parents[1] / "docs" / "calibration.md"
BEGIN, END = "<!-- python benchmarks/intervals.py: {} -->\n", "<!-- end -->\n"
DRAWS = 500  # decoded images behind a hit rate


def normal(shape: Shape, rng: np.random.Generator) -> Measurements:
    """Draw from a normal distribution."""
    return rng.standard_normal(shape), np.zeros(shape), 0.0


def skewed(shape: Shape, rng: np.random.Generator) -> Measurements:
    """Draw from a lognormal distribution of skewness 2, as ratios and radii may have."""
    sigma = 0.55
    return rng.lognormal(sigma=sigma, size=shape), np.zeros(shape), np.exp(sigma**2 / 2)


def heavy_tailed(shape: Shape, rng: np.random.Generator) -> Measurements:
    """Draw from Student's t with three degrees of freedom."""
    return rng.standard_t(3, shape), np.zeros(shape), 0.0


def with_outliers(shape: Shape, rng: np.random.Generator) -> Measurements:
    """Draw from a normal distribution, but one training in twenty is ten deviations off."""
    values = rng.standard_normal(shape)
    return values + 10 * (rng.uniform(size=shape) < 0.05), np.zeros(shape), 0.5


def equal_rates(shape: Shape, rng: np.random.Generator) -> Measurements:
    """Draw hit rates of 500 images at 2 %, the same in all trainings."""
    return measured_rates(np.full(shape, 0.02), rng, 0.02)


def unequal_rates(shape: Shape, rng: np.random.Generator) -> Measurements:
    """Draw hit rates of 500 images about 70 %, which scatter by 8 % between trainings."""
    return measured_rates(np.clip(rng.normal(0.7, 0.08, shape), 0, 1), rng, 0.7)


def measured_rates(rates: Floats, rng: np.random.Generator, truth: float) -> Measurements:
    """Return measured shares, their standard errors and the mean true rate."""
    hits = rng.binomial(DRAWS, rates)
    shrunk = (hits + 1) / (DRAWS + 2)
    return hits / DRAWS, np.sqrt(shrunk * (1 - shrunk) / DRAWS), truth


DISTRIBUTIONS = [normal, skewed, heavy_tailed, with_outliers, equal_rates, unequal_rates]


def student(values: Floats, _: Floats) -> Interval:
    """Return Student's interval of the mean, as if measurements had no error."""
    half = stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return values.mean() - half, values.mean() + half


def ours(values: Floats, errors: Floats) -> Interval:
    """Return the interval by which claims are decided."""
    estimates = [Estimate(v, e) for v, e in zip(values.tolist(), errors.tolist(), strict=True)]
    return interval_over_replicates(estimates)


def gauss(values: Floats, _: Floats) -> Interval:
    """Return the interval of a normal distribution, as if its width were known."""
    half = 1.96 * values.std(ddof=1) / np.sqrt(len(values))
    return values.mean() - half, values.mean() + half


def bootstrapped(method: str) -> Method:
    """Return a bootstrap interval of the mean, by a method of scipy's."""

    def interval(values: Floats, _: Floats) -> Interval:
        found = stats.bootstrap(
            (values,), np.mean, method=method, n_resamples=999, vectorized=True, rng=0
        ).confidence_interval
        return found.low, found.high

    return interval


METHODS = {
    "ours": (ours, SIMULATIONS),
    "Student": (student, SIMULATIONS),
    "normal": (gauss, SIMULATIONS),
    "bootstrap, percentile": (bootstrapped("percentile"), BOOTSTRAPPED),
    "bootstrap, BCa": (bootstrapped("BCa"), BOOTSTRAPPED),
}


def coverage(
    method: Method, simulations: int, distribution: Distribution, replicates: int
) -> float:
    """Return the share of simulations whose interval contains the truth."""
    rng = np.random.default_rng(0)
    values, errors, truth = distribution((simulations, replicates), rng)
    covered = 0
    for measured, error in zip(values, errors, strict=True):
        if np.ptp(measured) == 0 and not error.any():
            continue
        low, high = method(measured, error)
        covered += low <= truth <= high
    return covered / simulations


def half_width(own: float, shared: float, replicates: int, _: float) -> float:
    """Return the half width by which claims are decided, from the two standard errors."""
    low, high = interval_over_replicates(
        [Estimate(own * value, shared=shared) for value in spread(replicates)]
    )
    return (high - low) / 2


def spread(replicates: int) -> Floats:
    """Return values whose mean has a standard error of 1."""
    values = np.arange(replicates) - (replicates - 1) / 2
    return np.asarray(values / stats.sem(values))


def one_quantile(own: float, shared: float, replicates: int, _: float) -> float:
    """Return the half width by the quantile of the replicates' degrees of freedom for both."""
    return float(stats.t.ppf(0.975, replicates - 1) * np.hypot(own, shared))


def satterthwaite(own: float, shared: float, replicates: int, parts: float) -> float:
    """Return the half width by degrees of freedom that are pooled after Satterthwaite."""
    pooled = (own**2 + shared**2) ** 2 / (own**4 / (replicates - 1) + shared**4 / (parts - 1))
    return float(stats.t.ppf(0.975, pooled) * np.hypot(own, shared))


HALF_WIDTHS = {
    "ours": half_width,
    "one quantile for both": one_quantile,
    "Satterthwaite": satterthwaite,
}
PARTS = 20  # of the jackknife that estimates the shared error
SHARED = (0.0, 0.3, 0.5, 1.0, 2.0, 4.0)  # over the error that differs between trainings


def coverage_with_shared(
    method: HalfWidth, shared: float, replicates: int, simulations: int
) -> float:
    """Return the share of simulations whose interval contains the truth, with a shared error.

    The error that differs between trainings has a standard deviation of 1 in the mean.
    """
    rng = np.random.default_rng(0)
    values = replicates**0.5 * rng.standard_normal((simulations, replicates))
    off = values.mean(axis=1) + shared * rng.standard_normal(simulations)
    own = stats.sem(values, axis=1)
    known = shared * np.sqrt(rng.chisquare(PARTS - 1, simulations) / (PARTS - 1))
    halves = [method(o, k, replicates, PARTS) for o, k in zip(own, known, strict=True)]
    return float(np.mean(np.abs(off) <= halves))


CORRELATIONS = (0.0, 0.5, 0.9, 1.0)  # of the errors that two trainings have from the images
SIMULATIONS_OF_IMAGES = 4_000
SHARED_PARTS = ("measured", "all of it", "none of it")


def coverage_with_images(correlation: float, replicates: int, simulations: int) -> list[float]:
    """Return the share of simulations whose interval contains the truth, by `SHARED_PARTS`.

    The scatter between trainings and the error from their images have a standard deviation of 1
    each.
    """
    rng = np.random.default_rng(0)
    weights = np.sqrt([correlation, 1 - correlation]) / PARTS**0.5
    covered = np.zeros(len(SHARED_PARTS))
    for _ in range(simulations):
        same, own = rng.standard_normal(PARTS), rng.standard_normal((replicates, PARTS))
        added = weights[0] * same + weights[1] * own
        values = rng.standard_normal(replicates) + added.sum(axis=1)
        known = (added - added.mean(axis=1, keepdims=True)) * (PARTS / (PARTS - 1)) ** 0.5
        errors = np.linalg.norm(known, axis=1)
        for place, estimates in enumerate(
            (
                [Estimate(v, images=tuple(row)) for v, row in zip(values, known, strict=True)],
                [Estimate(v, shared=error) for v, error in zip(values, errors, strict=True)],
                [Estimate(v, error) for v, error in zip(values, errors, strict=True)],
            )
        ):
            low, high = interval_over_replicates(estimates)
            covered[place] += low <= 0 <= high
    return list(covered / simulations)


SIMULATIONS_OF_LAWS = 4_000
POSITIVE, SHARE = (0.0, np.inf), (0.0, 1.0)
NO_BOUNDS = (-np.inf, np.inf)
Draw = Callable[[np.random.Generator, int], Floats]


def _two_groups(rng: np.random.Generator, k: int) -> Floats:
    return rng.choice([-1.0, 1.0], k) + 1e-3 * rng.standard_normal(k)


def _with_odd(rng: np.random.Generator, k: int, share: float, off: float) -> Floats:
    return rng.standard_normal(k) + off * (rng.uniform(size=k) < share)


# Name of the distribution between trainings, a draw of it, its mean, and the bounds of that.
LAWS: list[tuple[str, Draw, float, Interval]] = [
    ("a normal distribution", lambda rng, k: rng.standard_normal(k), 0.0, NO_BOUNDS),
    ("a gamma distribution of shape 2", lambda rng, k: rng.gamma(2, size=k), 2.0, POSITIVE),
    ("a gamma distribution of shape 0.5", lambda rng, k: rng.gamma(0.5, size=k), 0.5, POSITIVE),
    ("a lognormal distribution", lambda rng, k: rng.lognormal(size=k), np.exp(0.5), POSITIVE),
    ("shares near 0: beta(0.5, 9.5)", lambda rng, k: rng.beta(0.5, 9.5, k), 0.05, SHARE),
    ("shares near 0: beta(2, 38)", lambda rng, k: rng.beta(2, 38, k), 0.05, SHARE),
    ("shares about 0.7: beta(14, 6)", lambda rng, k: rng.beta(14, 6, k), 0.7, SHARE),
    ("two groups, -1 and 1", _two_groups, 0.0, NO_BOUNDS),
    ("normal, but one in ten 8 off", lambda rng, k: _with_odd(rng, k, 0.1, 8), 0.8, NO_BOUNDS),
    ("normal, but one in twenty 20 off", lambda rng, k: _with_odd(rng, k, 0.05, 20), 1, NO_BOUNDS),
]


def misses(draw: Draw, truth: float, bounds: Interval, replicates: int) -> tuple[float, float]:
    """Return the shares of intervals that lie wholly below and wholly above the truth."""
    rng, missed = np.random.default_rng(0), np.zeros(2)
    for _ in range(SIMULATIONS_OF_LAWS):
        low, high = estimate(float, draw(rng, replicates).tolist(), bounds=bounds).interval
        missed += [high < truth, low > truth]
    return tuple((missed / SIMULATIONS_OF_LAWS).tolist())


def table_of_laws() -> list[str]:
    """Return the table of misses: a row for each distribution and number of trainings."""
    headings = ["trainings", "distribution between trainings", "contain it", "lie below", "above"]
    headings += ["with bounds: contain it", "lie below", "above"]
    lines = [f"| {' | '.join(headings)} |", "|---" * len(headings) + "|"]
    for replicates in (3, 5, 10):
        for name, draw, truth, bounds in LAWS:
            cells = [
                f"{100 * share:.1f}"
                for kept in dict.fromkeys((NO_BOUNDS, bounds))
                for below, above in [misses(draw, truth, kept, replicates)]
                for share in (1 - below - above, below, above)
            ]
            cells += [""] * (6 - len(cells))
            lines.append(f"| {replicates} | {name} | {' | '.join(cells)} |")
            print(lines[-1], flush=True)
    return lines


def described(distribution: Distribution) -> str:
    """Return the name of a distribution in the table, from its docstring."""
    return (distribution.__doc__ or "").removeprefix("Draw ").removeprefix("from ").rstrip(".")


def table(
    methods: Iterable[str],
    case_heading: str,
    cases: Iterable[Any],
    name: Callable[[Any], str],
    coverages: Callable[[Any, int], list[float]],
) -> list[str]:
    """Return a table of coverage in per cent: a row for each case, a column for each method."""
    headings = ["trainings", case_heading, *methods]
    lines = [f"| {' | '.join(headings)} |", "|---" * len(headings) + "|"]
    for replicates in (3, 5):
        for case in cases:
            cells = " | ".join(f"{100 * share:.1f}" for share in coverages(case, replicates))
            lines.append(f"| {replicates} | {name(case)} | {cells} |")
            print(lines[-1], flush=True)
    return lines


def coverages_by_distribution(distribution: Distribution, replicates: int) -> list[float]:
    """Return the coverage of each method for a distribution between trainings."""
    with np.errstate(all="ignore"):
        return [coverage(*method, distribution, replicates) for method in METHODS.values()]


def coverages_by_shared_error(shared: float, replicates: int) -> list[float]:
    """Return the coverage of each method for an error that all trainings share."""
    return [
        coverage_with_shared(method, shared, replicates, SIMULATIONS)
        for method in HALF_WIDTHS.values()
    ]


def coverages_by_correlation(correlation: float, replicates: int) -> list[float]:
    """Return the coverage by the part of the images' error that counts as shared."""
    return coverage_with_images(correlation, replicates, SIMULATIONS_OF_IMAGES)


TABLES = {
    "distributions": (
        METHODS,
        "distribution between trainings",
        DISTRIBUTIONS,
        described,
        coverages_by_distribution,
    ),
    "shared errors": (
        HALF_WIDTHS,
        "shared error over their own",
        SHARED,
        "{:g}".format,
        coverages_by_shared_error,
    ),
    "images": (
        SHARED_PARTS,
        "correlation",
        CORRELATIONS,
        "{:g}".format,
        coverages_by_correlation,
    ),
}


def main(names: Sequence[str]) -> None:
    """Write the tables of these names, or all of them."""
    makers = {name: partial(table, *arguments) for name, arguments in TABLES.items()}
    for name, make in {**makers, "laws": table_of_laws}.items():
        if name not in (names or [name]):
            continue
        rows = "\n".join(make())
        begin = BEGIN.format(name)
        before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(begin)
        DOCUMENT.write_text(f"{before}{begin}\n{rows}\n\n{END}{rest.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
