"""Set a judge's thresholds on one half of the labels, and measure its errors on the other.

    python -m aelatent.judges.fitting faces

writes `aelatent/judges/weights/faces.json` and prints the errors on both halves;

    python -m aelatent.judges.fitting faces --check

fits nothing, and prints the errors of the stored judge on the half that no threshold was set on, as
a table.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from aelatent.judges.grade import Grade
from aelatent.judges.grading import CONTRAST, Boundary, GradingRule, Measures, Opinion
from aelatent.runtime import files

if TYPE_CHECKING:
    from aelatent.zoo import Collection

AIMS = {"none for recognisable": 0.02, "recognisable missed": 0.05}
AIMS |= {"damaged for clean": 0.10, "clean missed": 0.05}
FOLDS = 10

Truth = NDArray[np.bool_]


def fit_rule(
    measures: Mapping[str, Measures],
    grades: NDArray[np.int8],
    principles: Mapping[str, Sequence[str]],
    together: Sequence[str] = (),
    clean: Sequence[str] = (),
) -> GradingRule:
    """Fit the boundaries between grades.

    Each boundary is a logistic regression. Thresholds are set on the log-odds of folds that the
    regression did not see: the one at which the larger of the two errors, each as a multiple of its
    aim, is smallest. The band runs from the threshold that meets one aim to that which meets the
    other.

    Parameters
    ----------
    measures : mapping of str to ndarray of float64, shape (n,)
        With "contrast".
    grades : ndarray of int8, shape (n,)
        By eye.
    principles : mapping of str to sequence of str
        The measures that each principle uses alone.
    together : sequence of str
        Measures that are used only by all principles together.
    clean : sequence of str
        The only measures by which all together tell damaged from clean; by default all are.

    Returns
    -------
    GradingRule
    """
    used = [*(name for names in principles.values() for name in names), *together]
    recognisable = grades > Grade.NONE
    return GradingRule(
        _fit_opinion(measures, grades, used, clean or used),
        {name: _fit_opinion(measures, grades, names, names) for name, names in principles.items()},
        contrast=float(measures[CONTRAST][recognisable].min() / 2),
    )


def fit_log_odds(
    features: NDArray[np.float64],
    truth: Truth,
    c: float,
    emphasis: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.float64], float, Measures]:
    """Fit log-odds that are linear in the features.

    Parameters
    ----------
    features : ndarray of float64, shape (n, p)
    truth : ndarray of bool, shape (n,)
    c : float
        Inverse strength of the penalty on the weights of standardised features.
    emphasis : ndarray of float64, shape (p,), optional
        Standardised features are multiplied by it; by default by 1.

    Returns
    -------
    weights : ndarray of float64, shape (p,)
    bias : float
    unseen : ndarray of float64, shape (n,)
        Log-odds of each row by a fit to the other folds.
    """
    factors = np.ones(features.shape[1]) if emphasis is None else emphasis
    emphasised = FunctionTransformer(lambda standardised: standardised * factors)
    model = make_pipeline(StandardScaler(), emphasised, LogisticRegression(C=c, max_iter=5000))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    unseen = cross_val_predict(model, features, truth, cv=folds, method="decision_function")
    scaler, _, regression = model.fit(features, truth)
    weights = regression.coef_[0] * factors / scaler.scale_
    return weights, float(regression.intercept_[0] - weights @ scaler.mean_), unseen


def band(log_odds: Measures, truth: Truth, false: float, missed: float) -> tuple[float, ...]:
    """Choose a threshold and its band.

    Parameters
    ----------
    log_odds : ndarray of float64, shape (n,)
    truth : ndarray of bool, shape (n,)
    false, missed : float
        Aims: share of false ones at or above the threshold, and of true ones below it.

    Returns
    -------
    tuple of float
        The threshold, and the lenient and the strict end of the band.
    """
    values = np.unique(log_odds)
    candidates = np.concatenate([values[:1] - 1, (values[1:] + values[:-1]) / 2, values[-1:] + 1])
    wrong = np.array([np.mean(log_odds[~truth] >= t) for t in candidates]) / false
    lost = np.array([np.mean(log_odds[truth] < t) for t in candidates]) / missed
    meets_false = candidates[wrong <= 1].min()
    meets_missed = candidates[lost <= 1].max()
    best = candidates[np.argmin(np.maximum(wrong, lost))]
    low, high = sorted((meets_false, meets_missed))
    return float(np.clip(best, low, high)), float(low), float(high)


def errors(found: NDArray[np.int8], grades: NDArray[np.int8]) -> dict[str, float]:
    """Return the four errors that have aims, and how often none is taken for clean.

    Parameters
    ----------
    found, grades : ndarray of int8, shape (n,)
        By the judge and by eye.

    Returns
    -------
    dict of str to float
        Shares, 0 to 1.
    """
    none, damaged, clean = (grades == grade for grade in Grade)
    return {
        "none for clean": float(np.mean(found[none] == Grade.CLEAN)),
        "none for recognisable": float(np.mean(found[none] > Grade.NONE)),
        "recognisable missed": float(np.mean(found[~none] == Grade.NONE)),
        "damaged for clean": float(np.mean(found[damaged] == Grade.CLEAN)),
        "clean missed": float(np.mean(found[clean] < Grade.CLEAN)),
    }


def measure_errors(name: str, collection: Collection) -> dict[str, dict[str, float]]:
    """Measure a stored judge on the labelled images that set no threshold.

    Parameters
    ----------
    name : str
        One of `aelatent.judges.registry.NAMES`.
    collection : Collection
        Holds the models that decoded the images, and those that the judge is made of.

    Returns
    -------
    dict of str to dict of str to float
        What `errors` returns, by reading.

    Raises
    ------
    DataError
        If the image sets are not here.
    """
    from aelatent.judges import labelling, registry

    labels, (_, pixels) = labelling.read_labels(name), labelling.pool(name, collection)
    unseen = np.array([image.half == labelling.HALVES[1] for image in labels])
    grades = np.array([image.grade for image in labels], dtype=np.int8)[unseen]
    judge = registry.make_judge(name, collection)
    measured = judge.measures(pixels[unseen])
    return {each: errors(judge.grades(measured, each), grades) for each in judge.readings}


def error_table(found: Mapping[str, Mapping[str, float]]) -> str:
    """Return errors by reading, with their aims, as a Markdown table.

    Examples
    --------
    >>> print(error_table({"threshold": {"clean missed": 0.054}}), end="")
    | reading | clean missed |
    |---|---|
    | aim | 0.05 |
    | threshold | 0.054 |
    """
    names = list(next(iter(found.values())))
    rows = [["reading", *names], ["---"] * (len(names) + 1)]
    rows.append(["aim", *(f"{AIMS[name]:.2f}" if name in AIMS else "" for name in names)])
    rows += [[reading, *(f"{own[name]:.3f}" for name in names)] for reading, own in found.items()]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines[1] = lines[1].replace(" ", "")
    return "\n".join(lines) + "\n"


def _fit_opinion(
    measures: Mapping[str, Measures],
    grades: NDArray[np.int8],
    names: Sequence[str],
    clean: Sequence[str],
) -> Opinion:
    recognisable = grades > Grade.NONE
    return Opinion(
        _fit_boundary(
            names,
            np.stack([measures[name] for name in names], axis=1),
            recognisable,
            "none for recognisable",
            "recognisable missed",
        ),
        _fit_boundary(
            clean,
            np.stack([measures[name][recognisable] for name in clean], axis=1),
            grades[recognisable] == Grade.CLEAN,
            "damaged for clean",
            "clean missed",
        ),
    )


def _fit_boundary(
    names: Sequence[str], table: NDArray[np.float64], truth: Truth, false: str, missed: str
) -> Boundary:
    weights, bias, unseen = fit_log_odds(table, truth, 1.0)
    ends = band(unseen, truth, AIMS[false], AIMS[missed])
    return Boundary(dict(zip(names, weights.tolist(), strict=True)), bias, *ends)


def main() -> None:
    """Fit a judge, store it, and print its errors on both halves of the labels."""
    from aelatent.judges import labelling, registry
    from aelatent.zoo import Collection

    parser = argparse.ArgumentParser(prog="python -m aelatent.judges.fitting")
    parser.add_argument("name", choices=registry.NAMES)
    parser.add_argument("--fixtures", type=Path, default=Path("fixtures"))
    parser.add_argument("--check", action="store_true", help="fit nothing; print a table of errors")
    options = parser.parse_args()
    spec, collection = registry.find(options.name), Collection(options.fixtures)
    if options.check:
        sys.stdout.write(error_table(measure_errors(options.name, collection)))
        return
    labels = labelling.read_labels(options.name)
    _, pixels = labelling.pool(options.name, collection)
    grades = np.array([image.grade for image in labels], dtype=np.int8)
    seen = np.array([image.half == labelling.HALVES[0] for image in labels])
    judge = spec.fit(pixels[seen], grades[seen], collection)
    path = Path(__file__).parent / "weights" / f"{options.name}.json"
    files.write(path, spec.to_json(judge).encode())
    for half, chosen in zip(labelling.HALVES, (seen, ~seen), strict=True):
        measured = judge.measures(pixels[chosen])
        for reading in judge.readings:
            found = errors(judge.grades(measured, reading), grades[chosen])
            shares = ", ".join(f"{name} {share:.3f}" for name, share in found.items())
            sys.stdout.write(f"{half}, {reading}: {shares}\n")


if __name__ == "__main__":
    main()
