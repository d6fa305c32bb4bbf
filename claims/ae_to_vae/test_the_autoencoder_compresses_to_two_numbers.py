"""The autoencoder compresses an image to two numbers; the VAE's layers and its sampling."""

from types import SimpleNamespace

import numpy as np
import pytest

from aelatent import Below, Equals, Estimate, LatentCloud, estimate, fact
from aelatent.models import build
from aelatent.simulation import SimulatedModel, SimulatedReplicate, not_simulated, scenario
from aelatent.zoo.specification import Objective

PLANE = Equals(2)
BETTER = Below(1.0)
DENSE = Equals(6274)
AS_STATED = Equals(1.0, within=0.02)


@pytest.mark.claim("D-01", compares="mnist_ae_2d", source_value=2)
def test_the_autoencoder_compresses_to_two_numbers_and_back(models, decide):
    """The autoencoder compresses 784 pixels to two numbers and back, better than a linear code.

    Source
        Yeo (11 Oct 2020), review. True by construction; that it is worth it is not.
    Statement
        The code of an image has two numbers, and the image comes back from it better than from its
        two principal components.
    Statistic
        The number of the encoder's outputs; and the squared error of held-out reconstructions over
        that of principal component analysis with two components, one value a replicate.
    Null
        1 if the autoencoder is no better than the linear code.
    Decision
        Supported when the number is 2; refuted otherwise. Error: Supported when the 95 % interval
        over replicates lies below 1; refuted when it lies above; inconclusive otherwise.
    """
    model = models("mnist_ae_2d")
    outputs = model.replicates[0].networks["encoder"].output_shape[-1]

    decide(
        [
            fact(outputs, unit="numbers of the code"),
            estimate(
                relative_error,
                model.replicates,
                unit="error over that of a linear code",
                bounds=(0, np.inf),
            ),
        ],
        [PLANE, BETTER],
    )


@pytest.mark.claim("D-01", compares="mnist_ae_2d")
@pytest.mark.expect("refuted", because="the decoder was never trained")
def test_control_an_untrained_decoder_is_worse_than_a_linear_code(models, decide):
    """What the networks make of codes before training is far from what they make after it."""
    model = models("mnist_ae_2d")
    errors = []
    for r in model.replicates:
        after, before = (d.decode(r.held_out.z_mean) / 255 for d in (r, r.untrained()))
        errors.append(np.mean((after - before) ** 2) / r.arrays["held_out/pca_error"].mean())

    decide(estimate(float, errors, bounds=(0, np.inf)), BETTER)


@pytest.mark.claim("D-08", source_value=6274)
def test_mean_and_width_come_from_dense_layers(decide):
    """The VAE's mean and width come from two dense layers of two units each.

    Source
        Yeo (11 Oct 2020), remedy 1, and the code behind it. True by construction.
    Statement
        Two dense layers with 3,136 inputs and 2 outputs give mean and log-variance.
    Statistic
        Parameters of the layer that gives the log-variance: 3,136 times 2, and 2.
    Null
        None: it is read off the network.
    Decision
        Supported when the number is 6274; refuted otherwise.
    """
    decide(fact(parameters(variational=True), unit="parameters of the layer"), DENSE)


@pytest.mark.claim("D-08")
@pytest.mark.expect("refuted", because="an autoencoder has no such layer")
def test_control_an_autoencoder_has_no_layer_of_widths(decide):
    """The autoencoder lacks the layer."""
    decide(fact(parameters(variational=False)), DENSE)


@pytest.mark.claim("D-09", source_value=1.0)
def test_a_code_is_mean_plus_width_times_noise(decide):
    """A VAE's code is its mean plus its standard deviation times a standard normal number.

    Source
        Yeo (11 Oct 2020), remedy 1, in the Korean original; the English text multiplies two
        standard deviations. True by construction.
    Statement
        z = mu + sigma * epsilon, with epsilon from N(0, 1).
    Statistic
        Standard deviation of 40,000 codes that the training objective hands to the decoder, given
        sigma = 0.5, over 0.5.
    Null
        None: 2 per cent is six standard errors.
    Decision
        Supported when the number is 1, give or take 0.02; refuted otherwise.
    """
    decide(fact(spread(noise=True) / 0.5, unit="sd of codes over sigma"), AS_STATED)


@pytest.mark.claim("D-09")
@pytest.mark.expect("refuted", because="the decoder is given the means")
def test_control_without_noise_codes_do_not_spread(decide):
    """Without noise all codes are the mean."""
    decide(fact(spread(noise=False) / 0.5), AS_STATED)


def relative_error(replicate):
    """Return the held-out error over that of the linear code of the same images.

    Replicates share the error from having these images and no others.
    """
    own, linear = replicate.errors("held_out"), replicate.arrays["held_out/pca_error"]
    ratio = own.mean() / linear.mean()
    deviations = (own - ratio * linear) / linear.mean()
    return Estimate(float(ratio), images=tuple(deviations / len(own)))


def parameters(*, variational):
    """Count the parameters of the layer that gives the log-variance."""
    settings = {"latent_dim": 2, "variational": variational}
    encoder = build("gdl_mnist", settings, (28, 28, 1), seed=0)["encoder"]
    return sum(layer.count_params() for layer in encoder.layers if layer.name == "z_log_var")


def spread(*, noise, n=20_000, sigma=0.5):
    """Return the standard deviation of the codes that the objective hands to the decoder."""
    # Keras takes seconds to load, and those who only collect the claims have no use for it.
    import keras

    from aelatent.training.objectives import loss

    seen = []
    mean, log_var = (np.full((n, 2), v, np.float32) for v in (3.0, 2 * np.log(sigma)))

    def encoder(*_, **__):
        return mean, log_var

    def decoder(z, **_):
        seen.append(z)
        return np.zeros((n, 1), np.float32)

    networks = {"encoder": encoder, "decoder": decoder}
    evaluate = loss(Objective(name="vae", noise=noise))
    evaluate(networks, np.zeros((n, 1), np.float32), None, keras.random.SeedGenerator(0))
    return float(np.std(keras.ops.convert_to_numpy(seen[0])))


@scenario(test_the_autoencoder_compresses_to_two_numbers_and_back, null=1.27, part=1)
def errors_over_those_of_a_linear_code(effect, rng):
    """Simulate squared errors that are `effect` times those of a linear code.

    It scatters by 1 % between trainings; the same images are hard for the linear code in all.
    """
    linear = rng.gamma(4, 0.01, 1000)
    codes = LatentCloud(rng.standard_normal((1000, 2)))
    replicates = []
    for ratio in effect * (1 + 0.01 * rng.standard_normal(5)):
        # Weighted by the errors of the linear code, the mean of these factors is the ratio.
        factors = rng.gamma(10, 0.1, 1000)
        factors *= ratio * linear.sum() / (factors @ linear)
        replicates.append(
            SimulatedReplicate(
                codes,
                codes,
                losses={"held_out": factors * linear},
                arrays={"held_out/pca_error": linear},
                networks={"encoder": SimpleNamespace(output_shape=(None, 2))},
            )
        )
    return {"models": {"mnist_ae_2d": SimulatedModel(replicates)}.__getitem__}


not_simulated(
    test_mean_and_width_come_from_dense_layers,
    because="it counts the parameters of a layer, and nothing is estimated.",
)
not_simulated(
    test_a_code_is_mean_plus_width_times_noise,
    because="it reads off what the training objective hands to the decoder, with a fixed seed: it "
    "comes out the same on every run, and has no interval.",
)
