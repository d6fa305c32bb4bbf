"""`aelatent.explore`: the explorer of a model that was audited."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aelatent.audit.adapter import AuditedModel
from aelatent.audit.conditions import table_of
from aelatent.audit.description import DescriptionError
from aelatent.audit.measured import MeasuredModel
from aelatent.audit.progress import Progress, reporter
from aelatent.audit.running import KIND, RESULTS
from aelatent.explorer import write_pages
from aelatent.explorer.model import ExploredModel
from aelatent.explorer.sprites import KIND as EXPLORER
from aelatent.judges.judge import Pixels
from aelatent.report.audited import write_audit_again
from aelatent.report.site import EXPLORERS
from aelatent.runtime.owned_folder import owned
from aelatent.zoo.capabilities import PLANE

if TYPE_CHECKING:
    from aelatent.audit.result import AuditResult

HEIGHT = 900  # pixels of the frame in a notebook


@dataclass(frozen=True)
class AuditExplorer:
    """The explorer of an audited model; a notebook shows it in a frame.

    Attributes
    ----------
    path : Path
        Of the page; its pictures lie beside it.
    """

    path: Path

    def _repr_html_(self) -> str:
        source = escape(os.path.relpath(self.path))
        return f"<iframe src='{source}' width='100%' height='{HEIGHT}' title='Explorer'></iframe>"


class _AuditedTraining(ExploredModel):
    """The first training of a user's model: everything of it may be shown to its user."""

    @property
    def absence(self) -> str:
        return "an audit keeps no originals"

    @property
    def training(self) -> str:
        return "the first"

    @property
    def code_name(self) -> str:
        """Nothing tells whether the model was trained on the images."""
        return "codes"

    @property
    def shown(self) -> bool:
        return True

    @property
    def class_names(self) -> tuple[str, ...] | None:
        """Class numbers as names where there are ten classes or fewer, which have signs."""
        labels = self.replicate.held_out.labels
        if labels is None or not set(labels.tolist()) <= set(range(10)):
            return None
        return tuple(map(str, range(10)))

    def pairs(self) -> tuple[Pixels, Pixels]:
        from aelatent.data import MissingData

        raise MissingData(self.absence)


def explore(
    audit: AuditResult | MeasuredModel,
    folder: str | Path = "audit",
    progress: bool | Progress = True,
) -> AuditExplorer:
    """Write pages on which a point moves through the latent space of an audited model.

    Where the folder holds the audit's report, its page then links to the explorer. The pages show
    decoded codes of your images: if those are photographs of people, do not publish them.

    Parameters
    ----------
    audit : AuditResult or MeasuredModel
        With its networks: not from a file.
    folder : path
        Of the report; the pages lie in its folder "explore".
    progress : bool or callable
        Whether to show that it works; or a callable, see `aelatent.audit.progress`.

    Returns
    -------
    AuditExplorer
        With the `path` of the page.

    Raises
    ------
    DescriptionError
        If the model has no decoder or fewer than two latent dimensions, or was loaded from a file.
    StorageError
        If the folder holds files that no audit wrote, or another audit writes to it.

    Examples
    --------
    ::

        r = aelatent.audit(model, images=x)
        r.report("audit")
        aelatent.explore(r, "audit")
    """
    measured = audit if isinstance(audit, MeasuredModel) else audit.measured
    if table_of(measured.autoencoders[0].decoder) is not None:
        raise DescriptionError(
            "explore: expected a decoder of codes alone, or under one condition, received one "
            "condition for each image. Audit one at a time: images=x[y == 3], condition=3"
        )
    if measured.d < PLANE or measured.autoencoders[0].decoder is None:
        raise DescriptionError(
            f"{measured.description.name}: expected a decoder and two latent dimensions or more to "
            "explore; an audit that was loaded from a file has no networks"
        )
    with reporter(progress) as report:
        report("exploring", 0, 1)
        path = _write(measured, Path(folder))
        report("exploring", 1, 1)
    return AuditExplorer(path)


def _write(measured: MeasuredModel, folder: Path) -> Path:
    """Write the pages, and the links to them on the audit's page; return the explorer's path."""
    model: Any = _AuditedTraining(AuditedModel(measured).undivided, measured.image_judge)  # type: ignore[arg-type]
    name = _file_name(measured.description.name)
    home = [("Audit", "../index.html")] if (folder / "index.html").exists() else []
    with owned(folder / EXPLORERS, EXPLORER):
        path = write_pages(model, name, folder, _digest(measured), home)
    if (folder / RESULTS).is_file():
        with owned(folder, KIND):
            write_audit_again(folder)
    return path


def _file_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower() or "model"


def _digest(measured: MeasuredModel) -> str:
    codes = measured.trainings[0].codes
    return hashlib.sha256(codes.tobytes() + measured.description.name.encode()).hexdigest()
