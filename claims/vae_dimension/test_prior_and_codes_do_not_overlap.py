"""N(0, I) and the codes of images hardly overlap, and only the codes decode to clean images."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtri

from aelatent import Above, Below, LatentCloud, estimate
from aelatent.figures import overlaid_histograms
from aelatent.inference.estimates import InsufficientEvidence
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import decode_and_judge, hit_ratio, judge_draws
from aelatent.latent.synthetic import unit_centres
from aelatent.samplers.ladder import StandardNormal
from aelatent.simulation import (
    DIGITS_CARD,
    SimulatedModel,
    SimulatedReplicate,
    model_with_hit_rates,
    normal_clouds,
    scenario,
)
from aelatent.statistics.discrimination import auc_estimate
from aelatent.statistics.posterior import log_ratio

DRAWS = 200
SEPARATE = Above(0.9)
ALMOST_NONE = Below(0.1)
UNIT = "AUC of prior against codes"
SOURCES_OWN = "mnist_vae_8x8x1024"
VAES = (
    "mnist_vae_8x8x64 mnist_vae_8x8x16 mnist_vae_8x8x4 mnist_vae_8x8x2 mnist_vae_8x8x1 "
    "mnist_vae_32d_dense faces_vae_200d"
)


@pytest.mark.claim("C-07", needs="trained vae decoder wide")
def test_prior_and_codes_do_not_overlap(model, decide, add_figure):
    """A discriminator tells draws from N(0, I) and codes of images apart: their supports differ.

    Source
        Cross Validated, second conclusion: the practical supports of N(0, I) and of the mixture of
        the posteriors are disjoint.
    Statement
        The aggregate posterior of the training images and the prior put their mass on sets that
        hardly meet.
    Statistic
        Area under the ROC curve of the best discriminator there is, the exact density ratio of the
        aggregate posterior of all measured images and the prior, between draws from either, one
        value a replicate.
    Null
        0.5 if the two distributions are the same. The catalogue's margin is 0.9. With n images of
        divergence far above ln n, separation is forced (C-09 asks whether that makes samples bad).
    Decision
        Supported when the 95 % interval over replicates lies above 0.9; refuted when it lies below;
        inconclusive otherwise.
    """
    evidence = estimate(separation, model.replicates, unit=UNIT, bounds=(0, 1))

    posterior = model.replicates[0].posteriors("train")
    add_figure(
        overlaid_histograms(
            {
                "draws from N(0, I)": posterior["log_ratio_prior"],
                "codes": posterior["log_ratio_posterior"],
            },
            "log density of the codes over that of the prior, nats",
        ),
        f"How the exact discriminator scores draws of the prior and codes, {model.name}.",
    )

    decide(evidence, SEPARATE)


@pytest.mark.claim("C-07")
@pytest.mark.expect("refuted", because="centres of length 1 are far below sqrt(2 ln n)")
def test_control_short_centres_do_not_separate(decide, rng):
    """A mixture of unit Gaussians about centres of length 1 looks like N(0, I)."""
    decide(estimate(lambda _: mixture_auc(1.0, rng), range(5), unit=UNIT, bounds=(0, 1)), SEPARATE)


@pytest.mark.claim("C-07")
def test_control_long_centres_separate(decide, rng):
    """Centres of twice the length sqrt(2 ln n) separate completely."""
    decide(estimate(lambda _: mixture_auc(9.4, rng), range(5), unit=UNIT, bounds=(0, 1)), SEPARATE)


@pytest.mark.claim("C-09", compares=VAES, amended="2026-11-28")
def test_no_separate_prior_holds_good_images(models, image_judge, decide, add_figure, rng):
    """Of no VAE whose codes lie apart from N(0, I) are draws from it more than rarely clean images.

    Source
        Cross Validated, text to the picture of two bubbles: only those of the data hold realistic
        images.
    Statement
        A prior from which the codes are completely separate decodes to almost no clean image,
        whatever the VAE. One VAE in which it does refutes it.
    Statistic
        The rate of clean images among 200 draws from N(0, I) over that of reconstructions, one
        value a replicate: a part for each VAE of 16 dimensions or more whose prior and codes
        separate (an AUC above 0.9, claim C-07) and whose divergence has its whole weight. The
        source's own, of 65,536 dimensions, comes first where its replicates are on the machine,
        since they are too large to be stored; then the others from wide to narrow.
    Null
        None: "almost none" is read as at most a tenth. The parts are corrected for their number.
    Decision
        For each VAE: Supported when the 95 % interval over replicates lies below 0.1; refuted when
        it lies above; inconclusive otherwise.
    """
    stored = [model for model in map(models, [SOURCES_OWN, *VAES.split()]) if model.replicates]
    found = [model for model in stored if is_separate(model)]
    if not found:
        pytest.skip("of no VAE are prior and codes separate")
    judged = [prior_draws(model, image_judge(model), rng) for model in found]
    evidence = [hit_ratio(samples) for samples in judged]

    for model, samples in zip(found, judged, strict=True):
        add_figure(judged_images(samples, count=14), f"Draws from N(0, I) through {model.name}.")

    decide(evidence, [ALMOST_NONE] * len(evidence))


@pytest.mark.claim("C-09", needs="trained vae decoder wide", amended="2026-11-28")
def test_a_separate_prior_holds_almost_no_good_image(model, image_judge, decide, add_figure, rng):
    """Where this VAE's codes lie apart from N(0, I), draws from it are almost never clean images.

    Source
        Cross Validated, text to the picture of two bubbles: only those of the data hold realistic
        images.
    Statement
        A prior from which the codes are completely separate decodes to almost no clean image: the
        same question, asked of one model.
    Statistic
        The rate of clean images among 200 draws from N(0, I) over that of reconstructions, one
        value a replicate, in models whose prior and codes separate (an AUC above 0.9, claim C-07).
    Null
        None: "almost none" is read as at most a tenth. Separation alone forces nothing: two
        distributions may be separable with certainty and decode equally well.
    Decision
        Supported when the 95 % interval over replicates lies below 0.1; refuted when it lies above;
        inconclusive otherwise.
    """
    if not is_separate(model):
        pytest.skip(f"{model.name}: prior and codes are not separate")
    judged = prior_draws(model, image_judge(model), rng)
    evidence = hit_ratio(judged)

    add_figure(judged_images(judged, count=10), f"Draws from N(0, I) through {model.name}.")

    decide(evidence, ALMOST_NONE)


@pytest.mark.claim("C-09", needs="trained vae decoder wide")
@pytest.mark.expect("refuted", because="the codes are those of held-out images")
def test_control_codes_of_images_are_no_empty_bubble(model, image_judge, decide, add_figure):
    """Posterior means decode to clean images."""
    judge = image_judge(model)
    judged = [decode_and_judge(r, r.held_out.z_mean, judge) for r in model.replicates]

    add_figure(judged_images(judged, count=10), "Decoded posterior means.")

    decide(hit_ratio(judged), ALMOST_NONE)


def separation(replicate):
    """Return the AUC of the exact density ratio between posterior and prior draws."""
    posterior = replicate.posteriors("train")
    if not posterior:
        raise InsufficientEvidence(f"{replicate.name}: expected measured posteriors")
    return auc_estimate(posterior["log_ratio_posterior"], posterior["log_ratio_prior"])


def is_separate(model):
    """Tell whether prior and codes of a model separate, by the whole interval."""
    return (
        estimate(separation, model.replicates, unit=UNIT, bounds=(0, 1)).interval[0]
        >= SEPARATE.bound
    )


def prior_draws(model, judge, rng):
    """Decode and judge draws from the prior of a VAE."""
    return judge_draws(model, StandardNormal(), DRAWS, judge, rng, split="held_out")


def mixture_auc(length, rng, n=2000, d=512, draws=200):
    """Return the AUC between N(0, I) and a mixture of unit Gaussians about n random centres."""
    centres = unit_centres(n, d, length, rng)
    mixture = centres[:draws] + rng.standard_normal((draws, d))
    prior = rng.standard_normal((draws, d))
    scores = [log_ratio(codes, centres, np.zeros_like(centres)) for codes in (mixture, prior)]
    return auc_estimate(*scores)


# An area cannot exceed 1, so that "true" must be less than a tenth above the margin.
@scenario(test_prior_and_codes_do_not_overlap, null=0.82)
def normal_laws_apart(effect, rng):
    """Simulate unit Gaussians as codes and prior, as far apart as the area `effect` needs."""
    codes = LatentCloud(np.zeros((2, 1)))
    areas = (effect + 0.005 * rng.standard_normal(5)).clip(0.5, 0.999)
    return {
        "model": SimulatedModel(
            [
                SimulatedReplicate(codes, codes, measured={"train": ratios(area, rng)})
                for area in areas
            ]
        )
    }


@scenario(test_a_separate_prior_holds_almost_no_good_image, null=0.2)
def digits_from_a_separate_prior(effect, rng):
    """Simulate decoders that make clean digits of some draws from a prior apart from all codes."""
    return apart(effect, rng, 5)


@scenario(test_no_separate_prior_holds_good_images, null=0.2, count=200)
def one_separate_prior_with_digits(effect, rng):
    """Simulate separate priors: the first decodes to a share of digits, the others to none."""
    judge, found = None, {}
    for name in [SOURCES_OWN, *VAES.split()]:
        made = apart(effect, rng, 5) if judge is None else apart(0.0, rng, 3)
        judge = judge or made["image_judge"]
        found[name] = made["model"]
    return {"models": found.__getitem__, "image_judge": judge}


def apart(share, rng, trainings):
    """Simulate decoders of a share of clean digits, which scatters by 0.01, and a separate prior.

    All other draws are strokes that show nothing.
    """
    clouds = normal_clouds(rng, n=200, trainings=trainings)
    shares = share + 0.01 * rng.standard_normal(trainings)
    arguments = model_with_hit_rates(clouds, shares, rng, DIGITS_CARD)
    separate = [
        replace(r, measured={"train": ratios(0.9999, rng)}) for r in arguments["model"].replicates
    ]
    return {**arguments, "model": SimulatedModel(separate)}


def ratios(area, rng, n=500):
    """Return log-ratios of two unit Gaussians at draws from either, by the area under the curve."""
    distance = np.sqrt(2) * ndtri(area)
    posterior, prior = distance * rng.standard_normal((2, n))
    return {
        "log_ratio_posterior": posterior + distance**2 / 2,
        "log_ratio_prior": prior - distance**2 / 2,
    }
