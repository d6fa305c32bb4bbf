"""Statistics against the libraries that have them."""

from __future__ import annotations

import numpy as np

from benchmarks.arms import Comparison, Work, library

HERE = __name__
POINTS, PERMUTATIONS, THEIR_PERMUTATIONS = 2000, 199, 5
CODES, WIDTH, NEAR = 60_000, 256, 10
MAPPED, ITERATIONS, THEIR_ITERATIONS = 60_000, 1000, 250

COMPARISONS = [
    Comparison(
        "precision, recall, density, coverage, n = 10,000, d = 64",
        "prdc 0.2",
        5,
        f"{HERE}:diversity",
        f"{HERE}:prdc",
        "prdc",
    ),
    Comparison(
        "their memory above the idle process",
        "prdc 0.2",
        10,
        f"{HERE}:diversity",
        f"{HERE}:prdc",
        "prdc",
        memory=True,
    ),
    Comparison(
        "permutation test of the energy distance, 2,000 + 2,000, d = 256, 199 permutations",
        "hyppo, auto=False",
        500,
        f"{HERE}:energy",
        f"{HERE}:hyppo_energy",
        "hyppo",
        share=(THEIR_PERMUTATIONS + 2) / (PERMUTATIONS + 2),
        rounds=1,
    ),
    Comparison(
        "permutation test of MMD, 2,000 + 2,000, d = 256, 199 permutations",
        "hyppo, auto=False",
        500,
        f"{HERE}:discrepancy",
        f"{HERE}:hyppo_discrepancy",
        "hyppo",
        share=(THEIR_PERMUTATIONS + 2) / (PERMUTATIONS + 2),
        rounds=1,
    ),
    Comparison(
        "10 neighbours of 60,000 codes, d = 256, exact",
        "scikit-learn, brute force",
        1,
        f"{HERE}:near",
        f"{HERE}:sklearn_near",
        "sklearn",
        rounds=1,
    ),
    Comparison(
        "10 neighbours of 60,000 codes, d = 256, exact, and faiss",
        "faiss, IndexFlatL2",
        1,
        f"{HERE}:near",
        f"{HERE}:faiss_near",
        "faiss",
    ),
    Comparison(
        f"t-SNE of {MAPPED:,} codes, default parameters",
        "scikit-learn",
        3,
        f"{HERE}:mapped",
        f"{HERE}:sklearn_mapped",
        "openTSNE",
        share=THEIR_ITERATIONS / ITERATIONS,
        rounds=1,
    ),
]


def normal(n: int, d: int, seed: int = 0) -> np.ndarray:
    """Draw normal codes."""
    return np.random.default_rng(seed).standard_normal((n, d))


def normal_work() -> Work:
    """Draw 80 MB of numbers: what a measurement is tried on."""
    return lambda: normal(10_000, 1000)


def diversity() -> Work:
    """Ours, in one pass."""
    from aelatent.statistics.diversity import scores

    references, draws = normal(10_000, 64), normal(10_000, 64, 1)
    scores(references[:50], draws[:50])
    return lambda: scores(references, draws)


def prdc() -> Work:
    """Theirs, float64 as ours."""
    compute = library("prdc").compute_prdc
    references, draws = normal(10_000, 64), normal(10_000, 64, 1)
    compute(references[:50], draws[:50], 5)
    return lambda: compute(references, draws, 5)


def tested(test: str) -> Work:
    """Return the work of one of our tests by permutations."""
    from aelatent.statistics import two_samples

    first, second = normal(POINTS, WIDTH), 1.02 * normal(POINTS, WIDTH, 1)
    run = getattr(two_samples, test)
    run(first[:50], second[:50], np.random.default_rng(0), 9)
    return lambda: run(first, second, np.random.default_rng(0), PERMUTATIONS)


def energy() -> Work:
    """Ours of the energy distance."""
    return tested("energy_test")


def discrepancy() -> Work:
    """Ours of MMD, with the search for its width."""
    return tested("discrepancy_test")


def hyppo(name: str) -> Work:
    """Return the work of one of hyppo's tests, of fewer permutations; its time is linear in them.

    Two more count: the statistic itself, which it finds twice.
    """
    test = getattr(library("hyppo.ksample"), name)(bias=True).test
    first, second = normal(POINTS, WIDTH), 1.02 * normal(POINTS, WIDTH, 1)
    test(first[:50], second[:50], reps=2, auto=False)  # compiles it
    return lambda: test(first, second, reps=THEIR_PERMUTATIONS, auto=False)


def hyppo_energy() -> Work:
    """Theirs of the energy distance."""
    return hyppo("Energy")


def hyppo_discrepancy() -> Work:
    """Theirs of MMD."""
    return hyppo("MMD")


def near() -> Work:
    """Our exact neighbours."""
    from aelatent.statistics.nearest import neighbours

    codes = normal(CODES, WIDTH)
    neighbours(codes[:200], NEAR)
    return lambda: neighbours(codes, NEAR)


def faiss_near() -> Work:
    """Theirs, all distances in float32; each code is its own first neighbour."""
    faiss = library("faiss")
    codes = normal(CODES, WIDTH)

    def search() -> object:
        index = faiss.IndexFlatL2(WIDTH)
        index.add(codes.astype(np.float32))
        return index.search(codes.astype(np.float32), NEAR + 1)

    return search


def sklearn_near() -> Work:
    """Theirs, all distances."""
    from sklearn.neighbors import NearestNeighbors

    codes = normal(CODES, WIDTH)
    search = NearestNeighbors(n_neighbors=NEAR, algorithm="brute")
    search.fit(codes[:200]).kneighbors()
    return lambda: search.fit(codes).kneighbors()


def clumps() -> np.ndarray:
    """Draw codes of two clumps."""
    rng = np.random.default_rng(0)
    return rng.standard_normal((MAPPED, 64)) + 3.0 * rng.integers(0, 2, (MAPPED, 1))


def mapped() -> Work:
    """Map by openTSNE, which `embed` does where it is asked to."""
    from aelatent.statistics.embedding import embed

    codes = clumps()
    return lambda: embed(codes, method="openTSNE")


def sklearn_mapped() -> Work:
    """Map by scikit-learn, whose maps verdicts rest on: the first of its iterations."""
    from aelatent.statistics.embedding import embed

    codes = clumps()
    return lambda: embed(codes, iterations=THEIR_ITERATIONS)
