"""A plain autoencoder, sampled with the codes' mean and covariance, rivals a matched VAE."""

import numpy as np
import pytest

from aelatent import Above, weigh
from aelatent.exhibits import wall
from aelatent.sampling import Gaussian, StandardNormal
from aelatent.statistics.diversity import coverage
from aelatent.trials import attempt

DRAWS = 200
REFERENCES = 120
BLOCK = 6  # pixels a side; block means of colour are the features of an image
NO_WORSE = Above(-0.1)
MODELS = "faces_ae_256d faces_vae_200d"


@pytest.mark.claim("X-14", compares=MODELS)
def test_a_plain_autoencoder_makes_clear_faces(models, recognise, judge, draw, rng):
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
    pairs = rivals(models, recognise, rng)
    evidence = weigh(lead, pairs, unit="hit rate minus the VAE's")

    draw(wall([pair[0] for pair in pairs]), "Draws of the codes' Gaussian through autoencoders.")
    draw(wall([pair[1] for pair in pairs]), "Draws from N(0, I) through VAEs.")

    judge(evidence, NO_WORSE)


@pytest.mark.claim("X-14", compares=MODELS)
@pytest.mark.expect("refuted", because="N(0, I) misses the autoencoder's region")
def test_control_the_prior_does_not_serve_an_autoencoder(models, recognise, judge, draw, rng):
    """Draws from N(0, I) through the autoencoder are far worse than through the VAE."""
    pairs = rivals(models, recognise, rng, StandardNormal())

    draw(wall([pair[0] for pair in pairs]), "Draws from N(0, I) through autoencoders.")

    judge(weigh(lead, pairs), NO_WORSE)


@pytest.mark.claim("X-24", compares=MODELS)
def test_an_autoencoder_samples_as_well_and_as_widely_as_a_vae(models, recognise, judge, draw, rng):
    """The autoencoder's Gaussian draws are as good and as varied as the VAE's prior draws.

    Source
        aelatent, a question none of the sources asks; it extends A-18 and X-14.
    Statement
        The sampler of first and second moments makes an autoencoder as good a generator as a VAE of
        the same images and updates: faces as often, and as large a part of what it can make.
    Statistic
        Corrected hit rate minus the VAE's; and coverage (Naeem and others, 2020: the share of 120
        decoded held-out codes with a draw nearer than their fifth neighbour, in colours averaged
        over blocks of 6x6 pixels) minus the VAE's, one value a seed.
    Null
        0 where the two are equal; "as good" allows a tenth.
    Decision
        Hits: Supported when the 95 % interval over replicates lies above -0.1; refuted when it lies
        below; inconclusive otherwise. Coverage: Supported when the 95 % interval over replicates
        lies above -0.1; refuted when it lies below; inconclusive otherwise.
    """
    pairs = rivals(models, recognise, rng)
    evidence = [
        weigh(lead, pairs, unit="hit rate minus the VAE's"),
        weigh(lambda pair: covered(pair[0]) - covered(pair[1]), pairs,
              unit="coverage minus the VAE's"),
    ]  # fmt: skip

    draw(wall([pair[0] for pair in pairs]), "Draws of the codes' Gaussian through autoencoders.")
    draw(wall([pair[1] for pair in pairs]), "Draws from N(0, I) through VAEs.")

    judge(evidence, [NO_WORSE, NO_WORSE])


@pytest.mark.claim("X-24", compares=MODELS)
@pytest.mark.expect("refuted", because="all draws lie close to the mean")
def test_control_draws_near_the_mean_are_good_but_cover_little(models, recognise, judge, rng):
    """Draws of a tenth of the spread are faces, all of them nearly one."""
    pairs = rivals(models, recognise, rng, Shrunk())

    judge(weigh(lambda pair: covered(pair[0]) - covered(pair[1]), pairs), NO_WORSE)


class Shrunk:
    """Draws close to the mean of the codes."""

    def draw(self, n, cloud, rng):
        """Draw from the codes' Gaussian shrunk tenfold about the mean."""
        return cloud.mean + 0.1 * (Gaussian().draw(n, cloud, rng) - cloud.mean)


def rivals(models, recognise, rng, law=None):
    """Decode draws of the autoencoder and of the VAE of each seed."""
    plain, variational = (models(name) for name in MODELS.split())
    eye, law = recognise(plain), law or Gaussian()
    return [
        (
            attempt(ours, law.draw(DRAWS, ours.train, rng), eye),
            attempt(theirs, StandardNormal().draw(DRAWS, theirs.held_out, rng), eye),
        )
        for ours, theirs in zip(plain.replicates, variational.replicates, strict=True)
    ]


def lead(pair):
    """Return the hit rate of the first trial minus that of the second."""
    return float(pair[0].accepted.mean() - pair[1].accepted.mean())


def covered(trial):
    """Return the coverage of the model's own reconstructions by its draws."""
    references = trial.replicate.decode(trial.replicate.held_out.z_mean[:REFERENCES])
    return coverage(features(references), features(trial.pixels))


def features(pixels):
    """Return colours averaged over blocks."""
    n, height, width, channels = pixels.shape
    blocks = pixels.reshape(n, height // BLOCK, BLOCK, width // BLOCK, BLOCK, channels)
    return np.asarray(blocks.mean(axis=(2, 4)).reshape(n, -1) / 255)
