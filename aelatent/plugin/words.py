"""What a user's model lacks for a claim, in words."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from aelatent.audit.subjects import Subjects

WORDS = {
    "faces": "a decoder and a judge of its images, of at most 2,048 latent dimensions",
    "aligned": "aligned faces of 96x96 pixels, and `judge: faces`",
    "digits": "digits, and `judge: digits`",
    "mnist": "the images of MNIST",
    "vae": "an encoder that gives means and log-variances",
    "covariance": "codes, four times as many as latent dimensions, and no more than 2,048 of these",
    "wide": "sixteen latent dimensions or more",
    "plane": "two latent dimensions",
    "train_codes": "to know which images it was trained on",
    "counterpart": "a second model to be held against",
    "trained": "a trained model",
    "untrained": "the networks as they were before training",
}


def lacking_words(lacking: Collection[str]) -> str:
    """Say in words which capabilities are lacking."""
    return "; ".join(WORDS.get(word, word) for word in sorted(lacking))


def require(subject: Subjects, needs: Collection[str]) -> None:
    """Skip a claim if the subject lacks something that it needs."""
    if lacking := set(needs) - subject.description.capabilities:
        pytest.skip(f"needs {lacking_words(lacking)}")
