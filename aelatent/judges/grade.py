"""What an image shows: nothing, something damaged, or a clean picture."""

from __future__ import annotations

from enum import IntEnum


class Grade(IntEnum):
    """How well an image shows what its judge looks for, as a person would say.

    Attributes
    ----------
    NONE
        Nobody would name it.
    DAMAGED
        Recognisable, but parts are missing, doubled, smeared or out of place.
    CLEAN
        As good as the reconstruction of a photograph.
    """

    NONE = 0
    DAMAGED = 1
    CLEAN = 2

    @property
    def word(self) -> str:
        """The grade in lower case, as it stands in files: "clean"."""
        return self.name.lower()
