"""The README's picture of three samplers: `python docs/pictures/samplers.py`. Samples only."""

from pathlib import Path

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np

from aelatent.samplers.ladder import Gaussian, OwnRanges, StandardNormal
from aelatent.zoo.collection import Collection

HERE = Path(__file__).parent
ROWS = (
    ("N(0, I)", "no faces", StandardNormal()),
    ("each number in the\nrange of the codes", "damaged faces", OwnRanges()),
    ("Gaussian with the codes'\nmean and covariance", "clean faces", Gaussian()),
)
COLUMNS = 10


def main() -> None:
    """Decode the first ten draws of each sampler by the first training of faces_ae_256d."""
    replicate = Collection(HERE.parents[1] / "fixtures").replicate("faces_ae_256d", 0)
    figure, axes = plt.subplots(len(ROWS), 1, figsize=(9.3, 2.35), dpi=150)
    for axis, (name, outcome, sampler) in zip(axes, ROWS, strict=True):
        codes = sampler.draw(COLUMNS, replicate.train, np.random.default_rng(0))
        axis.imshow(np.concatenate(list(replicate.decode(codes)), axis=1))
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(False)
        axis.text(-12, 34, name, ha="right", va="center", fontsize=9, linespacing=1.1)
        axis.text(-12, 78, outcome, ha="right", va="center", fontsize=8.5, color="#555")
    figure.subplots_adjust(left=0.205, right=1, top=1, bottom=0, hspace=0.03)
    figure.savefig(HERE / "samplers.webp", pil_kwargs={"quality": 82, "method": 6})


if __name__ == "__main__":
    main()
