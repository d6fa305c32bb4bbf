"""How often 95 % intervals over three and five trainings hold the truth, by method and by law.

`python benchmarks/intervals.py` writes the tables of docs/calibration.md anew (three minutes).
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from aelatent.inference.estimates import Estimate, interval_over_replicates

Floats = NDArray[np.float64]
Shape = tuple[int, int]
Drawn = tuple[Floats, Floats, float]
Interval = tuple[float, float]
Law = Callable[[Shape, np.random.Generator], Drawn]
Method = Callable[[Floats, Floats], Interval]
Half = Callable[[float, float, int, float], float]

WORLDS = 20_000
RESAMPLED = 1_000  # worlds of the bootstrap, which takes a hundred times as long
DOCUMENT = Path(__file__).parents[1] / "docs" / "calibration.md"
BEGIN, END = "<!-- python benchmarks/intervals.py: {} -->\n", "<!-- end -->\n"
DRAWS = 500  # decoded images behind a hit rate


def normal(shape: Shape, rng: np.random.Generator) -> Drawn:
    """Draw from a normal law."""
    return rng.standard_normal(shape), np.zeros(shape), 0.0


def skewed(shape: Shape, rng: np.random.Generator) -> Drawn:
    """Draw from a lognormal law of skewness 2, as ratios and radii may have."""
    sigma = 0.55
    return rng.lognormal(sigma=sigma, size=shape), np.zeros(shape), np.exp(sigma**2 / 2)


def heavy(shape: Shape, rng: np.random.Generator) -> Drawn:
    """Draw from Student's t of three degrees of freedom."""
    return rng.standard_t(3, shape), np.zeros(shape), 0.0


def odd_one(shape: Shape, rng: np.random.Generator) -> Drawn:
    """Draw from a normal law, but one training in twenty lies ten deviations off."""
    values = rng.standard_normal(shape)
    return values + 10 * (rng.uniform(size=shape) < 0.05), np.zeros(shape), 0.5


def rates_alike(shape: Shape, rng: np.random.Generator) -> Drawn:
    """Draw hit rates of 500 images at 2 %, the trainings alike."""
    return measured_rates(np.full(shape, 0.02), rng, 0.02)


def rates_apart(shape: Shape, rng: np.random.Generator) -> Drawn:
    """Draw hit rates of 500 images about 70 %, the trainings 8 % apart."""
    return measured_rates(np.clip(rng.normal(0.7, 0.08, shape), 0, 1), rng, 0.7)


def measured_rates(rates: Floats, rng: np.random.Generator, truth: float) -> Drawn:
    """Return measured shares, their standard errors and the mean true rate."""
    hits = rng.binomial(DRAWS, rates)
    shrunk = (hits + 1) / (DRAWS + 2)
    return hits / DRAWS, np.sqrt(shrunk * (1 - shrunk) / DRAWS), truth


LAWS = [normal, skewed, heavy, odd_one, rates_alike, rates_apart]


def student(values: Floats, _: Floats) -> Interval:
    """Return Student's interval of the mean, as if measurements had no error."""
    half = stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return values.mean() - half, values.mean() + half


def ours(values: Floats, errors: Floats) -> Interval:
    """Return the interval that claims are judged by."""
    estimates = [Estimate(v, e) for v, e in zip(values.tolist(), errors.tolist(), strict=True)]
    return interval_over_replicates(estimates)


def gauss(values: Floats, _: Floats) -> Interval:
    """Return the interval of a normal law of known width."""
    half = 1.96 * values.std(ddof=1) / np.sqrt(len(values))
    return values.mean() - half, values.mean() + half


def resampled(method: str) -> Method:
    """Return an interval of the mean by a bootstrap of scipy's."""

    def interval(values: Floats, _: Floats) -> Interval:
        found = stats.bootstrap(
            (values,), np.mean, method=method, n_resamples=999, vectorized=True, rng=0
        ).confidence_interval
        return found.low, found.high

    return interval


METHODS = {
    "ours": (ours, WORLDS),
    "Student": (student, WORLDS),
    "normal": (gauss, WORLDS),
    "bootstrap, percentile": (resampled("percentile"), RESAMPLED),
    "bootstrap, BCa": (resampled("BCa"), RESAMPLED),
}


