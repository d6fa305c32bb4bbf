"""Capabilities: what claims may ask of a model, in words."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from aelatent.samplers.fitted import WIDEST
from aelatent.zoo import Collection, capabilities, specification
from aelatent.zoo.capabilities import CAPABILITIES, UserModel, meaning, of_user

ROOT = Path(__file__).parents[2]
NEEDS = re.compile(r'needs="([^"]*)"')
MINE = UserModel(
    images="folder:mine",
    variational=False,
    latent_dim=8,
    judge=None,
    image_shape=(8, 8, 1),
    encoder=True,
    decoder=True,
    fitted_codes=100,
)


def test_a_fixture_model_has_what_its_specification_says(folder):
    tiny = specification.read(folder / "tiny.yaml")

    assert tiny.capabilities == {
        "trained",
        "autoencoder",
        "blobs",
        "trainings",
        "unjudged",
        "decoder",
        "encoder",
        "covariance",
        "train_codes",
    }


def test_a_user_model_has_what_the_audit_found():
    assert of_user(MINE) == {
        "trained",
        "autoencoder",
        "folder:mine",
        "decoder",
        "encoder",
        "faces",
        "covariance",
    }


@pytest.mark.parametrize(
    ("changes", "gained", "lost"),
    [
        ({"variational": True}, {"vae"}, set()),
        ({"latent_dim": 2}, {"plane"}, set()),
        ({"trainings": 2}, {"trainings"}, set()),
        ({"latent_dim": 16}, {"wide"}, set()),
        ({"latent_dim": 50}, {"wide"}, {"covariance"}),
        ({"latent_dim": WIDEST + 1, "fitted_codes": 10**4}, {"wide"}, {"faces", "covariance"}),
        ({"judge": "digits"}, {"digits"}, {"faces"}),
        ({"judge": "faces"}, set(), set()),
        ({"judge": "faces", "image_shape": (96, 96, 3)}, {"aligned"}, set()),
        ({"decoder": False, "image_shape": ()}, set(), {"decoder", "faces"}),
        ({"encoder": False}, set(), {"encoder"}),
    ],
)
def test_a_capability_follows_what_the_audit_found(changes, gained, lost):
    changed = of_user(replace(MINE, **changes))

    assert changed == (of_user(MINE) | gained) - lost


def test_every_word_that_a_claim_needs_is_known():
    claims = [path.read_text("utf-8") for path in (ROOT / "claims").rglob("test_*.py")]
    asked = {word for text in claims for found in NEEDS.findall(text) for word in found.split()}
    fixtures = Collection(ROOT / "fixtures")
    images = {fixtures.specification(name).images for name in fixtures.names()}

    assert asked
    assert asked - {capability.word for capability in CAPABILITIES} - images == set()


def test_every_word_has_a_meaning_of_its_own():
    assert len(capabilities.MEANINGS) == len({*capabilities.MEANINGS.values()})
    assert meaning("mnist") == "the image set mnist"
