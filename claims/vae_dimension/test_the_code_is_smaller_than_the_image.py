"""What the latent space is, and that an autoencoder describes data by a smaller set of features."""

import numpy as np
import pytest

from aelatent import Below, Equals, Estimate, LatentCloud, estimate, fact
from aelatent.figures import overlaid_histograms
from aelatent.models import build
from aelatent.simulation import SimulatedModel, SimulatedReplicate, not_simulated, scenario

PIXELS = 28 * 28
WHOLE = 8 * 8 * 1024
SMALLER = Below(1.0)
ACTIVE = 0.01


@pytest.mark.claim("C-10", source_value=65_536)
def test_the_latent_space_is_what_the_decoder_is_fed(decide):
    """The latent space is the space of the sampled Gaussian that the decoder is fed.

    Source
        Cross Validated, comments of June 2018 between jkm and the asker.
    Statement
        "Latent space" means the input of the decoder: 8x8x1024 numbers. True by construction.
    Statistic
        The number of inputs of the decoder that is built from the fixture model's architecture.
    Null
        None: a definition.
    Decision
        Supported when the number is 65536; refuted otherwise.
    """
    decide(fact(decoder_inputs(WHOLE), unit="inputs of the decoder"), Equals(WHOLE))


@pytest.mark.claim("C-10")
@pytest.mark.expect("refuted", because="sixteen maps have 1,024 numbers")
def test_control_sixteen_maps_are_fewer_inputs(decide):
    """A decoder of sixteen maps has another number of inputs."""
    decide(fact(decoder_inputs(8 * 8 * 16)), Equals(WHOLE))


@pytest.mark.claim("C-17", source_value=83.6)
def test_the_code_is_smaller_than_the_image(decide):
    """The asker's autoencoder describes an image by fewer numbers than it has pixels.

    Source
        Cross Validated, the answer: autoencoders approximate data with a smaller set of abstract
        features.
    Statement
        The code of the asker's model is smaller than the image.
    Statistic
        Latent dimensions of the model over pixels of MNIST: 65,536 over 784.
    Null
        None: arithmetic.
    Decision
        Supported when the 95 % interval over replicates lies below 1; refuted when it lies above;
        inconclusive otherwise.
    """
    decide(fact(decoder_inputs(WHOLE) / PIXELS, unit="numbers of the code for each pixel"), SMALLER)


@pytest.mark.claim("C-17", needs="trained vae decoder wide")
def test_the_code_uses_fewer_dimensions_than_pixels(model, decide, add_figure):
    """Whatever its size, the latent space is used in fewer dimensions than there are pixels.

    Source
        Cross Validated, the answer, as above; in the sense in which it may still hold.
    Statement
        The dimensions that carry the image are fewer than its pixels.
    Statistic
        Active units (dimensions whose posterior means vary by more than 0.01 over the images) over
        the numbers that an image consists of (784 for MNIST), one value a replicate.
    Null
        None: "smaller" is read literally.
    Decision
        Supported when the 95 % interval over replicates lies below 1; refuted when it lies above;
        inconclusive otherwise.
    """
    evidence = estimate(
        lambda r: used(
            r.posteriors("train")["variance_of_means"], np.prod(r.arrays["image_shape"])
        ),
        model.replicates,
        unit="active units for each number of the image",
        bounds=(0, np.inf),
    )

    spread = {
        r.name: np.log10(np.maximum(r.posteriors("train")["variance_of_means"], 1e-8))
        for r in model.replicates
    }
    add_figure(
        overlaid_histograms(
            spread, "log10 of the variance of a dimension's means", bound=np.log10(ACTIVE)
        ),
        "Which dimensions carry the image: those right of the line.",
    )

    decide(evidence, SMALLER)


@pytest.mark.claim("C-17")
@pytest.mark.expect("refuted", because="all 1,024 dimensions are active")
def test_control_a_code_that_uses_all_its_dimensions_is_no_smaller(decide, rng):
    """A code whose 1,024 dimensions all vary is larger than 784 pixels."""
    decide(estimate(lambda _: used(1 + rng.random(1024)), range(5), bounds=(0, np.inf)), SMALLER)


def used(variances, numbers=PIXELS):
    """Return the number of active units over the numbers of an image, known to half a unit."""
    return Estimate(np.count_nonzero(variances > ACTIVE) / numbers, 0.5 / numbers)


def decoder_inputs(latent_dim):
    """Count the inputs of the decoder of the sweep's architecture."""
    parameters = {"latent_dim": latent_dim, "filters": [32, 32]}
    networks = build("spatial_vae", parameters, (28, 28, 1), seed=0)
    return int(networks["decoder"].input_shape[-1])


not_simulated(
    test_the_latent_space_is_what_the_decoder_is_fed,
    because="Inputs of a network are counted, nothing is estimated.",
)
not_simulated(
    test_the_code_is_smaller_than_the_image,
    because="It divides two counts, nothing is estimated.",
)


@scenario(test_the_code_uses_fewer_dimensions_than_pixels, null=1.5)
def so_many_active_units(effect, rng):
    """Simulate posterior means that vary in `effect` dimensions for each pixel."""
    codes = LatentCloud(np.zeros((2, 1)))
    replicates = []
    for share in effect * (1 + 0.1 * rng.standard_normal(5)):
        variances = rng.uniform(0.1, 1.0, 2048)
        variances[round(share * PIXELS) :] = 1e-4
        measured = {"train": {"variance_of_means": variances}}
        shape = {"image_shape": np.array([28, 28, 1])}
        replicates.append(SimulatedReplicate(codes, codes, measured=measured, arrays=shape))
    return {"model": SimulatedModel(replicates)}
