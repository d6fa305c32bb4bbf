"""How often each check errs: claims played in planted worlds whose truth is known.

A world is made by a function beside its claim, marked with `world`. `play` runs the very function
that pytest runs, on planted models, and returns its verdict; `calibrate` counts verdicts over many
worlds; `Calibrations` keeps the counts with the digest of the code that they hold for.
"""

from aelatent.calibration.counting import Calibration, calibrate, percent
from aelatent.calibration.planting import (
    DIGITS,
    FACES,
    PlantedCard,
    PlantedJudge,
    PlantedModel,
    PlantedReplicate,
    decoders,
    paired,
    scores,
    showing,
    stored,
    torn,
)
from aelatent.calibration.playing import play
from aelatent.calibration.storing import FILE, Calibrations, code_digest
from aelatent.calibration.worlds import (
    NoWorld,
    World,
    files,
    unplanted,
    unplanted_of,
    world,
    worlds_of,
)

__all__ = [
    "DIGITS",
    "FACES",
    "FILE",
    "Calibration",
    "Calibrations",
    "NoWorld",
    "PlantedCard",
    "PlantedJudge",
    "PlantedModel",
    "PlantedReplicate",
    "World",
    "calibrate",
    "code_digest",
    "decoders",
    "files",
    "paired",
    "percent",
    "play",
    "scores",
    "showing",
    "stored",
    "torn",
    "unplanted",
    "unplanted_of",
    "world",
    "worlds_of",
]
