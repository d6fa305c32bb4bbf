"""Samplers that were fitted to codes: draw new codes, and travel as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aelatent.latent.cloud import Floats, LatentCloud
from aelatent.runtime import files
from aelatent.runtime.arrays import pack, unpack
from aelatent.runtime.own_file import holds_arrays, write_own
from aelatent.samplers.between_neighbours import BetweenNeighbours
from aelatent.samplers.distributions import distribution
from aelatent.samplers.hypersphere import Hypersphere
from aelatent.samplers.ladder import Ellipse, FittedSampler, Gaussian, OwnRanges, StandardNormal
from aelatent.samplers.mixture import Mixture
from aelatent.samplers.shrunk_gaussian import ShrunkGaussian

WIDEST = 2048  # dimensions up to which a covariance is made; beyond, codes themselves span it
SPANNING = 1000  # codes that span it there
SCHEMA = 1
FACTS = frozenset({"schema", "name", "code_shape"})  # in every file, beside the arrays

# By short names that stay. A claim takes the best of these, so that a new one goes below.
SAMPLERS: dict[str, FittedSampler] = {
    "standard-normal": StandardNormal(),
    "own-ranges": OwnRanges(),
    "gaussian": Gaussian(),
    "shrunk-gaussian": ShrunkGaussian(),
    "gaussian-cut-2": Ellipse(2),
    "gaussian-cut-1": Ellipse(1),
    "mixture": Mixture(),
    "between-neighbours": BetweenNeighbours(),
}
# Those that an audit compares. A new one needs a line here.
AUDITED: dict[str, FittedSampler] = {
    **SAMPLERS,
    "mixture-10": Mixture((10,)),
    "hypersphere": Hypersphere(),
}


@dataclass(frozen=True, eq=False)
class CodeSampler:
    """Draws codes from a distribution that was fitted to a model's codes.

    Attributes
    ----------
    name : str
        What it does, in words.
    code_shape : tuple of int
        Of one code, as the decoder takes it.
    arrays : mapping of str to ndarray
        Those of a `distribution`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> sampler = fit(Gaussian(), rng.normal(5.0, 1.0, (500, 2)), (2, 1))
    >>> sampler.draw(16, rng).shape
    (16, 2, 1)
    """

    name: str
    code_shape: tuple[int, ...]
    arrays: Mapping[str, NDArray[Any]]

    def draw(self, n: int, rng: np.random.Generator | int | None = None) -> NDArray[np.float32]:
        """Draw `n` codes, shape (n, *code_shape), as the decoder takes them.

        Parameters
        ----------
        n : int
            Number of codes, 1 or more.
        rng : numpy.random.Generator or int, optional
            A generator or its seed; new random numbers by default.

        Returns
        -------
        ndarray of float32, shape (n, *code_shape)
        """
        return (
            self.rows(n, np.random.default_rng(rng)).astype(np.float32).reshape(n, *self.code_shape)
        )

    def rows(self, n: int, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d).

        Parameters
        ----------
        n : int
            Number of codes, 1 or more.
        rng : numpy.random.Generator

        Returns
        -------
        ndarray of float64, shape (n, d)
        """
        return distribution(self.arrays).draw(n, rng)

    def save(self, path: str | Path) -> None:
        """Write the sampler to a file, whole or not at all.

        Raises
        ------
        StorageError
            If there is a file already that is no sampler of ours; it stays.
        """
        content = {
            "schema": np.array(SCHEMA),
            "name": np.array(self.name),
            "code_shape": np.array(self.code_shape, np.int64),
            **{f"arrays/{name}": values for name, values in self.arrays.items()},
        }
        write_own(path, pack(content), "a sampler", _is_sampler)


def load_sampler(path: str | Path) -> CodeSampler:
    """Read a sampler that an audit wrote.

    Examples
    --------
    Three lines from the file to new images::

        sampler = aelatent.load_sampler("sampler.npz")
        z = sampler.draw(16)
        images = decoder(z)

    Raises
    ------
    StorageError
        If there is no such file, or it holds no sampler that draws numbers.
    """
    path = Path(path)
    try:
        content = unpack(files.read(path), path)
        if int(content["schema"]) != SCHEMA:
            raise files.StorageError(
                f"{path}: expected schema {SCHEMA}, received {int(content['schema'])}"
            )
        arrays = {
            name.partition("/")[2]: values
            for name, values in content.items()
            if name.startswith("arrays/")
        }
        shape = tuple(int(side) for side in content["code_shape"])
        if min(shape, default=1) < 1:
            raise ValueError(f"codes of shape {shape}")  # noqa: TRY301 -- as below
        found = CodeSampler(str(content["name"]), shape, arrays)
        if not np.isfinite(found.draw(1, np.random.default_rng(0))).all():
            raise ValueError("one that draws NaN or infinity")  # noqa: TRY301 -- as below
    except FileNotFoundError:
        raise files.StorageError(
            f"{path}: expected a sampler, found no such file. Run: aelatent audit"
        ) from None
    except (KeyError, TypeError, ValueError, IndexError, ArithmeticError) as error:
        if isinstance(error, files.StorageError):
            raise
        raise files.StorageError(
            f"{path}: expected a sampler that an audit wrote, received {error!r}"
        ) from error
    return found


def _is_sampler(path: Path) -> bool:
    return holds_arrays(path, FACTS)


def fit(sampler: FittedSampler, codes: Floats, code_shape: tuple[int, ...]) -> CodeSampler:
    """Fit a sampler to codes of any number of dimensions.

    Parameters
    ----------
    sampler : FittedSampler
    codes : ndarray of float64, shape (n, d)
    code_shape : tuple of int
        Of one code, as the decoder takes it; of d numbers.

    Returns
    -------
    CodeSampler
        With arrays of 32 bits, as a file holds them: it draws what its file will draw.
    """
    fitted = sampler.fit(_WideCloud(codes))
    arrays = {
        name: values.astype(np.float32 if values.dtype == np.float64 else np.int32)
        for name, values in fitted.arrays.items()
    }
    return CodeSampler(sampler.name_of(fitted), code_shape, arrays)


class _WideCloud(LatentCloud):
    """A cloud of any number of dimensions, its principal axes with the largest variance first."""

    @cached_property
    def principal(self) -> tuple[Floats, Floats]:
        if self.d > WIDEST:
            codes = self.z_mean[:SPANNING]
            _, lengths, rows = np.linalg.svd(codes - self.mean, full_matrices=False)
            return (lengths / np.sqrt(len(codes) - 1)) ** 2, rows.T
        variances, columns = np.linalg.eigh(self.covariance)
        order = variances.argsort()[::-1]
        return np.clip(variances[order], 0, None), columns[:, order]
