"""The pictures of one model's pages, in a folder of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aelatent.explorer import sheets
from aelatent.judges.judge import Pixels
from aelatent.runtime.files import write


@dataclass(frozen=True)
class Gallery:
    """Pictures under names that no picture of another making has.

    A page never shows pictures that were made for another one, whenever the making is cut off.

    Attributes
    ----------
    folder : Path
        Where the pages lie; the pictures lie in a folder of it with the model's name.
    name : str
    digest : str
        Of all that the pictures depend on.
    kept : set of str
        Files that were written.
    """

    folder: Path
    name: str
    digest: str
    kept: set[str] = field(default_factory=set)

    def hang(self, title: str, sheet: Pixels, most: int = sheets.MOST) -> dict[str, Any]:
        """Write a sheet of at most so many bytes; return its address and its size in pixels."""
        file = f"{title}-{self.digest[:12]}.webp"
        write(self.folder / self.name / file, sheets.encoded(sheet, most))
        self.kept.add(file)
        return {"sheet": f"{self.name}/{file}", "pixels": (sheet.shape[1], sheet.shape[0])}

    def tidy(self) -> None:
        """Delete the pictures of earlier makings."""
        for file in (self.folder / self.name).glob("*.webp"):
            if file.name not in self.kept:
                file.unlink(missing_ok=True)
