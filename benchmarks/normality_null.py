"""The tail of the test of skewness and kurtosis under normality, by simulation.

`python benchmarks/normality_null.py` prints the table `TAILS` of `aelatent.statistics.normality`
(two minutes): for each number of codes the statistic that a twentieth of normal components exceeds,
and shape and scale of the generalised Pareto distribution of what lies beyond it.
"""

import numpy as np
from scipy import stats

SIZES = (20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000)
MOST, NUMBERS, BLOCK = 400_000, 100_000_000, 2_000_000
TOP = 0.05


def tail(n: int) -> tuple[float, float, float]:
    """Return threshold, shape and scale for samples of size n."""
    rng, count = np.random.default_rng(n), min(MOST, NUMBERS // n)
    width = BLOCK // n
    found = [
        stats.normaltest(rng.standard_normal((n, min(width, count - start)))).statistic
        for start in range(0, count, width)
    ]
    statistics = np.sort(np.concatenate(found))
    beyond = int(TOP * count)
    threshold = statistics[-beyond - 1]
    shape, _, scale = stats.genpareto.fit(statistics[-beyond:] - threshold, floc=0)
    return float(threshold), float(shape), float(scale)


if __name__ == "__main__":
    for size in SIZES:
        threshold, shape, scale = tail(size)
        print(f"    {size}: ({threshold:.3f}, {shape:.3f}, {scale:.3f}),", flush=True)
