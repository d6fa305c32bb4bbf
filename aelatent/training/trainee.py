"""One replicate while it is trained: its networks, and what its training changes beside them."""

from __future__ import annotations

from dataclasses import dataclass

import keras

from aelatent import models
from aelatent.models import Networks
from aelatent.zoo.specification import Specification


@dataclass(frozen=True, eq=False)
class Trainee:
    """Networks in training.

    Attributes
    ----------
    networks : dict of keras.Model
    optimizer : keras.Optimizer
    noise : keras.random.SeedGenerator
        The source of every random number of a step.
    """

    networks: Networks
    optimizer: keras.Optimizer
    noise: keras.random.SeedGenerator

    @classmethod
    def new(
        cls, specification: Specification, shape: tuple[int, int, int], seed: int, policy: str
    ) -> Trainee:
        """Build one from a specification, the shape of its images, a seed and a dtype policy."""
        architecture = specification.architecture
        networks = models.build(
            architecture.name, architecture.parameters, shape, seed, dtype=policy
        )
        optimizer = keras.optimizers.Adam(specification.training.learning_rate)
        trainee = cls(networks, optimizer, keras.random.SeedGenerator(seed))
        optimizer.build(trainee.weights)
        return trainee

    @property
    def weights(self) -> list[keras.Variable]:
        """What the optimiser changes, in one order."""
        return [variable for n in self.networks.values() for variable in n.trainable_variables]

    @property
    def moving(self) -> list[keras.Variable]:
        """What the networks change themselves, such as the means of a batch normalisation."""
        return [variable for n in self.networks.values() for variable in n.non_trainable_variables]

    @property
    def variables(self) -> list[keras.Variable]:
        """All that a training needs to go on: networks, optimiser, noise."""
        own = [variable for network in self.networks.values() for variable in network.variables]
        return [*own, *self.optimizer.variables, self.noise.state]
