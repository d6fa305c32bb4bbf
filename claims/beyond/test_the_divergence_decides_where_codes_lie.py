"""Without the Kullback-Leibler term a VAE behaves like an autoencoder."""

import numpy as np
import pytest

from aelatent import Above, Between, weigh
from aelatent.analytic import standard_normal
from aelatent.figures import scatter_2d

UNLIKE_THE_PRIOR = Above(2.0)
LIKE_THE_PRIOR = Between(0.8, 1.2)
MODELS = "mnist_ae_2d mnist_vae_2d_no_kl mnist_vae_2d"


@pytest.mark.claim("X-13", compares=MODELS)
@pytest.mark.expect(
    "inconclusive",
    because="without the divergence codes lie hundreds of units out, but so differently from "
    "training to training that three do not decide it",
)
def test_without_a_divergence_codes_lie_where_they_like(models, judge, draw):
    """Without its Kullback-Leibler term a VAE puts its codes as far out as an autoencoder does.

    Source
        000 later posts, "VAE with TF 2.8", XI, XIII and XIV: with a tiny Kullback-Leibler term a
        VAE behaves like an autoencoder, with a normal one codes lie about the origin.
    Statement
        Codes of the VAE without the term, as those of the autoencoder, leave the neighbourhood of
        the origin; those of the VAE with it have the spread of N(0, I).
    Statistic
        Root mean square of the components of the held-out codes: of the VAE without the term, of
        the autoencoder, of the VAE, one value a replicate. The source's sweep over the weight of
        the term is only its two ends here.
    Null
        1 for N(0, I). "Far out" is read as twice that, "about the origin" as within a fifth, as in
        D-13.
    Decision
        Without, and autoencoder: Supported when the 95 % interval over replicates lies above 2;
        refuted when it lies below; inconclusive otherwise. With: Supported when the 95 % interval
        over replicates lies between 0.8 and 1.2; refuted when it lies outside; inconclusive
        otherwise.
    """
    plain, free, held = (models(name) for name in MODELS.split())
    evidence = [
        weigh(spread, free.clouds, unit="rms component, VAE without divergence"),
        weigh(spread, plain.clouds, unit="rms component, autoencoder"),
        weigh(spread, held.clouds, unit="rms component, VAE"),
    ]

    for model in (plain, free, held):
        draw(scatter_2d({model.name: model.clouds[0]}), f"Codes of {model.specification.title}.")

    judge(evidence, [UNLIKE_THE_PRIOR, UNLIKE_THE_PRIOR, LIKE_THE_PRIOR])


@pytest.mark.claim("X-13")
@pytest.mark.expect("refuted", because="the codes are those of N(0, I)")
def test_control_standard_normal_codes_stay_about_the_origin(judge, rng):
    """Standard normal codes are not far out."""
    clouds = [standard_normal(1000, 2, rng) for _ in range(5)]

    judge(weigh(spread, clouds), UNLIKE_THE_PRIOR)


def spread(cloud):
    """Return the root mean square of all components."""
    return float(np.sqrt(np.mean(cloud.z_mean**2)))