def coverage(method: Method, worlds: int, law: Law, replicates: int) -> float:
    """Return the share of worlds whose interval holds the truth."""
    rng = np.random.default_rng(0)
    values, errors, truth = law((worlds, replicates), rng)
    held = 0
    for measured, error in zip(values, errors, strict=True):
        if np.ptp(measured) == 0 and not error.any():
            continue
        low, high = method(measured, error)
        held += low <= truth <= high
    return held / worlds


def shared_error(own: float, shared: float, replicates: int, _: float) -> float:
    """Return the half width that claims are judged by, from the two standard errors."""
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


HALVES = {
    "ours": shared_error,
    "one quantile for both": one_quantile,
    "Satterthwaite": satterthwaite,
}
PARTS = 20  # of the jackknife by which the shared error is known
SHARED = (0.0, 0.3, 0.5, 1.0, 2.0, 4.0)  # over the error from what differs between trainings


def coverage_with_shared(half: Half, shared: float, replicates: int, worlds: int) -> float:
    """Return the share of worlds whose interval holds the truth, if all trainings share an error.

    What differs between trainings has a standard error of 1.
    """
    rng = np.random.default_rng(0)
    values = replicates**0.5 * rng.standard_normal((worlds, replicates))
    off = values.mean(axis=1) + shared * rng.standard_normal(worlds)
    own = stats.sem(values, axis=1)
    known = shared * np.sqrt(rng.chisquare(PARTS - 1, worlds) / (PARTS - 1))
    halves = [half(o, k, replicates, PARTS) for o, k in zip(own, known, strict=True)]
    return float(np.mean(np.abs(off) <= halves))


CORRELATIONS = (0.0, 0.5, 0.9, 1.0)  # of the errors that two trainings have from the images
WORLDS_OF_IMAGES = 4_000
TAKEN = ("measured", "all of it", "none of it")


def coverage_with_images(correlation: float, replicates: int, worlds: int) -> list[float]:
    """Return the share of worlds whose interval holds the truth, by what is taken for common.

    What differs between trainings and what their images add have a standard deviation of 1 each.
    """
    rng = np.random.default_rng(0)
    weights = np.sqrt([correlation, 1 - correlation]) / PARTS**0.5
    held = np.zeros(len(TAKEN))
    for _ in range(worlds):
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
            held[place] += low <= 0 <= high
    return list(held / worlds)


def said(law: Law) -> str:
    """Return what a law is, from its docstring."""
    return (law.__doc__ or "").removeprefix("Draw ").removeprefix("from ").rstrip(".")


def table(
    heads: Iterable[str],
    what: str,
    cases: Iterable[Any],
    name: Callable[[Any], str],
    cells: Callable[[Any, int], list[float]],
) -> list[str]:
    """Return a table of coverage in per cent: trainings, what differs, and a column a method."""
    heads = ["trainings", what, *heads]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for replicates in (3, 5):
        for case in cases:
            text = " | ".join(f"{100 * share:.1f}" for share in cells(case, replicates))
            lines.append(f"| {replicates} | {name(case)} | {text} |")
            print(lines[-1], flush=True)
    return lines


def of_laws(law: Law, replicates: int) -> list[float]:
    """Return the coverage of each method for a law between trainings."""
    with np.errstate(all="ignore"):
        return [coverage(*method, law, replicates) for method in METHODS.values()]


def of_shared_errors(shared: float, replicates: int) -> list[float]:
    """Return the coverage of each method for an error that all trainings share."""
    return [coverage_with_shared(half, shared, replicates, WORLDS) for half in HALVES.values()]


def of_images(correlation: float, replicates: int) -> list[float]:
    """Return the coverage by what is taken for common of the error from the images."""
    return coverage_with_images(correlation, replicates, WORLDS_OF_IMAGES)


TABLES = {
    "laws": (METHODS, "law between them", LAWS, said, of_laws),
    "shared errors": (
        HALVES,
        "shared error over their own",
        SHARED,
        "{:g}".format,
        of_shared_errors,
    ),
    "images": (TAKEN, "correlation", CORRELATIONS, "{:g}".format, of_images),
}


def main() -> None:
    """Write the tables."""
    for name, arguments in TABLES.items():
        rows = "\n".join(table(*arguments))
        begin = BEGIN.format(name)
        before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(begin)
        DOCUMENT.write_text(f"{before}{begin}\n{rows}\n\n{END}{rest.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    main()
