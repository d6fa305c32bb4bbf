"""Straight paths between codes leave the shell on which codes lie; others need not."""

import numpy as np
import pytest

from aelatent import Above, Below, Estimate, LatentCloud, estimate, shared_error
from aelatent.figures import filmstrips, trend
from aelatent.latent.interpolation import spherical, straight
from aelatent.latent.synthetic import standard_normal
from aelatent.simulation import (
    SimulatedModel,
    SimulatedReplicate,
    codes_of_lengths,
    decoder_accepting,
    scenario,
)
from aelatent.statistics.rates import share
from aelatent.statistics.region import distances

PAIRS = 100
STEPS = 11
LEAVES = Below(0.5)
STAYS = Above(0.5)
PLACE = "from one code, 0, to the other, 1"


@pytest.mark.claim("X-23", needs="trained autoencoder wide faces decoder")
def test_straight_paths_leave_the_shell(model, image_judge, decide, add_figure):
    """Half-way between two codes a straight path is nearer the centre than codes ever are.

    Source
        aelatent, a question none of the sources asks.
    Statement
        The straight path between two held-out codes leaves, in its middle, the shell of Mahalanobis
        distances on which codes lie; a path that keeps to the density, turning about the mean in
        whitened coordinates, does not. The claim speaks of the distance from the centre alone: of
        gaps at the distances of codes it sees nothing. Between ten clusters in a plane, straight
        paths cross empty places and stay in the shell.
    Statistic
        Share of 100 paths whose middle lies between the 1 % and 99 % quantiles of the Mahalanobis
        distances of held-out codes: for straight paths, and for paths that keep the distance, one
        value a replicate.
    Null
        98 % of codes lie there; half decides whether paths do.
    Decision
        Straight: Supported when the 95 % interval over replicates lies below 0.5; refuted when it
        lies above; inconclusive otherwise. Turning: Supported when the 95 % interval over
        replicates lies above 0.5; refuted when it lies below; inconclusive otherwise.
    """
    evidence = [
        estimate(
            lambda r: staying(r, straight),
            model.replicates,
            unit="straight paths in the shell",
            bounds=(0, 1),
        ),
        estimate(
            lambda r: staying(r, turning(r)),
            model.replicates,
            unit="turning paths in the shell",
            bounds=(0, 1),
        ),
    ]

    add_figure(accepted(model.replicates, image_judge(model)), "Share of clean images along paths.")
    first = model.replicates[0]
    for name, path in (("straight", straight), ("turning", turning(first))):
        # Both ends are reconstructions of photographs of people; only the way between is shown.
        codes = walks(first.held_out.z_mean, path)[:4, 2:-2]
        strips = np.stack([first.decode(row) for row in codes])
        add_figure(
            filmstrips(strips, np.linspace(0, 1, STEPS)[2:-2], xlabel=PLACE),
            f"Four {name} paths, decoded.",
        )

    decide(evidence, [LEAVES, STAYS])


@pytest.mark.claim("X-23", needs="trained autoencoder wide faces decoder")
@pytest.mark.expect("refuted", because="the two ends are one code")
def test_control_paths_from_a_code_to_itself_stay(model, decide):
    """A path that rests at its first code never leaves the shell."""
    decide(estimate(lambda r: staying(r, resting), model.replicates, bounds=(0, 1)), LEAVES)


@pytest.mark.claim("X-23")
def test_control_straight_paths_between_normal_codes_leave_the_shell(decide, rng):
    """Half-way between two draws from N(0, I) in 256 dimensions one is nearer the centre."""
    clouds = [[standard_normal(1000, 256, rng) for _ in range(2)] for _ in range(5)]

    stays = estimate(
        lambda pair: in_shell(pair[0].z_mean, pair[1], straight), clouds, bounds=(0, 1)
    )

    decide(stays, LEAVES)


def resting(start, end, steps):
    """Stay at the start."""
    return np.repeat(start[None], steps, axis=0) + 0 * end


