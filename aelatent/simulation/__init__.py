"""How often each check errs: claims played in planted worlds whose truth is known.

A world is made by a function beside its claim, marked with `world`. `play` runs the very function
that pytest runs, on planted models, and returns its verdict; `calibrate` counts verdicts over many
worlds; `Calibrations` keeps the counts with the digest of the code that they hold for.
"""

from aelatent.simulation.error_rates import HEADING, Calibration, calibrate, percent, row
from aelatent.simulation.results import FILE, Calibrations, code_digest
from aelatent.simulation.run import play
from aelatent.simulation.scenarios import (
    NoWorld,
    World,
    files,
    unplanted,
    unplanted_of,
    world,
    worlds_of,
)
from aelatent.simulation.simulated_models import (
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
from aelatent.simulation.tasks import Task, excuses, identities, play_task, tasks_of

__all__ = [
    "DIGITS",
    "FACES",
    "FILE",
    "HEADING",
    "Calibration",
    "Calibrations",
    "NoWorld",
    "PlantedCard",
    "PlantedJudge",
    "PlantedModel",
    "PlantedReplicate",
    "Task",
    "World",
    "calibrate",
    "code_digest",
    "decoders",
    "excuses",
    "files",
    "identities",
    "paired",
    "percent",
    "play",
    "play_task",
    "row",
    "scores",
    "showing",
    "stored",
    "tasks_of",
    "torn",
    "unplanted",
    "unplanted_of",
    "world",
    "worlds_of",
]
