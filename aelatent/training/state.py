"""The state of one training: networks, optimiser and noise."""

from __future__ import annotations

from dataclasses import dataclass

import keras

from aelatent import models
from aelatent.models import Networks
from aelatent.zoo.specification import Specification


@dataclass(frozen=True, eq=False)
class TrainingState:
    """Everything that a training changes.

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
    ) -> TrainingState:
        """Build the state in which a training begins.

        Parameters
        ----------
        specification : Specification
        shape : tuple of int
            Height, width and channels of the images.
        seed : int
            Of the initial weights and of the noise.
        policy : str
            Keras dtype policy of the hidden layers.

        Returns
        -------
        TrainingState
        """
        architecture = specification.architecture
        networks = models.build(
            architecture.name, architecture.parameters, shape, seed, dtype=policy
        )
        optimizer = keras.optimizers.Adam(specification.training.learning_rate)
        state = cls(networks, optimizer, keras.random.SeedGenerator(seed))
        optimizer.build(state.weights)
        return state

    @property
    def weights(self) -> list[keras.Variable]:
        """What the optimiser changes, always in the same order."""
        return [variable for n in self.networks.values() for variable in n.trainable_variables]

    @property
    def moving(self) -> list[keras.Variable]:
        """What the networks change themselves, such as the means of a batch normalisation."""
        return [variable for n in self.networks.values() for variable in n.non_trainable_variables]

    @property
    def variables(self) -> list[keras.Variable]:
        """All that a training needs to be continued: networks, optimiser, noise."""
        own = [variable for network in self.networks.values() for variable in network.variables]
        return [*own, *self.optimizer.variables, self.noise.state]
