"""Capabilities: the words by which claims name what a model must be or have.

A table of fixed words, each with what it means and how to find it, for a fixture model and for a
user's model. The name of a model's image set is a capability too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aelatent.samplers.fitted import WIDEST

if TYPE_CHECKING:
    from aelatent.zoo.specification import Specification

PLANE = 2
WIDE = 16  # from here on a chi law with as many degrees of freedom has a shell: sd/mean < 0.18
ALIGNED = (96, 96, 3)


@dataclass(frozen=True, kw_only=True)
class UserModel:
    """What an audit knows about a user's model.

    Attributes
    ----------
    images : str
        Name of the image set, "codes" where only codes are known.
    variational : bool
        Whether the encoder gives log-variances.
    latent_dim : int
    judge : str or None
        As the user names it: "faces", "digits", `module:callable`, or None.
    image_shape : tuple of int
        Height, width, channels; empty without a decoder.
    encoder, decoder : bool
        Whether there is such a network; with a decoder there is a judge of its images.
    fitted_codes : int
        Codes that samplers and covariances are fitted to.
    trainings : int
        How many trainings of the model there are.
    """

    images: str
    variational: bool
    latent_dim: int
    judge: str | None
    image_shape: tuple[int, ...]
    encoder: bool
    decoder: bool
    fitted_codes: int
    trainings: int = 1

    @property
    def drawable(self) -> bool:
        """Whether a covariance can be had of so many dimensions, by which claims draw codes."""
        return self.latent_dim <= WIDEST


def _never(_: UserModel) -> bool:
    return False


@dataclass(frozen=True)
class Capability:
    """A word for what a model is or has.

    Attributes
    ----------
    word : str
        As claims write it in `needs`.
    meaning : str
        What a model needs for it: completes "needs ...".
    of_fixture : callable
        Whether a fixture model has it, by its specification.
    of_user : callable
        Whether a user's model has it.
    """

    word: str
    meaning: str
    of_fixture: Callable[[Specification], bool]
    of_user: Callable[[UserModel], bool] = _never


CAPABILITIES = (
    Capability("trained", "a trained model", lambda s: s.trained, lambda _: True),
    Capability("untrained", "the networks as they were before training", lambda s: not s.trained),
    # The means of a user's VAE are codes like any other, so claims about codes apply to it.
    Capability(
        "autoencoder", "an autoencoder", lambda s: s.objective.kind == "autoencoder", lambda _: True
    ),
    Capability(
        "vae",
        "an encoder that gives means and log-variances",
        lambda s: s.objective.kind == "vae",
        lambda m: m.variational,
    ),
    Capability(
        "ablated",
        "a VAE trained without its divergence or its noise",
        lambda s: s.objective.kind == "ablated",
    ),
    Capability("classifier", "a classifier", lambda s: s.objective.kind == "classifier"),
    Capability(
        "encoder",
        "an encoder",
        lambda s: bool(s.latent_dim) and (s.store.weights is True or not s.trained),
        lambda m: m.encoder,
    ),
    Capability(
        "decoder",
        "a decoder",
        lambda s: bool(s.latent_dim) and (bool(s.store.weights) or not s.trained),
        lambda m: m.decoder,
    ),
    # For a user's model any judge stands for that of faces, except that of digits.
    Capability(
        "faces",
        f"a decoder and a judge of its images, of at most {WIDEST:,} latent dimensions",
        lambda s: s.judge == "faces",
        lambda m: m.decoder and m.drawable and m.judge != "digits",
    ),
    Capability(
        "digits",
        "digits, and `judge: digits`",
        lambda s: s.judge == "digits",
        lambda m: m.decoder and m.drawable and m.judge == "digits",
    ),
    Capability("unjudged", "a model without a judge", lambda s: s.judge is None),
    # All sets of faces of fixture models are aligned alike.
    Capability(
        "aligned",
        "aligned faces of 96x96 pixels, and `judge: faces`",
        lambda s: s.judge == "faces",
        lambda m: m.judge == "faces" and m.image_shape == ALIGNED,
    ),
    Capability(
        "covariance",
        f"codes, four times as many as latent dimensions, and no more than {WIDEST:,} of these",
        lambda s: bool(s.latent_dim) and s.store.covariance,
        lambda m: m.fitted_codes > 2 * m.latent_dim and m.drawable,
    ),
    Capability(
        "train_codes",
        "to know which images it was trained on",
        lambda s: bool(s.latent_dim) and s.store.train_codes > 0,
    ),
    Capability(
        "plane",
        "two latent dimensions",
        lambda s: s.latent_dim == PLANE,
        lambda m: m.latent_dim == PLANE,
    ),
    Capability(
        "wide",
        "sixteen latent dimensions or more",
        lambda s: (s.latent_dim or 0) >= WIDE,
        lambda m: m.latent_dim >= WIDE,
    ),
    # Parts of the images of one training share their networks: to compare them says nothing.
    Capability(
        "trainings",
        "several trainings from different seeds",
        lambda s: len(s.seeds) > 1,
        lambda m: m.trainings > 1,
    ),
    Capability("counterpart", "a second model to compare it with", lambda s: bool(s.counterpart)),
)
MEANINGS = {capability.word: capability.meaning for capability in CAPABILITIES}


def of_fixture(specification: Specification) -> frozenset[str]:
    """Return the capabilities of a fixture model."""
    words = {c.word for c in CAPABILITIES if c.of_fixture(specification)}
    return frozenset({*words, specification.images})


def of_user(model: UserModel) -> frozenset[str]:
    """Return the capabilities of a user's model."""
    words = {c.word for c in CAPABILITIES if c.of_user(model)}
    return frozenset({*words, model.images})


def meaning(word: str) -> str:
    """Return what a model needs for a capability.

    Examples
    --------
    >>> meaning("plane"), meaning("mnist")
    ('two latent dimensions', 'the image set mnist')
    """
    return MEANINGS.get(word, f"the image set {word}")
