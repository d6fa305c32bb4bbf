"""Samplers that were fitted to codes: draw new codes, and travel as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from aelatent.latent.cloud import Floats
from aelatent.runtime import files

WIDEST = 2048  # dimensions up to which a covariance is made; beyond, codes themselves span it
SPANNING = 1000  # codes that span it there
LEADING = 20  # principal components in which a mixture tells its parts apart
PARTS = 2, 4, 8
STEPS = 0, 0.5  # how far towards its neighbour a code moves, as a share of the way
NEAREST = 5
REFERENCES = 2000
SCHEMA = 1


@dataclass(frozen=True, eq=False)
class CodeSampler:
    """Draws codes by a law that was fitted to a model's codes.

    Attributes
    ----------
    name : str
        What it does, in words.
    code_shape : tuple of int
        Of one code, as the decoder takes it.
    arrays : mapping of str to ndarray
        "mean" (d,) and "factor" (r, d): a draw is the mean plus r scores times the factor. Scores
        are independent N(0, 1); with "cut" they stay within so many standard deviations; with
        "weights" (k,), "centres" (k, m) and "factors" (k, m, m) the first m follow a mixture. Or
        "deviations" (d,) for independent components; or "codes" (n, d) and "neighbours" (n, j).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> sampler = gaussian(rng.normal(5.0, 1.0, (500, 2)), (2, 1))
    >>> sampler.draw(16, rng).shape
    (16, 2, 1)
    """

    name: str
    code_shape: tuple[int, ...]
    arrays: Mapping[str, NDArray[Any]]

    def draw(self, n: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """Draw `n` codes, shape (n, *code_shape), as the decoder takes them."""
        return self.rows(n, rng).astype(np.float32).reshape(n, *self.code_shape)

    def rows(self, n: int, rng: np.random.Generator) -> Floats:
        """Draw `n` codes, shape (n, d)."""
        if n < 1:
            raise ValueError(f"expected one draw or more, received {n}")
        has = {name: values.astype(np.float64) for name, values in self.arrays.items()}
        if "codes" in has:
            chosen = rng.integers(0, len(has["codes"]), n)
            others = self.arrays["neighbours"].astype(np.int64)[chosen]
            toward = others[np.arange(n), rng.integers(0, others.shape[1], n)]
            step = rng.uniform(*STEPS, (n, 1))
            return np.asarray((1 - step) * has["codes"][chosen] + step * has["codes"][toward])
        if "deviations" in has:
            return np.asarray(
                has["mean"] + has["deviations"] * rng.standard_normal((n, len(has["mean"])))
            )
        scores = self._scores(n, len(has["factor"]), has, rng)
        return np.asarray(has["mean"] + scores @ has["factor"])

    def _scores(
        self, n: int, r: int, has: Mapping[str, Floats], rng: np.random.Generator
    ) -> Floats:
        if "cut" in has:
            inside = special.ndtr(-float(has["cut"])), special.ndtr(float(has["cut"]))
            return np.asarray(special.ndtri(rng.uniform(*inside, (n, r))))
        scores = rng.standard_normal((n, r))
        if "weights" in has:
            part = rng.choice(len(has["weights"]), n, p=has["weights"] / has["weights"].sum())
            m = has["centres"].shape[1]
            turned = np.einsum("ni,nij->nj", scores[:, :m], has["factors"][part])
            scores[:, :m] = has["centres"][part] + turned
        return scores

    def save(self, path: str | Path) -> None:
        """Write the sampler to a file, whole or not at all."""
        content = {
            "schema": np.array(SCHEMA),
            "name": np.array(self.name),
            "code_shape": np.array(self.code_shape, np.int64),
            **{f"arrays/{name}": values for name, values in self.arrays.items()},
        }
        files.write(Path(path), files.pack(content))


def load_sampler(path: str | Path) -> CodeSampler:
    """Read a sampler that an audit wrote.

    Examples
    --------
    Three lines from the file to new images::

        sampler = aelatent.load_sampler("sampler.npz")
        z = sampler.draw(16, np.random.default_rng())
        images = decoder(z)

    Raises
    ------
    StorageError
        If there is no such file, or it holds no sampler.
    """
    path = Path(path)
    try:
        content = files.unpack(files.read(path), path)
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
        return CodeSampler(str(content["name"]), shape, arrays)
    except FileNotFoundError:
        raise files.StorageError(
            f"{path}: expected a sampler, found no such file. Run: aelatent audit"
        ) from None
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, files.StorageError):
            raise
        raise files.StorageError(
            f"{path}: expected a sampler that an audit wrote, received {error!r}"
        ) from error


Fit = Callable[[Floats, tuple[int, ...]], CodeSampler]


def standard_normal(codes: Floats, shape: tuple[int, ...]) -> CodeSampler:
    """Return N(0, I), whatever the codes are: the prior of a VAE."""
    d = codes.shape[1]
    return _sampler("N(0, I)", shape, mean=np.zeros(d), deviations=np.ones(d))


def own_ranges(codes: Floats, shape: tuple[int, ...]) -> CodeSampler:
    """Return independent normal components, each with its own mean and standard deviation."""
    mean, deviations = codes.mean(axis=0), codes.std(axis=0, ddof=1)
    return _sampler("each component in its own range", shape, mean=mean, deviations=deviations)


def gaussian(codes: Floats, shape: tuple[int, ...]) -> CodeSampler:
    """Return a normal law with the mean and the whole covariance of the codes."""
    mean, factor = _principal(codes)
    return _sampler("Gaussian with the codes' mean and covariance", shape, mean=mean, factor=factor)


def shrunk(codes: Floats, shape: tuple[int, ...]) -> CodeSampler:
    """Return a normal law, the covariance drawn towards a multiple of I (Ledoit and Wolf, 2004).

    The better law where there are not many times more codes than dimensions.
    """
    from sklearn.covariance import ledoit_wolf_shrinkage

    mean, factor = _principal(codes)
    share = float(ledoit_wolf_shrinkage(codes[:REFERENCES], block_size=WIDEST))
    variances = (factor**2).sum(axis=1)
    level = variances.sum() / codes.shape[1]
    axes = factor / np.sqrt(np.maximum(variances, 1e-300))[:, None]
    own = np.sqrt((1 - share) * variances + share * level)[:, None] * axes
    return _sampler("Gaussian, covariance shrunk", shape, mean=mean, factor=own)


def ellipse(k: float) -> Fit:
    """Return a normal law, every principal component cut off at k standard deviations."""

    def fit(codes: Floats, shape: tuple[int, ...]) -> CodeSampler:
        mean, factor = _principal(codes)
        far = "one standard deviation" if k == 1 else f"{k:g} standard deviations"
        name = f"Gaussian within {far} along each principal axis"
        return _sampler(name, shape, mean=mean, factor=factor, cut=np.array(k))

    return fit


def mixture(codes: Floats, shape: tuple[int, ...]) -> CodeSampler:
    """Return a mixture of normal laws in the leading principal components, normal in the rest.

    Of two, four and eight parts those are taken that predict a fifth of the codes best.
    """
    from sklearn.mixture import GaussianMixture

    mean, factor = _principal(codes)
    m = min(LEADING, len(factor))
    sizes = (factor[:m] ** 2).sum(axis=1)
    scores = (codes - mean) @ factor[:m].T / np.maximum(sizes, 1e-300)
    unseen = np.arange(len(scores)) % 5 == 0
    fits = [
        GaussianMixture(parts, reg_covar=1e-3, random_state=0).fit(scores[~unseen])
        for parts in PARTS
        if (~unseen).sum() > 2 * parts * m
    ] or [GaussianMixture(1, reg_covar=1e-3, random_state=0).fit(scores[~unseen])]
    best = max(fits, key=lambda found: found.score(scores[unseen]))
    factors = np.linalg.cholesky(best.covariances_).transpose(0, 2, 1)
    return _sampler(
        f"mixture of {len(best.weights_)} Gaussians",
        shape,
        mean=mean,
        factor=factor,
        weights=best.weights_,
        centres=best.means_,
        factors=factors,
    )


def neighbours(codes: Floats, shape: tuple[int, ...]) -> CodeSampler:
    """Return the law of a code that moves up to half of the way towards a near fellow."""
    from sklearn.neighbors import NearestNeighbors

    kept = codes[:REFERENCES]
    near = NearestNeighbors(n_neighbors=min(NEAREST, len(kept) - 1)).fit(kept).kneighbors()[1]
    return _sampler("between neighbouring codes", shape, codes=kept, neighbours=near)


FITS: tuple[Fit, ...] = (
    standard_normal,
    own_ranges,
    gaussian,
    shrunk,
    ellipse(2),
    ellipse(1),
    mixture,
    neighbours,
)


def _principal(codes: Floats) -> tuple[Floats, Floats]:
    """Return the mean, and the principal axes in standard deviations, (r, d), largest first."""
    mean = codes.mean(axis=0)
    if codes.shape[1] > WIDEST:
        _, sizes, axes = np.linalg.svd(codes[:SPANNING] - mean, full_matrices=False)
        return mean, sizes[:, None] / np.sqrt(min(len(codes), SPANNING) - 1) * axes
    variances, columns = np.linalg.eigh(np.atleast_2d(np.cov(codes, rowvar=False)))
    order = variances.argsort()[::-1]
    return mean, np.sqrt(np.clip(variances[order], 0, None))[:, None] * columns.T[order]


def _sampler(name: str, shape: tuple[int, ...], **arrays: Any) -> CodeSampler:
    kept = {
        key: np.asarray(values, np.int32 if key == "neighbours" else np.float32)
        for key, values in arrays.items()
    }
    return CodeSampler(name, shape, kept)
