"""Explorers in a report's folder: made when what they depend on has changed, and only then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from threadpoolctl import threadpool_limits

import aelatent
from aelatent.explorer.model import ExploredModel
from aelatent.explorer.model_page import page_content
from aelatent.explorer.rendering import HERE, STYLE, digest_of, write_page
from aelatent.explorer.samples_page import samples_content
from aelatent.explorer.sprites import KIND, SpriteFolder
from aelatent.judges import JudgeCard, registry
from aelatent.judges.judged_samples import CLEAN, RECOGNISABLE
from aelatent.report.site import EXPLORERS, SAMPLES, explorer_pages
from aelatent.runtime.cache import fingerprint
from aelatent.runtime.owned_folder import owned
from aelatent.zoo import Collection

BUDGET = 6_000_000  # bytes of all that belongs to one decoder


@dataclass(frozen=True)
class ExplorerPage:
    """An explorer, and whether it was written or was there and unchanged."""

    name: str
    path: Path
    state: Literal["written", "unchanged"]


def explore(
    collection: Collection, name: str, report: Path, *, originals: bool = False
) -> ExplorerPage:
    """Write the explorer and the samples of a model, unless they are there unchanged.

    Parameters
    ----------
    collection : Collection
    name : str
        A model with a stored decoder; its first training is shown.
    report : Path
        The report's folder; nothing is written elsewhere.
    originals : bool
        Whether originals and reconstructions are shown even where people can be recognised.

    Returns
    -------
    ExplorerPage

    Raises
    ------
    FixtureError
        If there is no such model, or nothing of it can be shown.
    StorageError
        If the folder "explore" of the report holds files of somebody else, or another process
        writes to it.
    """
    with owned(report / EXPLORERS, KIND):
        return _explore(collection, name, report, originals=originals)


def _explore(collection: Collection, name: str, report: Path, *, originals: bool) -> ExplorerPage:
    folder, digest = report / EXPLORERS, _digest(collection, name, report, originals=originals)
    page, samples_page = folder / f"{name}.html", folder / f"{name}{SAMPLES}"
    if digest_of(page) == digest_of(samples_page) == digest:
        return ExplorerPage(name, page, "unchanged")
    model = ExploredModel.of(collection, name, originals=originals)
    write_pages(model, name, report, digest, [*_home(report), ("All explorers", "index.html")])
    write_index(collection, report)
    return ExplorerPage(name, page, "written")


def write_pages(
    model: ExploredModel,
    name: str,
    report: Path,
    digest: str,
    links: Sequence[tuple[str, str]],
) -> Path:
    """Write the explorer and the samples of a model.

    Parameters
    ----------
    model : ExploredModel
    name : str
        Of the files.
    report : Path
        The report's folder.
    digest : str
        Of all that the pages depend on.
    links : sequence of (str, str)
        Names and addresses of other pages.

    Returns
    -------
    Path
        Of the explorer.
    """
    folder = report / EXPLORERS
    sprite_folder = SpriteFolder(folder, name, digest)
    frame = _frame(model, name, digest, links)
    with threadpool_limits(1, "blas"):  # more would change the last digits, and save no time
        samples = frame | samples_content(model, sprite_folder)
        write_page(folder / f"{name}{SAMPLES}", "samples.html", samples)
        content = frame | page_content(model, sprite_folder)
        page = write_page(folder / f"{name}.html", "model.html", content)
    sprite_folder.remove_stale()  # last: somebody may look at the old pages until then
    return page


def write_index(collection: Collection, report: Path) -> Path:
    """Write the list of all explorers of a collection's models in a report's folder.

    Parameters
    ----------
    collection : Collection
    report : Path
        The report's folder.

    Returns
    -------
    Path
        Of the list.
    """
    known = set(collection.names())
    names = [name for name, _ in explorer_pages(report) if name in known]
    content = {
        "title": "Latent explorers",
        "heading": "Latent explorers",
        "digest": "",
        "links": _home(report),
        "about": (),
        "cards": [_card(collection, name, report / EXPLORERS) for name in names],
    }
    return write_page(report / EXPLORERS / "index.html", "index.html", content)


def _card(collection: Collection, name: str, folder: Path) -> dict[str, str]:
    picture = next((file.name for file in (folder / name).glob("card-*")), "")
    return {
        "name": name,
        "title": collection.specification(name).title,
        "page": f"{name}.html",
        "samples": f"{name}{SAMPLES}",
        "picture": picture and f"{name}/{picture}",
    }


def _digest(collection: Collection, name: str, report: Path, *, originals: bool) -> str:
    """Digest of all that the pages depend on: replicate, judge, library, and what they link."""
    described = collection.specification(name)
    library = sorted(Path(aelatent.__file__).parent.rglob("*.py"))
    parts = [*library, STYLE, *sorted(HERE.iterdir()), collection.folder / f"{name}.yaml"]
    entries = [collection.entries(name).get(described.seeds[0])]
    if described.judge:
        parts.append(registry.card_path(described.judge, collection))
        entries += [
            collection.entries(model).get(0) for model in registry.models_of(described.judge)
        ]
    stored = [entry.sha256 if entry else "" for entry in entries]
    has_front = (report / "index.html").exists()
    return fingerprint(
        [part for part in parts if part.exists()], *stored, f"{originals} {has_front}"
    )


def _home(report: Path) -> list[tuple[str, str]]:
    return [("Report", "../index.html")] if (report / "index.html").exists() else []


def _errors(card: JudgeCard) -> str:
    """Return how often a judge errs about clean and about recognisable images, in words."""
    words = []
    for word, grade in (("clean", CLEAN), ("recognisable", RECOGNISABLE)):
        found = 100 * card.sensitivity(grade).value
        false = 100 * card.false_acceptance(grade).value
        words.append(f"finds {found:.0f} % of {word} images {word}, and {false:.1f} % of others")
    return f"{card.judge}: {'; '.join(words)}"


def _frame(
    model: ExploredModel, name: str, digest: str, links: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """Return what both pages of a model show alike."""
    described = model.replicate.specification
    about = [
        ("model", model.name),
        ("training", model.training),
        ("images", model.images),
        ("departures", described.departures),
    ]
    if model.image_judge is not None:
        about.append(("judge", _errors(model.image_judge.card)))
    return {
        "title": f"{model.name} explored",
        "heading": described.title,
        "digest": digest,
        "about": about,
        "model": model.name,
        "links": [
            *links,
            ("Explorer", f"{name}.html"),
            ("Samples", f"{name}{SAMPLES}"),
        ],
    }
