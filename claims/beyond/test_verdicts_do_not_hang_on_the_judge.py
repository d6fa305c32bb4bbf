"""Verdicts do not depend on the judge: one that works in another way agrees."""

from types import SimpleNamespace

import numpy as np
import pytest

from aelatent import Above, Below, LatentCloud, estimate
from aelatent.figures import image_grid
from aelatent.judges.judged_samples import decode_and_judge
from aelatent.samplers.ladder import LADDER, Gaussian, StandardNormal
from aelatent.simulation import SimulatedModel, SimulatedReplicate, scenario
from aelatent.statistics.rates import share
from aelatent.statistics.region import distances

DRAWS = 15
MANY = 100
BLOCK = 6  # pixels a side; an image is compared by its colours averaged over blocks
AGREE = Above(0.8)
HALF, SHORT_OF_HALF = Above(0.5), Below(0.5)


@pytest.mark.claim("X-22", needs="trained autoencoder wide faces aligned decoder")
def test_verdicts_do_not_hang_on_the_judge(model, image_judge, decide, add_figure, rng):
    """A judge that works in another way comes to the same verdicts on what decodes to faces.

    Source
        aelatent, a question none of the sources asks.
    Statement
        The judge of faces looks for eyes, nose and mouth. One that only compares an image with
        decoded codes of real faces agrees with it, and with its verdicts on N(0, I) (A-01, B-02)
        and on the codes' Gaussian (A-18).
    Statistic
        Share of draws from the whole ladder on which the two judges agree; share of N(0, I) draws
        and of Gaussian draws that the second accepts, one value a replicate. The second judge
        accepts an image that lies as near to one of 500 decoded held-out codes, in colours averaged
        over blocks, as 95 % of the other decoded held-out codes do.
    Null
        Two judges that know nothing of each other agree by chance, on half of the draws; four
        fifths are required. The verdicts keep the margins of the claims.
    Decision
        Agreement: Supported when the 95 % interval over replicates lies above 0.8; refuted when it
        lies below; inconclusive otherwise. N(0, I): Supported when the 95 % interval over
        replicates lies below 0.5; refuted when it lies above; inconclusive otherwise. Gaussian:
        Supported when the 95 % interval over replicates lies above 0.5; refuted when it lies below;
        inconclusive otherwise.
    """
    judge = image_judge(model)
    seconds = [Likeness(r) for r in model.replicates]
    judged = [decode_and_judge(r, ladder(r, rng), judge) for r in model.replicates]
    pairs = list(zip(judged, seconds, strict=True))
    accepted = {
        name: [
            s.accepts(r.decode(sampler.draw(MANY, r.train, rng)))
            for r, s in zip(model.replicates, seconds, strict=True)
        ]
        for name, sampler in (("N(0, I)", StandardNormal()), ("Gaussian", Gaussian()))
    }
    evidence = [
        estimate(
            lambda p: share(p[0].accepted == p[1].accepts(p[0].pixels)),
            pairs,
            unit="agreement of the judges",
        ),
        estimate(share, accepted["N(0, I)"], unit="N(0, I) draws accepted by the second judge"),
        estimate(share, accepted["Gaussian"], unit="Gaussian draws accepted by the second judge"),
    ]

    samples, second = pairs[0]
    disputed = samples.pixels[samples.accepted != second.accepts(samples.pixels)][:12]
    if len(disputed):
        add_figure(
            image_grid({"on these the judges disagree": disputed}), "Where the judges disagree."
        )

    decide(evidence, [AGREE, SHORT_OF_HALF, HALF])


@pytest.mark.claim("X-22", needs="trained autoencoder wide faces aligned decoder")
@pytest.mark.expect("refuted", because="a judge that accepts everything does not judge")
def test_control_a_judge_that_accepts_everything_disagrees(model, image_judge, decide, rng):
    """A judge that accepts whatever it is shown disagrees on all that is no face."""
    judge = image_judge(model)
    judged = [decode_and_judge(r, ladder(r, rng), judge) for r in model.replicates]

    decide(estimate(lambda samples: share(samples.accepted), judged), AGREE)


class Likeness:
    """Accepts what lies near decoded held-out codes."""

    def __init__(self, replicate):
        decoded = features(replicate.decode(replicate.held_out.z_mean[:1000]))
        self.references, others = np.array_split(decoded, 2)
        self.limit = np.quantile(self.distances(others), 0.95)

    def distances(self, points):
        """Return the distance of each image to the nearest reference."""
        squares = (points**2).sum(axis=1)[:, None] + (self.references**2).sum(axis=1)
        nearest = (squares - 2 * points @ self.references.T).min(axis=1)
        return np.sqrt(np.clip(nearest, 0, None))

    def accepts(self, pixels):
        """Tell which images lie near enough."""
        return self.distances(features(pixels)) <= self.limit


def ladder(replicate, rng):
    """Draw a few codes on every rung."""
    return np.concatenate(
        [sampler.draw(DRAWS, replicate.train, rng) for sampler in LADDER.values()]
    )


def features(pixels):
    """Return colours averaged over blocks, without their mean and scaled to length 1."""
    n, height, width, channels = pixels.shape
    blocks = pixels.reshape(n, height // BLOCK, BLOCK, width // BLOCK, BLOCK, channels)
    rows = blocks.mean(axis=(2, 4)).reshape(n, -1)
    rows = rows - rows.mean(axis=1, keepdims=True)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


@scenario(test_verdicts_do_not_hang_on_the_judge, null=0.62)
def judges_that_agree_on_a_share(effect, rng):
    """Simulate decoders that show faces of codes in the region, and judges that differ on some.

    The second judge rejects one in twenty faces by its own rule; the first errs on a share of all
    images, so that both agree on `effect` of the ladder.
    """
    replicates = []
    for wanted in effect + 0.015 * rng.standard_normal(5):
        cloud = LatentCloud(6 + rng.standard_normal((1000, 16)))
        codes = np.concatenate([sampler.draw(100, cloud, rng) for sampler in LADDER.values()])
        faces = in_region(codes, cloud).mean()
        best = 1 - 0.05 * faces
        misled = np.clip((best - wanted) / (best - 0.05 * faces), 0, 1)
        replicates.append(SimulatedReplicate(cloud, cloud, two_views(cloud, misled, rng)))
    first = SimpleNamespace(accepts=lambda pixels: pixels[:, 0, 0, 0] > 127)
    judge = SimpleNamespace(judge=first, accepts=first.accepts)
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


def in_region(codes, cloud):
    """Tell which codes a decoder shows as faces, (n,)."""
    return distances(codes, cloud) < 6.5


def two_views(cloud, misled, rng):
    """Return a decoder whose images show the first judge one pixel, the second four blocks."""
    face = np.kron([[200, 60], [60, 200]], np.ones((BLOCK, BLOCK)))

    def decode(codes):
        good = in_region(codes, cloud)
        pixels = np.where(good[:, None, None], face, 255 - face)
        pixels = pixels + rng.normal(0, 30, (len(codes), 2, 2)).repeat(BLOCK, 1).repeat(BLOCK, 2)
        pixels[:, 0, 0] = np.where(good ^ (rng.random(len(codes)) < misled), 255, 0)
        return np.rint(pixels.clip(0, 255)).astype(np.uint8)[..., None]

    return decode
