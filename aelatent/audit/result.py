"""What `aelatent.audit` returns: the answer, the samplers, the numbers and the pictures."""

from __future__ import annotations

import base64
import io
import json
import shutil
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from aelatent.audit.advice import PRIOR
from aelatent.audit.answer import CODES
from aelatent.audit.audit_file import is_audit, pack_audit
from aelatent.audit.claims_subprocess import claim_identifiers
from aelatent.audit.description import DescriptionError
from aelatent.audit.draws import draw_rows, mosaic
from aelatent.audit.gates import Demands, Threshold
from aelatent.audit.progress import Progress, reporter
from aelatent.audit.running import KIND, RESULTS, Audit, save_samplers, summary, write_report
from aelatent.audit.sampler_table import AuditedSampler, SamplerTable
from aelatent.runtime import environment
from aelatent.runtime.arrays import pack
from aelatent.runtime.own_file import write_own
from aelatent.runtime.owned_folder import replacing

if TYPE_CHECKING:
    from aelatent.audit.claim_results import ClaimResults
    from aelatent.audit.plots import AuditPlots

STRIP = 640  # pixels: the widest picture in a notebook
SHOWN = 8


@dataclass(frozen=True, eq=False, repr=False)
class AuditResult(Audit):
    """The result of `aelatent.audit`; a notebook shows it as advice, table and decoded draws."""

    @cached_property
    def samplers(self) -> SamplerTable:
        """All samplers by short names, best first; `to_frame()` where pandas is installed."""
        return SamplerTable(self.recommendation, self.measured.autoencoders[0])

    @property
    def sampler(self) -> AuditedSampler:
        """The recommended sampler.

        Raises
        ------
        ValueError
            If none is recommended; the message says why.
        """
        recommended = [] if self.recommendation is None else self.recommendation.recommended
        if not recommended:
            why = " ".join(self.advice) or "There is no decoder."
            raise ValueError(f"sampler: none is recommended. {why}")
        return self.samplers[recommended[0].short]

    @property
    def plot(self) -> AuditPlots:
        """Figures: `radii()`, `spectrum()`, `draws()`."""
        from aelatent.audit.plots import AuditPlots  # matplotlib takes half a second

        return AuditPlots(self)

    def check(
        self,
        clean: float | None = None,
        recall: float | None = None,
        sampler: str = "",
        max_error: float | None = None,
    ) -> None:
        """Raise where the model falls short of demands, for a test.

        A model that does not reconstruct its images falls short of any.

        Parameters
        ----------
        clean, recall : float, optional
            The least share of the sampler's decoded draws that are clean, and of reconstructions
            that they surround; from 0 to 1.
        sampler : str
            Its short name; the best that keeps no codes of images by default.
        max_error : float, optional
            The largest mean squared error of reconstructions, on the scale [0, 1].

        Raises
        ------
        AssertionError
            With a line for each shortfall.
        ValueError
            If the sampler is unknown, or a number is none from 0 to 1.
        """
        limits = [
            () if least is None else (Threshold.parse(f"{sampler}:{least}"),)
            for least in (clean, recall)
        ]
        demands = Demands((), limits[0], limits[1], max_error)
        missed = self.shortcomings(demands) if demands else list(self.measured.refusals)
        if missed:
            raise AssertionError("\n".join(f"FAILED {line}" for line in missed))

    def claims(self, claims: Sequence[str] = (), progress: bool | Progress = True) -> ClaimResults:
        """Run published claims on the model, in this process and on the same objects.

        That takes a minute or two, and happens once: another call with the same claims returns the
        same results. `report` then shows them too.

        Parameters
        ----------
        claims : sequence of str
            Identifiers, such as "A-18"; all that are about one model by default.
        progress : bool or callable
            Whether to show a bar; or a callable, see `aelatent.audit.progress`.

        Returns
        -------
        ClaimResults
            Prints itself; `to_frame()` where pandas is installed.

        Raises
        ------
        DescriptionError
            If an identifier is none of a claim, or pytest could not run the claims.
        """
        from aelatent.audit.claim_results import ClaimResults
        from aelatent.audit.claims_in_process import run_claims

        asked = tuple([claims] if isinstance(claims, str) else claims)
        if unknown := sorted(set(asked) - claim_identifiers()):
            raise DescriptionError(
                f"claims: expected identifiers such as A-18, received {', '.join(unknown)}"
            )
        if asked not in self._claim_results:
            folder = Path(tempfile.mkdtemp(prefix="aelatent-"))
            # The pages and figures live as long as the audit.
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            with reporter(progress) as report:
                records = run_claims(self.measured, folder, asked, report)
            self._claim_results[asked] = ClaimResults(records, folder)
        return self._claim_results[asked]

    @cached_property
    def _claim_results(self) -> dict[tuple[str, ...], ClaimResults]:
        return {}

    def to_dict(self) -> dict[str, Any]:
        """Return the results in plain types, as audit.json holds them."""
        return summary(self, environment.description(Path()))

    def to_json(self) -> str:
        """Return `to_dict()` as JSON."""
        return json.dumps(self.to_dict(), indent=1)

    def save(self, path: str | Path) -> Path:
        """Write everything but networks and images to one file, for `aelatent.load_audit`.

        Raises
        ------
        StorageError
            If there is a file already that is no audit of ours; it stays.
        """
        return write_own(path, pack(pack_audit(self, self.found)), "an audit", is_audit)

    def report(self, folder: str | Path) -> Path:
        """Write the page, audit.json, the summary and the samplers; return the page's path.

        The page shows the claims that were run last, if any were.

        Raises
        ------
        StorageError
            If the folder holds files that no audit wrote, or another audit writes to it.
        """
        folder = Path(folder)
        known = list(self._claim_results.values())[-1:]
        records = known[0].records if known else ()
        with replacing(folder, KIND, RESULTS) as new:
            save_samplers(self.recommendation, new)
            for results in known:
                results.copy_pages(new)
            write_report(replace(self, records=records), new)
        return folder / "index.html"

    def __repr__(self) -> str:
        return self.answer

    def _repr_html_(self) -> str:
        answer = "<br>".join(escape(line) for line in [*self.advice, self.codes.sentence])
        mark = "&#10003;" if self.ok else "&#10007;"
        title = escape(self.measured.description.name)
        parts = [
            f"<h4>{mark} Audit of {title}</h4><p>{answer}</p>",
            self.samplers._repr_html_() if len(self.samplers) else "",
            self._strip(),
            f"<p><small>Read as: {escape(self.found)}.</small></p>" if self.found else "",
        ]
        return f"<div>{''.join(parts)}</div>"

    def _strip(self) -> str:
        """Return the first decoded draws of the first sampler, of N(0, I) and of codes."""
        rows = draw_rows(self)
        wanted = dict.fromkeys([*list(rows)[:1], PRIOR, CODES])
        chosen = {name: rows[name][:SHOWN] for name in wanted if name in rows}
        if not chosen:
            return ""
        picture = Image.fromarray(np.ascontiguousarray(mosaic(list(chosen.values()))))
        if picture.width > STRIP:
            picture = picture.resize((STRIP, max(1, picture.height * STRIP // picture.width)))
        file = io.BytesIO()
        picture.convert("RGB").save(file, "JPEG", quality=85)
        content = base64.b64encode(file.getvalue()).decode()
        names = escape(", ".join(chosen))
        width = picture.width * max(1, STRIP // (2 * picture.width))
        return (
            f"<figure><img width='{width}' style='image-rendering:pixelated' alt='Decoded draws, "
            f"one row each: {names}' src='data:image/jpeg;base64,{content}'>"
            f"<figcaption>Decoded draws, one row each: {names}</figcaption></figure>"
        )
