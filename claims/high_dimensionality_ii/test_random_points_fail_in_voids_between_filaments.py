"""Why random points give no faces: voids between the codes, or a region that they miss."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pytest

from aelatent import Above, Below, LatentCloud, estimate
from aelatent.figures import class_shares, image_grid
from aelatent.inference.estimates import InsufficientEvidence
from aelatent.judges.judged_samples import (
    RECOGNISABLE,
    at_each_reading,
    decode_and_judge,
    ratio_to,
)
from aelatent.samplers.ladder import Gaussian, RadiusMatched, StandardNormal
from aelatent.simulation import (
    SimulatedJudge,
    SimulatedModel,
    SimulatedReplicate,
    beta_shares,
    decoder_accepting,
    scenario,
)
from aelatent.statistics.rates import hit_ratio, share
from aelatent.statistics.region import distances, edge

DRAWS = 150
# "Fail", and "decisive", are read as in the claims on random draws: less than half the faces.
FAIL = Below(0.5)
MOSTLY = Above(0.5)
VOID = "rate of recognisable images off the codes over that on them, inside the region"
REGION = "rate of recognisable images outside the region over that inside, off the codes"


@pytest.mark.claim("B-19", needs="trained autoencoder wide faces decoder covariance")
def test_random_points_fail_in_voids_between_filaments(model, image_judge, decide, add_figure, rng):
    """Points in the voids between codes decode to no recognisable faces, even inside the region.

    Source
        anracom II (11 Nov 2022), conclusion; withdrawn by its author in the addendum
        of 18 Mar 2023.
    Statement
        Random points give no faces because they fall into voids between filaments of codes: the
        volume of the meaningful points is close to zero.
    Statistic
        The rate of recognisable images (damaged or clean) of points in the region but off the
        codes, over that of codes themselves, one value a replicate. The region is the ellipsoid of
        99 % of the held-out codes; on the codes are 150 training codes of different persons; off
        them are 150 draws from the Gaussian with the codes' mean and covariance whose nearest
        stored training code is farther than half the usual distance between codes and their nearest
        fellows. (1,000 of the training codes are stored; in 256 dimensions the others change these
        distances by little.)
    Null
        None: the margin decides. "Fail" is read as less than half as often.
    Decision
        Supported when the 95 % interval over replicates lies below 0.5; refuted when it lies above;
        inconclusive otherwise.
    """
    tables = [
        judge_cells(r, image_judge(model), rng, ("on", "off"), ("inside",))
        for r in model.replicates
    ]
    evidence = effect(image_judge(model), void_effect, tables, VOID)

    add_figure(
        draws_grid(tables),
        "Decoded draws inside the region and off the codes; one row a replicate.",
    )

    decide(evidence, FAIL)


@pytest.mark.claim("B-19")
def test_control_a_lookup_table_knows_no_voids(decide, rng):
    """A decoder that only knows its training codes fails everywhere else: it would be found."""
    pairs = [(looked_up(rng, near=True), looked_up(rng, near=False)) for _ in range(5)]
    evidence = estimate(
        lambda pair: hit_ratio(pair[1], pair[0], share([False] * 1000)),
        pairs,
        unit=VOID,
        bounds=(0, np.inf),
    )

    decide(evidence, FAIL)


@pytest.mark.claim("B-20", needs="trained autoencoder wide faces decoder covariance")
def test_random_points_fail_outside_the_region_and_not_off_filaments(
    model, image_judge, decide, add_figure, rng
):
    """Random points show no recognisable face since they miss the region, not codes alone.

    Source
        anracom II, addenda of 18 Mar 2023, where it is asked as a question.
    Statement
        Random points give no faces because they miss a larger, coherent region; filaments, if there
        are any, are correlations of features and not decisive for a face.
    Statistic
        From the four cells of {inside, outside the region} and {on, off the codes} two ratios of
        rates of recognisable images, one value a replicate each: outside over inside, off the
        codes; and off over on, inside the region. Outside and off are draws from N(0, I) on the
        radii of codes; outside and on, which is shown but not judged, are training codes moved in a
        random direction by half the usual distance to their nearest fellows.
    Null
        None: margins decide, one and the same as for the withdrawn claim, so that one of the two
        falls. "Miss" is read as less than half as often, "not decisive" as at least half as often.
    Decision
        The region: Supported when the 95 % interval over replicates lies below 0.5; refuted when it
        lies above; inconclusive otherwise. The codes: Supported when the 95 % interval over
        replicates lies above 0.5; refuted when it lies below; inconclusive otherwise.
    """
    tables = [judge_cells(r, image_judge(model), rng) for r in model.replicates]
    evidence = [
        effect(image_judge(model), region_effect, tables, REGION),
        effect(image_judge(model), void_effect, tables, VOID),
    ]

    add_figure(cells_chart(tables), "Share of recognisable images in each of the four cells.")
    add_figure(
        draws_grid(tables, "outside"), "Decoded draws outside the region; one row a replicate."
    )

    decide(evidence, [FAIL, MOSTLY])


@pytest.mark.claim("B-20", needs="trained autoencoder wide faces decoder covariance")
@pytest.mark.expect("refuted", because="what is called outside is drawn from inside")
def test_control_draws_from_one_place_do_not_differ_by_region(model, image_judge, decide, rng):
    """Two sets of draws from inside the region decode alike, whatever they are called."""
    judge = image_judge(model)
    cells = [judge_cells(r, judge, rng, ("off",), ("inside",)) for r in model.replicates]

    decide(effect(judge, halves, cells, REGION), FAIL)


@dataclass(frozen=True)
class Place:
    """Where points may lie: inside the region or not, and on a code or off them all."""

    replicate: object
    reach: float  # half the usual distance of a training code from its nearest fellow

    @classmethod
    def of(cls, replicate):
        """Measure how far training codes are apart."""
        return cls(replicate, float(np.median(nearest(replicate.train.z_mean))) / 2)

    def pick(self, points, side, where):
        """Choose the first points that lie where they are wanted."""
        train, held_out = self.replicate.train, self.replicate.held_out.z_mean
        inside = distances(points, train) <= edge(train, held_out)
        on = nearest(train.z_mean, points) <= self.reach
        chosen = points[(inside == (side == "inside")) & (on == (where == "on"))][:DRAWS]
        if len(chosen) < DRAWS:
            raise InsufficientEvidence(
                f"expected {DRAWS} points {side} and {where}, found {len(chosen)}"
            )
        return chosen


def nearest(codes, points=None):
    """Return the distance of each point, or of each code itself, from the nearest other code."""
    from sklearn.neighbors import NearestNeighbors

    return NearestNeighbors(n_neighbors=1, algorithm="brute").fit(codes).kneighbors(points)[0][:, 0]


def candidates(replicate, reach, side, where, rng):
    """Draw points of which enough lie where they are wanted."""
    train = replicate.train
    if where == "off":
        sampler = Gaussian() if side == "inside" else RadiusMatched(StandardNormal())
        return sampler.draw(2 * DRAWS, train, rng)
    # One code a person: images of one person are not independent.
    groups = np.arange(train.n) if train.groups is None else train.groups
    _, first = np.unique(groups, return_index=True)
    codes = train.z_mean[rng.permutation(first)]
    if side == "inside":
        return codes
    step = rng.standard_normal(codes.shape)
    return codes + 0.999 * reach * step / np.linalg.norm(step, axis=1, keepdims=True)


def judge_cells(replicate, judge, rng, places=("on", "off"), sides=("inside", "outside")):
    """Decode and judge points of each cell."""
    place = Place.of(replicate)
    return {
        (side, where): decode_and_judge(
            replicate,
            place.pick(candidates(replicate, place.reach, side, where, rng), side, where),
            judge,
        )
        for side in sides
        for where in places
    }


def effect(judge, ratio, tables, unit):
    """Return a ratio of rates over replicates, at each reading of the judge."""
    return at_each_reading(
        judge,
        lambda reading: estimate(
            partial(ratio, reading=reading), tables, unit=unit, bounds=(0, np.inf)
        ),
    )


def void_effect(cells, reading):
    """Return the rate off the codes over that on them, inside the region."""
    return ratio_to(cells["inside", "off"], cells["inside", "on"], RECOGNISABLE, reading)


def region_effect(cells, reading):
    """Return the rate outside the region over that inside, off the codes."""
    return ratio_to(cells["outside", "off"], cells["inside", "off"], RECOGNISABLE, reading)


def halves(cells, reading):
    """Return the rate of half of the points inside the region over that of the other half."""
    samples = cells["inside", "off"]
    first, second = np.array_split(samples.accepted(RECOGNISABLE, reading), 2)
    return hit_ratio(first, second, samples.judge.card.false_acceptance(RECOGNISABLE, reading))


def looked_up(rng, near, n=1000, d=256):
    """Tell which points a table of codes holds an entry for, within half their usual distance."""
    codes = rng.standard_normal((n, d))
    reach = np.median(nearest(codes)) / 2
    points = codes[:DRAWS] + 1e-3 if near else rng.standard_normal((DRAWS, d))
    return nearest(codes, points) <= reach


def cells_chart(tables):
    """Show the four shares: those on the codes, and those off them."""
    return class_shares(
        {
            name: [
                [t[side, where].accepted(RECOGNISABLE).mean() for side in ("inside", "outside")]
                for t in tables
            ]
            for where, name in (("on", "codes"), ("off", "off the codes"))
        },
        ["inside the region", "outside"],
        xlabel="where the points lie; bars are means, dots are replicates",
    )


def draws_grid(tables, side="inside", count=10):
    """Show draws off the codes. Those on the codes show photographed people."""
    judged = [table[side, "off"] for table in tables]
    return image_grid(
        {samples.replicate.name: samples.pixels[:count] for samples in judged},
        marks={
            samples.replicate.name: samples.accepted(RECOGNISABLE)[:count] for samples in judged
        },
    )


@scenario(test_random_points_fail_in_voids_between_filaments, null=0.9, count=200)
@scenario(
    test_random_points_fail_outside_the_region_and_not_off_filaments, null=0.2, part=1, count=200
)
def faces_on_the_codes(effect, rng):
    """Simulate faces on the codes, in a share of the region off them, and nowhere outside it.

    The share scatters by 0.03 between trainings.
    """
    return cells_of(beta_shares(effect, 250, rng), np.zeros(5), rng)


@scenario(test_random_points_fail_outside_the_region_and_not_off_filaments, null=0.9, count=200)
def faces_inside_the_region(effect, rng):
    """Simulate faces everywhere in the region, and of a share of the points outside it.

    The share scatters by 0.03 between trainings.
    """
    return cells_of(np.ones(5), beta_shares(effect, 250, rng), rng)


def cells_of(off, outside, rng, n=1000, d=8):
    """Simulate models by their shares of faces off the codes and outside the region, each (5,)."""
    judge = SimulatedJudge(rng)
    deviations = np.geomspace(0.01, 3, d)  # steps in most directions leave such a region
    replicates = []
    for chances in zip(off, outside, strict=True):
        train, held_out = (
            LatentCloud(deviations * rng.standard_normal((n, d)), groups=np.arange(n))
            for _ in range(2)
        )
        hits = SimulatedReplicate(held_out, train)
        replicates.append(replace(hits, decoder=decoder_accepting(Faces(hits, *chances, rng))))
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: judge}


@dataclass(frozen=True)
class Faces:
    """Which points are faces: all on the codes, given shares of those off them and outside."""

    replicate: SimulatedReplicate
    off: float
    outside: float
    rng: np.random.Generator

    def __call__(self, points):
        """Draw lots for each point, (n,)."""
        train, held_out = self.replicate.train, self.replicate.held_out.z_mean
        on = nearest(train.z_mean, points) <= Place.of(self.replicate).reach
        inside = distances(points, train) <= edge(train, held_out)
        chances = np.where(on, 1, np.where(inside, self.off, self.outside))
        return self.rng.uniform(size=len(points)) < chances
