"""The model that a page is about, and what may be shown of its images."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from aelatent import data
from aelatent.explorer.evaluation import CentreDistance, Evaluation, evaluate
from aelatent.judges.judge import Pixels
from aelatent.judges.registry import JUDGES, ImageJudge, image_judge
from aelatent.latent.cloud import Floats
from aelatent.zoo import Collection, FixtureError, Replicate
from aelatent.zoo.capabilities import PLANE
from aelatent.zoo.collection import kept_sample

PAIRS = 12


@dataclass(frozen=True, eq=False)
class ExploredModel:
    """One training of a fixture model, with its judge.

    Attributes
    ----------
    replicate : Replicate
    image_judge : ImageJudge or None
        The judge, where the model has one.
    originals : bool
        Whether images of people may be shown too.
    """

    replicate: Replicate
    image_judge: ImageJudge | None
    originals: bool = False

    @classmethod
    def of(cls, collection: Collection, name: str, *, originals: bool = False) -> ExploredModel:
        """Read the first training of a model.

        Parameters
        ----------
        collection : Collection
        name : str
        originals : bool
            Whether images of people may be shown too.

        Returns
        -------
        ExploredModel

        Raises
        ------
        FixtureError
            If the model has no decoder, or its replicate cannot be used.
        """
        described = collection.specification(name)
        if not _explorable(collection, name):
            raise FixtureError(
                f"{name}: expected a model with a decoder and two latent dimensions or more, "
                f"received one with {described.latent_dim}"
            )
        judge = image_judge(described.judge, collection) if described.judge else None
        return cls(collection.replicate(name, described.seeds[0]), judge, originals)

    @property
    def name(self) -> str:
        """The name of the fixture model."""
        return self.replicate.specification.name

    @property
    def images(self) -> str:
        """The name of its image set."""
        return self.replicate.specification.images

    @property
    def absence(self) -> str:
        """Why there are no originals where they are missing, in words."""
        return f"the images ({self.images}) are not on this machine"

    @property
    def training(self) -> str:
        """Which of the model's trainings is shown, in words."""
        seeds = self.replicate.specification.seeds
        return f"seed {self.replicate.seed}, the first of {len(seeds)}"

    @property
    def code_name(self) -> str:
        """What the codes are called that are compared with those of training images."""
        return "held-out codes"

    @property
    def noun(self) -> str:
        """What the judge looks for, such as "face"; empty without a judge."""
        if self.image_judge is None:
            return ""
        known = JUDGES.get(self.image_judge.judge.name)
        return "image" if known is None else known.noun

    @property
    def class_names(self) -> tuple[str, ...] | None:
        """What the labels stand for; None where they are no kinds of images."""
        labelled = self.replicate.held_out.labels is not None
        return data.content(self.images).class_names if labelled else None

    @property
    def shown(self) -> bool:
        """Whether originals and their reconstructions may be shown."""
        return self.originals or not data.content(self.images).shows_people

    @cached_property
    def ruler(self) -> CentreDistance:
        """Distance from the centre of the training codes."""
        return CentreDistance(self.replicate.train)

    def evaluate(self, codes: Floats) -> Evaluation:
        """Decode codes, judge the images and measure the distances."""
        return evaluate(self.replicate, codes, self.image_judge, self.ruler)

    def rng(self) -> np.random.Generator:
        """Return random numbers that depend on the model's name and nothing else."""
        return np.random.default_rng(list(self.name.encode()))

    def pairs(self) -> tuple[Pixels, Pixels]:
        """Return the first held-out images and what the autoencoder makes of them.

        Raises
        ------
        MissingData
            If the images are not here.
        """
        cloud, images = self.replicate.held_out, data.load(self.images).held_out()
        count = min(PAIRS, cloud.n)
        places = kept_sample(len(images.pixels), cloud.n)[:count]
        return images.pixels[places], self.replicate.decode(cloud.z_mean[:count])


def explorable(collection: Collection) -> list[str]:
    """Return the names of the trained models with a stored decoder and a plane of codes."""
    return [
        name
        for name in collection.names()
        if _explorable(collection, name) and collection.specification(name).trained
    ]


def _explorable(collection: Collection, name: str) -> bool:
    described = collection.specification(name)
    plane = (described.latent_dim or 0) >= PLANE
    return plane and "decoder" in described.capabilities and collection.expected(name)
