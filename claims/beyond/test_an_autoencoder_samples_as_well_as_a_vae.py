"""A plain autoencoder, sampled with the codes' mean and covariance, rivals a matched VAE."""

import numpy as np
import pytest

from aelatent import Above, Estimate, LatentCloud, estimate
from aelatent.judges.figures import judged_images
from aelatent.judges.judged_samples import decode_and_judge
from aelatent.samplers.ladder import Gaussian, StandardNormal
from aelatent.simulation import SimulatedJudge, SimulatedModel, SimulatedReplicate, scenario
from aelatent.statistics.diversity import recall
from aelatent.statistics.rates import share

DRAWS = 200
VARIED = 1200  # draws for recall, which needs about ten of each kind of images to miss a kind
REFERENCES = 120
BLOCK = 6  # pixels a side; block means of colour are the features of an image
NO_WORSE = Above(-0.1)
MODELS = "faces_ae_256d faces_vae_200d"


@pytest.mark.claim("X-14", compares=MODELS)
def test_a_plain_autoencoder_makes_clear_faces(models, image_judge, decide, add_figure, rng):
    """A plain autoencoder makes faces of statistical vectors as often as a VAE does of its prior.

    Source
        000 later posts, "Autoencoders and latent space fragmentation", I (20 Mar 2023): that one
        needs a VAE, as textbooks say, is too strong.
    Statement
        Gaussian draws with the codes' mean and covariance through an autoencoder decode to faces no
        less often than draws from N(0, I) through a VAE of the same images and updates.
    Statistic
        Corrected hit rate of the autoencoder's draws minus the VAE's, one value a seed.
    Null
        0 where the two are equal; "no less" allows a tenth.
    Decision
        Supported when the 95 % interval over replicates lies above -0.1; refuted when it lies
        below; inconclusive otherwise.
    """
    pairs = draws_of_both(models, image_judge, rng)
    evidence = estimate(hit_rate_difference, pairs, unit="hit rate minus the VAE's")

    add_figure(
        judged_images([pair[0] for pair in pairs]),
        "Draws of the codes' Gaussian through autoencoders.",
    )
    add_figure(judged_images([pair[1] for pair in pairs]), "Draws from N(0, I) through VAEs.")

    decide(evidence, NO_WORSE)


@pytest.mark.claim("X-14", compares=MODELS)
@pytest.mark.expect("refuted", because="N(0, I) misses the autoencoder's region")
def test_control_the_prior_does_not_serve_an_autoencoder(
    models, image_judge, decide, add_figure, rng
):
    """Draws from N(0, I) through the autoencoder are far worse than through the VAE."""
    pairs = draws_of_both(models, image_judge, rng, StandardNormal())

    add_figure(
        judged_images([pair[0] for pair in pairs]), "Draws from N(0, I) through autoencoders."
    )

    decide(estimate(hit_rate_difference, pairs), NO_WORSE)


@pytest.mark.claim("X-24", compares=MODELS)
def test_an_autoencoder_samples_as_well_and_as_widely_as_a_vae(
    models, image_judge, decide, add_figure, rng
):
    """The autoencoder's Gaussian draws are as good and as varied as the VAE's prior draws.

    Source
        aelatent, a question none of the sources asks; it extends A-18 and X-14.
    Statement
        The sampler of first and second moments makes an autoencoder as good a generator as a VAE of
        the same images and updates: faces as often, and as large a part of what it can make.
    Statistic
        Corrected hit rate minus the VAE's; and recall (Kynkäänniemi and others, 2019: the share of
        120 decoded held-out codes that lie no farther from one of 1200 draws than its fifth
        neighbour among the draws, in colours averaged over blocks of 6x6 pixels) minus the VAE's,
        one value a seed. A kind of images that is not drawn is missed if there are about ten draws
        of each kind.
        Not coverage: draws that all lie at the mean, nearer to most images than these are to one
        another, cover 0.8 of them, and have a recall of 0.
    Null
        0 where the two are equal; "as good" allows a tenth.
    Decision
        Hits: Supported when the 95 % interval over replicates lies above -0.1; refuted when it lies
        below; inconclusive otherwise. Recall: Supported when the 95 % interval over replicates
        lies above -0.1; refuted when it lies below; inconclusive otherwise.
    """
    pairs = draws_of_both(models, image_judge, rng)
    evidence = [
        estimate(hit_rate_difference, pairs, unit="hit rate minus the VAE's"),
        estimate(recall_difference, images_of_both(models, rng), unit="recall minus the VAE's"),
    ]

    add_figure(
        judged_images([pair[0] for pair in pairs]),
        "Draws of the codes' Gaussian through autoencoders.",
    )
    add_figure(judged_images([pair[1] for pair in pairs]), "Draws from N(0, I) through VAEs.")

    decide(evidence, [NO_WORSE, NO_WORSE])


@pytest.mark.claim("X-24", compares=MODELS)
@pytest.mark.expect("refuted", because="all draws lie close to the mean")
def test_control_draws_near_the_mean_are_good_but_alike(models, decide, rng):
    """Draws of a tenth of the spread are faces, all of them nearly one."""
    pairs = images_of_both(models, rng, Shrunk())

    decide(estimate(recall_difference, pairs), NO_WORSE)


class Shrunk:
    """Draws close to the mean of the codes."""

    def draw(self, n, cloud, rng):
        """Draw from the codes' Gaussian shrunk tenfold about the mean."""
        return cloud.mean + 0.1 * (Gaussian().draw(n, cloud, rng) - cloud.mean)


