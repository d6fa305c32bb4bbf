"""Kill commands at random moments, and look at what is lost: `python -m tests.faults.kills 100`.

A round starts a command, kills it with SIGKILL at a random moment of its usual time, and looks at
its results: they must be those of some whole run. After every fifth kill the command runs to its
end. What is counted: results that were not whole, hidden files that were left, processes that went
on, and runs that did not end well, or left hidden files of earlier ones.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aelatent.report import read_results
from aelatent.runtime.owned_folder import MANIFEST, OwnedFolder
from aelatent.simulation import Calibrations
from aelatent.zoo import Collection

HOME = Path(__file__).parents[2]
EACH = 5  # kills, after which a run goes to its end
PATIENCE = 30.0  # seconds until a process that goes on counts
FRESH = "--aelatent-fresh"
AELATENT = sys.executable, "-m", "aelatent"
PYTEST = sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"
CHILD = sys.executable, "-m", "tests.faults.kills"


@dataclass(frozen=True)
class Work:
    """A command, and what its results must be.

    Attributes
    ----------
    name : str
    prepare : callable
        Writes what the command needs into a new folder.
    command : tuple of str
        It runs in that folder, with "FOLDER" replaced.
    whole : callable
        Tells whether the results in the folder are those of a whole run.
    again : callable
        Makes the command do its work again, where it would find it done.
    """

    name: str
    prepare: Callable[[Path], None]
    command: tuple[str, ...]
    whole: Callable[[Path], bool]
    again: Callable[[Path], None] = lambda _: None


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def codes(folder: Path) -> None:
    np.save(folder / "codes.npy", np.random.default_rng(0).normal(size=(600, 8)))
    (folder / "mine.yaml").write_text("name: mine\ncodes: codes.npy\n")


def claims(folder: Path) -> None:
    from tests.faults.conftest import Project

    Project(folder).write("assert False")


def calibration(folder: Path) -> None:
    for source in HOME.glob("claims/*/test_radius_density_peaks_near_root_n.py"):
        (folder / "claims" / source.parent.name).mkdir(parents=True)
        shutil.copy(source, folder / "claims" / source.parent.name)


def trained(folder: Path) -> None:
    from tests.conftest import write_tiny

    write_tiny(folder / "fixtures")


def audited(folder: Path) -> bool:
    report = folder / "audit"
    json.loads((report / "audit.json").read_text())
    ended = (report / "index.html").read_text().rstrip().endswith("</html>")
    return ended and ours(report)


def reported(folder: Path) -> bool:
    read_results(folder / "reports" / "results.json")
    ended = (folder / "reports" / "index.html").read_text().rstrip().endswith("</html>")
    return ended and ours(folder / "reports")


def explored(folder: Path) -> bool:
    page = (folder / "reports" / "explore" / "tiny.html").read_text()
    return page.rstrip().endswith("</html>") and ours(folder / "reports" / "explore")


def ours(report: Path) -> bool:
    """Tell whether every file is one that the list names, as it was written."""
    own = OwnedFolder(report)
    own.read()
    files = [path for path in report.rglob("*") if path.is_file() and not hidden(path, report)]
    return all(own.holds(path) for path in files)


def hidden(path: Path, report: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(report).parts)


def replicate(folder: Path) -> bool:
    """Tell whether the lock is whole, and whatever it names."""
    collection = Collection(folder / "fixtures")
    entries = collection.entries("tiny")
    return 1 in entries and not [c for seed, c in collection.complaints("tiny") if seed in entries]


def forget(folder: Path) -> None:
    """Remove seed 0: it is made again, beside seed 1."""
    from aelatent.zoo import lock

    home = folder / "fixtures" / "tiny"
    (home / "seed-0.npz").unlink(missing_ok=True)
    content = json.loads((home / "lock.json").read_text())
    content["replicates"].pop("0", None)
    (home / "lock.json").write_text(json.dumps(content))
    assert 0 not in lock.read(home).replicates
    shutil.rmtree(folder / "fixtures" / ".work", ignore_errors=True)


def retitle(folder: Path) -> None:
    """Change the specification, so that the pages are made again."""
    with (folder / "fixtures" / "tiny.yaml").open("a") as file:
        file.write(" \n")


WORKS = (
    Work("train", trained, (*CHILD, "--train", "FOLDER"), replicate, forget),
    Work("audit", codes, (*AELATENT, "audit", "mine.yaml", "--claims", "B-08"), audited),
    Work("claims", claims, (*PYTEST, FRESH), reported),
    Work("claims, 2 workers", claims, (*PYTEST, FRESH, "-n", "2"), reported),
    Work("report", claims, (*PYTEST,), reported),
    Work(
        "explore",
        trained,
        (*CHILD, "--explore", "FOLDER"),
        explored,
        retitle,
    ),
    Work(
        "calibrate",
        calibration,
        (*AELATENT, "calibrate", "B-08", "--simulations", "20"),
        lambda f: len(Calibrations.read(f / "claims" / "calibration.json").records) > 0,
    ),
)


def child(work: str, folder: Path) -> None:
    """Train or explore the tiny model on images of blobs."""
    from aelatent import data, explorer
    from aelatent.training.pipeline import produce
    from tests.conftest import images_of_blobs

    collection = Collection(folder / "fixtures")
    data.load = lambda *_, **__: images_of_blobs()  # type: ignore[assignment]
    for seed in (1, 0):
        produce(collection, "tiny", seed, lambda _: images_of_blobs())
    if work == "--explore":
        explorer.explore(collection, "tiny", folder / "reports")


def start(work: Work, folder: Path) -> subprocess.Popen[bytes]:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    command = [part.replace("FOLDER", str(folder)) for part in work.command]
    variables = {**os.environ, "PYTHONPATH": str(HOME), "KILLED": str(folder)}
    return subprocess.Popen(command, cwd=folder, env=variables, **quiet)  # type: ignore[call-overload]


def processes(folder: Path) -> list[int]:
    """Return the processes of a folder's commands, by their environment."""
    mark, found = f"KILLED={folder}".encode(), []
    for place in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in place.read_bytes().split(b"\0"):
                found.append(int(place.parent.name))
        except OSError:
            continue
    return found


