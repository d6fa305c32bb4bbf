"""One principal component dominates; after the first ten all are about equally important."""

import numpy as np
import pytest

from aelatent import Above, Below, estimate
from aelatent.figures import trend
from aelatent.latent import synthetic
from aelatent.simulation import SimulatedModel, SimulatedReplicate, scenario
from aelatent.statistics.spectrum import crossed_scree, dominance, unevenness
from aelatent.zoo.replicate import pack_symmetric, unpack_symmetric

FIRST = 10
ONE_DOMINATES = Above(1.5)
FLAT = Below(2.0)
RATIO = "first over second principal variance"
REST = "largest departure of the variances after the tenth from their mean, as a factor"


@pytest.mark.claim("B-14", needs="trained autoencoder wide covariance")
def test_one_principal_component_dominates_a_flat_spectrum(model, decide, add_figure):
    """One principal component dominates, and after the first ten their importance is constant.

    Source
        000 part 2 (11 Nov 2022), the section on PCA.
    Statement
        Of the principal components of the codes one is much more important than all others, and
        from the eleventh on all are of nearly the same importance.
    Statistic
        Two values a replicate: the first over the second variance; and the largest factor by which
        one of the variances after the tenth departs from their geometric mean. All are variances of
        the held-out codes along principal axes of the training codes.
    Null
        A flat spectrum. Eigenvalues of one set of codes spread even if the true ones are equal
        (Marchenko and Pastur); variances of other codes along their axes do not. Margins decide.
    Decision
        The claim falls if the first is less than one and a half times the second, or if a later one
        departs from a flat spectrum by more than a factor of two. The first: Supported when the
        95 % interval over replicates lies above 1.5; refuted when it lies below; inconclusive
        otherwise. The others: Supported when the 95 % interval over replicates lies below 2;
        refuted when it lies above; inconclusive otherwise.
    """
    spectra = [spectrum(replicate) for replicate in model.replicates]
    evidence = [estimate(dominance, spectra, unit=RATIO), estimate(rest, spectra, unit=REST)]

    add_figure(
        scree_plot({"codes": spectra, "null": [flattened(values) for values in spectra]}),
        "Variance of the codes along each principal axis, and what would be flat from the eleventh "
        "on (null).",
    )

    decide(evidence, [ONE_DOMINATES, FLAT])


@pytest.mark.claim("B-14")
def test_control_one_long_axis_dominates_a_flat_rest(decide, add_figure, rng):
    """Normal codes with one very long, nine long and otherwise equal axes are found to be so."""
    variances = np.r_[30.0, np.linspace(10, 3, 9), np.ones(54)]
    spectra = [drawn(variances, rng) for _ in range(5)]
    evidence = [estimate(dominance, spectra, unit=RATIO), estimate(rest, spectra, unit=REST)]

    add_figure(scree_plot({"control": spectra}), "Variance along each principal axis.")

    decide(evidence, [ONE_DOMINATES, FLAT])


@pytest.mark.claim("B-14")
@pytest.mark.expect("refuted", because="the spectrum was made to break one part of the claim")
@pytest.mark.parametrize("fault", ["two long axes", "falling"])
def test_control_other_spectra_are_told_apart(fault, decide, add_figure, rng):
    """Two equally long axes, or a spectrum that falls by a power law, break the claim."""
    long = np.r_[10.0, 10.0, np.ones(62)]
    variances = long if fault == "two long axes" else 1 / np.arange(1, 65)
    spectra = [drawn(variances, rng) for _ in range(5)]
    evidence = [estimate(dominance, spectra, unit=RATIO), estimate(rest, spectra, unit=REST)]

    add_figure(scree_plot({"control": spectra}), f"Variance along each principal axis: {fault}.")

    decide(evidence, [ONE_DOMINATES, FLAT])


@pytest.mark.claim("B-14", needs="untrained autoencoder wide covariance")
@pytest.mark.expect("refuted", because="an untrained encoder passes on the spectrum of the pixels")
def test_control_untrained_codes_have_no_flat_spectrum(model, decide, add_figure):
    """The spectrum of codes before training is not flat after the tenth principal component."""
    spectra = [spectrum(replicate) for replicate in model.replicates]
    evidence = [estimate(dominance, spectra, unit=RATIO), estimate(rest, spectra, unit=REST)]

    add_figure(scree_plot({"control": spectra}), "Variance along each principal axis, untrained.")

    decide(evidence, [ONE_DOMINATES, FLAT])


def spectrum(replicate):
    """Return the variances of held-out codes along principal axes of training codes, (d,)."""
    training = unpack_symmetric(replicate.arrays["train/covariance"])
    return crossed_scree(training, replicate.held_out.covariance)


def rest(variances):
    """Return how far the variances after the tenth depart from their geometric mean."""
    return unevenness(variances, skipped=FIRST)


def flattened(variances):
    """Return a spectrum whose variances after the tenth are all as large as their mean."""
    return np.r_[variances[:FIRST], np.full(len(variances) - FIRST, variances[FIRST:].mean())]


def drawn(variances, rng, n=2000):
    """Draw two sets of normal codes; return variances of one along principal axes of the other."""
    one, other = (
        synthetic.gaussian(n, np.zeros(len(variances)), np.diag(variances), rng) for _ in range(2)
    )
    return crossed_scree(one.covariance, other.covariance)


def scree_plot(groups):
    """Show the variances by rank, each over the mean variance."""
    ranks = np.unique(np.geomspace(1, len(next(iter(groups.values()))[0]), 40).astype(int))
    return trend(
        {
            name: {int(r): [values[r - 1] / values.mean() for values in spectra] for r in ranks}
            for name, spectra in groups.items()
        },
        "rank of the principal component",
        "its variance over the mean variance",
        log="xy",
    )


@scenario(test_one_principal_component_dominates_a_flat_spectrum, null=3.0, part=1)
def spectra_that_depart_from_flat(effect, rng):
    """Simulate one dominant axis and nine long ones; one of the others departs by `effect`."""
    replicates = []
    for factor in effect * (1 + 0.1 * rng.standard_normal(5)):
        # Of 54 variances, 53 are equal; their geometric mean lies a little above these.
        excess = factor ** (54 / 53)
        variances = np.r_[200.0, np.linspace(60, 40, 9), excess, np.ones(53)]
        train, held_out = (
            synthetic.gaussian(n, np.zeros(64), np.diag(variances), rng) for n in (5800, 3700)
        )
        arrays = {"train/covariance": pack_symmetric(train.covariance)}
        replicates.append(SimulatedReplicate(held_out, train, arrays=arrays))
    return {"model": SimulatedModel(replicates)}