def draws_of_both(models, image_judge, rng, sampler=None):
    """Decode draws of the autoencoder and of the VAE of each seed."""
    plain, variational = (models(name) for name in MODELS.split())
    judge, sampler = image_judge(plain), sampler or Gaussian()
    return [
        (
            decode_and_judge(ours, sampler.draw(DRAWS, ours.train, rng), judge),
            decode_and_judge(theirs, StandardNormal().draw(DRAWS, theirs.held_out, rng), judge),
        )
        for ours, theirs in zip(plain.replicates, variational.replicates, strict=True)
    ]


def images_of_both(models, rng, sampler=None):
    """Decode many draws of the autoencoder and of the VAE of each seed, without judging them."""
    plain, variational = (models(name) for name in MODELS.split())
    sampler = sampler or Gaussian()
    return [
        (
            (ours, ours.decode(sampler.draw(VARIED, ours.train, rng))),
            (theirs, theirs.decode(StandardNormal().draw(VARIED, theirs.held_out, rng))),
        )
        for ours, theirs in zip(plain.replicates, variational.replicates, strict=True)
    ]


def hit_rate_difference(pair):
    """Return the corrected hit rate of the first samples minus that of the second.

    One judge scored both: its false positives cancel, and its errors scale the difference.
    """
    ours, theirs = (share(samples.accepted) for samples in pair)
    card = pair[0].judge.card
    reach = card.sensitivity.value - card.false_acceptance.value
    off = np.hypot(card.sensitivity.shared, card.false_acceptance.shared) / reach
    difference = (ours.value - theirs.value) / reach
    return Estimate(difference, np.hypot(ours.error, theirs.error) / reach, abs(difference) * off)


def recall_difference(pair):
    """Return the recall of the first images minus that of the second."""
    ours, theirs = (recall_of_kinds(*images) for images in pair)
    return Estimate(ours.value - theirs.value, np.hypot(ours.error, theirs.error))


def recall_of_kinds(replicate, pixels):
    """Return the share of the model's own reconstructions that lie among its draws."""
    references = replicate.decode(replicate.held_out.z_mean[:REFERENCES])
    found = recall(features(references), features(pixels))
    return share(np.arange(REFERENCES) < round(found * REFERENCES))


def features(pixels):
    """Return colours averaged over blocks."""
    n, height, width, channels = pixels.shape
    blocks = pixels.reshape(n, height // BLOCK, BLOCK, width // BLOCK, BLOCK, channels)
    return np.asarray(blocks.mean(axis=(2, 4)).reshape(n, -1) / 255)


@scenario(test_a_plain_autoencoder_makes_clear_faces, null=-0.2)
@scenario(test_an_autoencoder_samples_as_well_and_as_widely_as_a_vae, null=-0.2, count=200)
def autoencoders_of_fewer_faces(effect, rng):
    """Simulate VAEs that make faces of 0.7 of their draws, and autoencoders of fewer.

    Both rates scatter by 0.02 between trainings. Both models draw all kinds of images.
    """
    return two_models({"faces_ae_256d": (0.7 + effect, 1.0), "faces_vae_200d": (0.7, 1.0)}, rng)


@scenario(test_an_autoencoder_samples_as_well_and_as_widely_as_a_vae, null=-0.2, part=1, count=200)
def autoencoders_of_less_variety(effect, rng):
    """Simulate autoencoders that draw only some of the kinds they reconstruct; VAEs draw all."""
    return two_models({"faces_ae_256d": (0.75, 1.0 + effect), "faces_vae_200d": (0.7, 1.0)}, rng)


def two_models(cells, rng):
    """Simulate five trainings of each name, by rate of faces and recall of reconstructions."""
    judge = SimulatedJudge(rng)
    found = {}
    for name, (rate, variety) in cells.items():
        rates = np.clip(rate + 0.02 * rng.standard_normal(5), 0, 1)
        found[name] = SimulatedModel([painter(rate, variety, rng) for rate in rates])
    return {"models": found.__getitem__, "image_judge": lambda _: judge}


def painter(rate, variety, rng, kinds=60):
    """Simulate a replicate whose draws are of a share of the kinds of images that it reconstructs.

    An image is four blocks of one shade each, and a kind is four shades, but for noise. It is a
    face if its first pixel is not black. Held-out codes are known by their first component.
    """
    train = rng.standard_normal((500, 8))
    held_out = rng.standard_normal((500, 8)) + 100 * np.eye(8)[0]
    shades = rng.permutation(4 * kinds).reshape(kinds, 4) * 2 + 50
    drawn = int(min(kinds * (variety + 0.02 * rng.standard_normal()) + rng.uniform(), kinds))

    def decode(codes):
        of_images = codes[:, 0] > 50
        which = np.where(
            of_images, np.arange(len(codes)) % kinds, rng.integers(0, drawn, len(codes))
        )
        blocks = shades[which] + rng.normal(0, 2, (len(codes), 4))
        pixels = np.repeat(np.repeat(blocks.reshape(-1, 2, 2, 1), BLOCK, axis=1), BLOCK, axis=2)
        pixels = np.rint(pixels).astype(np.uint8)
        pixels[~of_images & (rng.uniform(size=len(codes)) > rate), 0, 0] = 0
        return pixels

    return SimulatedReplicate(LatentCloud(held_out), LatentCloud(train), decode)
