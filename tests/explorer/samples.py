"""A made model whose every tile tells which code it was decoded from."""

from dataclasses import dataclass, field

import numpy as np

from aelatent.explorer.model import ExploredModel
from aelatent.judges import CardRow, JudgeCard
from aelatent.judges.grade import Grade
from aelatent.judges.grading import Graded
from aelatent.judges.registry import ImageJudge
from aelatent.latent.cloud import LatentCloud
from aelatent.zoo.specification import Specification

SIZE = 8
SCALE = 20.0  # grey levels a unit of a coordinate


def painted(codes):
    """Decode: the left half is as bright as the first component is large, the right the second."""
    levels = np.clip(128 + SCALE * np.asarray(codes)[:, :2], 0, 255).round().astype(np.uint8)
    halves = np.repeat(levels, SIZE // 2, axis=1)[:, None, :, None]
    return np.broadcast_to(halves, (len(codes), SIZE, SIZE, 1)).copy()


class BrightJudge:
    """Grades an image by the brightness of its left half, and reads a digit from its right."""

    name = "digits"
    readings = ("threshold",)

    def measures(self, pixels):
        return {"brightness": pixels[:, 0, 0, 0] / 127.5}

    def grades(self, measures, reading="threshold"):
        assert reading in self.readings
        return np.digitize(measures["brightness"], [120 / 127.5, 135 / 127.5]).astype(np.int8)

    def grade(self, pixels):
        measured = self.measures(pixels)
        return Graded(self.grades(measured), measured["brightness"])

    def classes(self, pixels):
        seen = self.grade(pixels).grades > Grade.NONE
        return np.where(seen, pixels[:, 0, -1, 0] // 26, -1).astype(np.int64)


class BrightExaminer(ImageJudge):
    """Lets the made judge name classes."""

    def classes(self, pixels):
        return self.judge.classes(pixels)


@dataclass(eq=False)
class PaintedReplicate:
    """As much of a replicate as an explorer asks for."""

    train: LatentCloud
    held_out: LatentCloud
    specification: Specification
    seed: int = 0
    arrays: dict = field(default_factory=lambda: {"image_shape": np.array([SIZE, SIZE, 1])})

    @property
    def name(self):
        return f"{self.specification.name} seed {self.seed}"

    def reconstruct(self):
        return painted(self.held_out.z_mean)

    def decode(self, codes):
        return painted(codes)


def specification(name="painted", images="mnist", d=4):
    return Specification(
        name=name,
        title="A painted <model> & more",
        catalogue="none",
        departures="None.",
        images=images,
        architecture={"name": "none", "parameters": {"latent_dim": d}},
        objective={"name": "autoencoder"},
        training={"epochs": 1, "batch_size": 1, "learning_rate": 1.0},
        seeds=(0, 1),
        judge="digits",
    )


def cloud(n, d, seed, *, moments=True):
    """Correlated codes off the origin, with labels."""
    rng = np.random.default_rng(seed)
    # The same mixing for every seed, so that clouds follow one law.
    mixing = np.random.default_rng(99).standard_normal((d, d)) / d**0.5 + np.eye(d)
    centre = np.linspace(1.5, -1.0, d)
    codes = centre + rng.standard_normal((n, d)) @ mixing.T
    full = {"full_mean": centre, "full_covariance": mixing @ mixing.T} if moments else {}
    return LatentCloud(codes, labels=np.arange(n) % 10, **full)


def painted_model(
    d=4, name="painted", images="mnist", *, judged=True, originals=False, moments=True
):
    replicate = PaintedReplicate(
        cloud(200, d, 0, moments=moments), cloud(150, d, 1), specification(name, images, d)
    )
    others = (CardRow(kind, Grade.NONE, (98, 1, 1)) for kind in ("noise", "strokes"))
    rows = (CardRow("held-out originals", Grade.CLEAN, (1, 1, 98)), *others)
    card = JudgeCard("digits", {"threshold": rows})
    judge = BrightExaminer(BrightJudge(), card) if judged else None
    return ExploredModel(replicate, judge, originals)