def turning(replicate):
    """Return the path that turns about the mean in whitened coordinates."""
    variances, axes = replicate.train.principal
    widths = np.sqrt(np.maximum(variances, 1e-12))
    centre = replicate.train.mean

    def path(start, end, steps):
        ends = [(code - centre) @ axes / widths for code in (start, end)]
        return centre + spherical(*ends, steps) * widths @ axes.T

    return path


def walks(codes, path):
    """Return paths between pairs of codes, a hundred if there are enough, (pairs, steps, d)."""
    pairs = min(PAIRS, len(codes) // 2)
    return np.stack([path(codes[i], codes[i + pairs], STEPS) for i in range(pairs)])


def staying(replicate, path):
    """Return the share of a replicate's paths whose middle lies in the shell of its codes."""
    return in_shell(replicate.held_out.z_mean, replicate.train, path)


def in_shell(codes, fitted, path):
    """Return the share of paths whose middle lies in the shell of the codes they join.

    All replicates join the codes of the same images, some of which lie far out in all of them: they
    share the errors of the share and of the shell's edges.
    """
    own, middle = distances(codes, fitted), distances(walks(codes, path)[:, STEPS // 2], fitted)

    def within(moved):
        low, high = np.quantile(own, np.clip([0.01 - moved, 0.99 - moved], 0, 1))
        return share((middle >= low) & (middle <= high))

    inside = within(0)
    off = (0.01 * 0.99 / len(own)) ** 0.5  # of the share of codes beyond an edge
    from_edges = abs(within(off).value - within(-off).value) / 2
    return shared_error(Estimate(inside.value, np.hypot(inside.error, from_edges)))


def accepted(replicates, judge, shown=2, paths=25):
    """Plot the share of clean images along both kinds of path."""
    places = np.linspace(0, 1, STEPS)
    series = {}
    for name in ("straight", "turning"):
        rows = []
        for r in replicates[:shown]:
            path = straight if name == "straight" else turning(r)
            codes = walks(r.held_out.z_mean, path)[:paths].reshape(-1, r.held_out.d)
            rows.append(judge.accepts(r.decode(codes)).reshape(paths, STEPS).mean(axis=0))
        series[name] = {place: [row[i] for row in rows] for i, place in enumerate(places)}
    return trend(series, "place along the path", "share of clean images", log="")


@scenario(test_straight_paths_leave_the_shell, null=0.98)
def codes_on_a_shell_of_some_thickness(effect, rng):
    """Simulate codes of lognormal distances, so wide that a share of straight paths stays.

    How wide that is was measured on two million pairs for each width. The trainings show the same
    images, whose distances are nearly alike in all of them: their logarithms correlate by 0.99, as
    in the stored models. Turning paths stay for any distances: their middle has the mean of the
    distances of their two ends.
    """
    widths = [
        0.04,
        0.06,
        0.07,
        0.08,
        0.1,
        0.12,
        0.14,
        0.16,
        0.18,
        0.2,
        0.22,
        0.25,
        0.28,
        0.32,
        0.36,
        0.4,
        0.5,
    ]
    staying = [
        0,
        0.0014,
        0.0074,
        0.0246,
        0.1151,
        0.2751,
        0.4525,
        0.6062,
        0.7222,
        0.8052,
        0.8613,
        0.9148,
        0.9444,
        0.9665,
        0.9785,
        0.9852,
        0.9929,
    ]
    images = rng.standard_normal(1000)
    replicates = []
    for wanted in effect + 0.01 * rng.standard_normal(5):
        scores = 0.99**0.5 * images + 0.1 * rng.standard_normal(1000)
        cloud = shell(np.exp(np.interp(wanted, staying, widths) * scores), rng)
        replicates.append(
            SimulatedReplicate(cloud, cloud, decoder_accepting(lambda codes: codes[:, 0] > 0))
        )
    return {"model": SimulatedModel(replicates), "image_judge": lambda _: None}


def shell(lengths, rng, d=64):
    """Draw codes of these lengths in any direction, (n, d); distances are in units of length."""
    codes = codes_of_lengths(lengths, d, rng)
    return LatentCloud(codes, full_mean=np.zeros(d), full_covariance=np.eye(d))