def ends(folder: Path) -> bool:
    """Tell whether all processes of a folder's commands end within a while."""
    deadline = time.monotonic() + PATIENCE
    while processes(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)
    return True


def remains(folder: Path) -> int:
    """Count hidden files and partial reports; lists, locks and checkpoints belong there."""
    return sum(
        each.name.startswith(".aelatent-") and each.name not in {MANIFEST, ".aelatent-lock"}
        for each in folder.rglob(".aelatent-*")
    )


def rounds(work: Work, kills: int, moments: random.Random) -> Counter[str]:
    """Kill one command so many times; return what was counted."""
    found: Counter[str] = Counter(kills=kills)
    with tempfile.TemporaryDirectory(prefix="kills") as name:
        folder = Path(name)
        work.prepare(folder)
        spent = -time.perf_counter()
        started = start(work, folder)
        assert started.wait() in {0, 1}, f"{work.name}: the command fails by itself"
        spent += time.perf_counter()
        assert work.whole(folder), f"{work.name}: not whole after a whole run"
        for number in range(1, kills + 1):
            work.again(folder)
            process = start(work, folder)
            time.sleep(moments.uniform(0.05, 1.0) * spent)
            found["ended before"] += process.poll() is not None
            process.send_signal(signal.SIGKILL)
            process.wait()
            found["went on"] += not ends(folder)
            found["left"] += bool(remains(folder))
            found["lost"] += not is_whole(work, folder)
            if number % EACH == 0 or number == kills:
                status = start(work, folder).wait()
                found["next"] += 1
                sound = status in {0, 1} and is_whole(work, folder) and not remains(folder)
                found["next failed"] += not sound
    return found


def is_whole(work: Work, folder: Path) -> bool:
    try:
        return work.whole(folder)
    except (OSError, ValueError, KeyError) as error:
        say(f"  {work.name}: {error}")
        return False


def main(kills: int, names: list[str]) -> None:
    moments = random.Random(0)  # noqa: S311 -- moments, no secrets
    works = [work for work in WORKS if not names or work.name in names]
    say("| command | kills | lost | went on | left something | next runs | of these failed |")
    say("|---|---|---|---|---|---|---|")
    for work in works:
        found = rounds(work, -(-kills // len(works)), moments)
        keys = "kills", "lost", "went on", "left", "next", "next failed"
        say(f"| {work.name} | {' | '.join(str(found[k]) for k in keys)} |")


if __name__ == "__main__":
    if sys.argv[1].startswith("--"):
        child(sys.argv[1], Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]), sys.argv[2:])
