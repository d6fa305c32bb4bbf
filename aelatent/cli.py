"""The command line: images, fixture models, judges, audits, calibration of claims."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from traceback import format_exception
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from aelatent import data
from aelatent.data import DataError, MissingData
from aelatent.inference.rules import Outcome
from aelatent.runtime import executors, quiet_keras
from aelatent.runtime.executors import ClusterError
from aelatent.runtime.files import StorageError
from aelatent.zoo import Collection, FixtureError
from aelatent.zoo.specification import SpecificationError

if TYPE_CHECKING:
    from aelatent.audit.gates import Threshold

EXPECTED = (
    DataError,
    FixtureError,
    SpecificationError,
    StorageError,
    ClusterError,
    FloatingPointError,
)
CLUSTER = "run on the workers of a dask scheduler, such as tcp://10.0.0.1:8786, or its file"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status.

    0 if all went well, 1 if a result is not as demanded, 2 for bad input or use.
    """
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except EXPECTED as error:
        print(f"aelatent: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("aelatent: interrupted; finished results are kept", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    root = argparse.ArgumentParser(prog="aelatent", description=__doc__)
    root.add_argument(
        "--fixtures", type=Path, default=Path("fixtures"), help="folder of the models"
    )
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    _about_what_is_here(commands)
    _about_models(commands)
    _about_runs(commands)
    return root


def _about_what_is_here(commands: Any) -> None:
    """Add the commands about the installation, images and fixture models."""
    command = commands.add_parser("doctor", help="check the installation; explain what is missing")
    command.set_defaults(run=doctor)

    command = commands.add_parser("data", help="list, explain or download image sets")
    command.add_argument("name", nargs="?", help="an image set; by default all are listed")
    command.add_argument(
        "--download", action="store_true", help="download the set if it is not on this machine"
    )
    command.set_defaults(run=show_data)

    command = commands.add_parser("train", help="train fixture models and store their replicates")
    command.add_argument("names", nargs="*", metavar="NAME")
    command.add_argument("--all", action="store_true", help="all models in the folder")
    command.add_argument("--seeds", type=seeds, help="such as 0-4 or 0,2; by default all")
    command.add_argument(
        "--together",
        action="store_true",
        help="train the replicates of a model side by side; see docs/gpu.md",
    )
    command.add_argument("--cluster", metavar="ADDRESS", help=CLUSTER)
    command.add_argument(
        "--gpu",
        action="store_true",
        default=None,
        help="give each training a GPU of the cluster; the default if a worker declares one",
    )
    command.set_defaults(run=train)

    command = commands.add_parser("fixtures", help="list the models, and check their replicates")
    command.set_defaults(run=show_fixtures)

    command = commands.add_parser(
        "judges", help="show the error rates of the judges, or measure them"
    )
    command.add_argument(
        "names", nargs="*", metavar="NAME", help="a judge, such as faces; by default all"
    )
    command.add_argument(
        "--measure", action="store_true", help="measure the error rates and store them"
    )
    command.set_defaults(run=show_judges)

    command = commands.add_parser("judge", help="grade the images of a file: none, damaged, clean")
    command.add_argument("name", choices=["digits", "faces", "likeness"], help="the judge")
    command.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="IMAGES.npy",
        help="uint8 images (n, h, w, c); for likeness first a file of 120 reference images or more",
    )
    command.add_argument("--json", action="store_true", help="print grade and score of each image")
    command.set_defaults(run=judge)


def _about_models(commands: Any) -> None:
    """Add the commands that examine a model."""
    command = commands.add_parser(
        "audit", help="audit your own autoencoder: can it be sampled, how, and what breaks"
    )
    command.add_argument(
        "description", type=Path, metavar="MODEL.yaml", help="description of the model"
    )
    command.add_argument(
        "--report", type=Path, default=Path("audit"), metavar="DIR", help="folder of the report"
    )
    command.add_argument(
        "--claims", nargs="*", default=[], metavar="ID", help="run only these claims, such as A-18"
    )
    command.add_argument(
        "--fail-on",
        action="append",
        default=[],
        type=demand,
        metavar="OUTCOME:CLAIM",
        help="exit with status 1 on this verdict, such as refuted:A-18; may be repeated",
    )
    command.add_argument(
        "--min-hit-rate",
        action="append",
        default=[],
        type=threshold,
        metavar="[SAMPLER:]X",
        help="exit with status 1 if a sampler's rate of clean images is lower, such as "
        "gaussian:0.9; a number alone is about the best sampler that keeps no codes; repeatable",
    )
    command.add_argument(
        "--min-recall",
        action="append",
        default=[],
        type=threshold,
        metavar="[SAMPLER:]X",
        help="the same for the share of reconstructions that a sampler's images surround",
    )
    command.add_argument(
        "--max-error",
        type=positive,
        metavar="X",
        help="exit with status 1 if held-out images are reconstructed with a larger mean squared "
        "error, on the scale [0, 1]",
    )
    command.set_defaults(run=audit)

    command = commands.add_parser(
        "explore", help="write interactive pages of the latent spaces of models"
    )
    command.add_argument(
        "names", nargs="*", metavar="MODEL", help="by default every trained model with a decoder"
    )
    command.add_argument(
        "--report", type=Path, default=Path("reports"), metavar="DIR", help="folder of the report"
    )
    command.add_argument(
        "--originals",
        action="store_true",
        help="also show photographs of people and their reconstructions; never publish such a page",
    )
    command.set_defaults(run=explore)

    command = commands.add_parser("describe", help="describe a file of codes of any size")
    command.add_argument(
        "codes", type=Path, metavar="CODES.npy", help="array of codes, as numpy.save writes it"
    )
    command.set_defaults(run=describe)


def _about_runs(commands: Any) -> None:
    """Add the commands about results of claims, and about their errors."""
    command = commands.add_parser(
        "diff", help="compare two audits or runs: what became worse, verdicts that flipped, noise"
    )
    command.add_argument("before", type=Path, help="results.json, or the folder of a report")
    command.add_argument("after", type=Path, help="the same of the later run")
    command.add_argument(
        "--fail-on-regression",
        action="store_true",
        help="exit with status 1 if a model became worse from one audit to the other",
    )
    command.add_argument("--html", type=Path, metavar="FILE", help="also write a page")
    command.set_defaults(run=difference)

    command = commands.add_parser("history", help="compare many runs")
    command.add_argument(
        "folder", type=Path, metavar="DIR", help="folder of reports or results files"
    )
    command.add_argument("--html", type=Path, metavar="FILE", help="also write a page")
    command.set_defaults(run=history)

    command = commands.add_parser("calibrate", help="measure the error rates of the claims' checks")
    command.add_argument("claims", nargs="*", metavar="CLAIM", help="such as B-08; by default all")
    command.add_argument("--folder", type=Path, default=Path("claims"), help="folder of the claims")
    command.add_argument(
        "--simulations",
        type=int,
        metavar="N",
        help="number at the margin; by default the number that each scenario gives",
    )
    command.add_argument(  # the name of --simulations until 2026-11
        "--worlds", type=int, dest="simulations", help=argparse.SUPPRESS
    )
    where = command.add_mutually_exclusive_group()
    where.add_argument("--workers", type=int, default=1, help="processes on this machine")
    where.add_argument("--cluster", metavar="ADDRESS", help=CLUSTER)
    command.add_argument(
        "--stale",
        action="store_true",
        help="only scenarios not yet simulated with the current code of their claim",
    )
    command.set_defaults(run=calibrate)


def seeds(text: str) -> list[int]:
    """Read "0-4" or "0,2,5-6" as a list of seeds.

    Examples
    --------
    >>> seeds("0,2,5-6")
    [0, 2, 5, 6]
    """
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        try:
            found += range(int(first), int(last if dash else first) + 1)
        except ValueError:
            raise argparse.ArgumentTypeError(f"expected such as 0-4 or 0,2, got {text!r}") from None
    return found


def threshold(text: str) -> Threshold:
    """Read "gaussian:0.9" or "0.9"."""
    from aelatent.audit.gates import Threshold

    try:
        return Threshold.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def positive(text: str) -> float:
    """Read a number above 0.

    Examples
    --------
    >>> positive("0.01")
    0.01
    """
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 < found < math.inf:  # which a NaN is not
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return found


def demand(text: str) -> tuple[str, str]:
    """Read "refuted:A-18" as an outcome and a claim.

    Examples
    --------
    >>> demand("refuted:A-18")
    ('refuted', 'A-18')
    """
    outcome, _, claim = text.partition(":")
    known = [outcome.value for outcome in Outcome]
    if outcome not in known or not claim:
        raise argparse.ArgumentTypeError(
            f"expected OUTCOME:CLAIM with an outcome of {', '.join(known)}, got {text!r}"
        )
    return outcome, claim


def doctor(options: argparse.Namespace) -> int:
    """Check the installation; status 1 if something is broken."""
    from aelatent.doctor import examine, healthy

    findings = []
    for finding in examine(Collection(options.fixtures)):
        print(finding, flush=True)
        findings.append(finding)
    return int(not healthy(findings))


def audit(options: argparse.Namespace) -> int:
    """Audit a user's model; status 1 if a demand is missed, 2 if a claim is unknown."""
    from aelatent.audit import claims_subprocess, description, gates, loading, running

    described = description.read(options.description)
    asked = [*options.claims, *(claim for _, claim in options.fail_on)]
    if unknown := sorted(set(asked) - claims_subprocess.claim_identifiers()):
        print(f"aelatent audit: expected identifiers of claims, received {', '.join(unknown)}")
        return 2
    loading.import_callables(described)
    if described.needs_keras:
        quiet_keras.load_keras()
    result = running.audit(described, options.report, options.claims)
    tally = ", ".join(f"{n} {outcome}" for outcome, n in result.tally)
    print(f"{described.name}: {result.measured.n:,} codes of {result.measured.d:,} dimensions")
    for line in [*result.reconstructs, *result.advice]:
        print(f"  {line}")
    print(f"claims: {tally or 'none'}")
    print(f"written: {options.report / 'index.html'}")
    demands = gates.Demands(
        options.fail_on, options.min_hit_rate, options.min_recall, options.max_error
    )
    shortcomings = result.shortcomings(demands)
    for line in shortcomings:
        print(f"FAILED {line}")
    return int(bool(shortcomings))


def explore(options: argparse.Namespace) -> int:
    """Write explorer pages of models; warn of those that must not be published."""
    from aelatent import explorer

    collection = Collection(options.fixtures)
    quiet_keras.load_keras()
    for name in options.names or explorer.explorable(collection):
        page = explorer.explore(collection, name, options.report, originals=options.originals)
        print(f"{page.state}: {page.path}", flush=True)
        images = collection.specification(name).images
        if options.originals and data.content(images).shows_people:
            print(
                f"WARNING: {page.path.parent} now holds photographs of people, or images that "
                f"may be ({name}): do not publish this folder",
                file=sys.stderr,
            )
    return 0


def describe(options: argparse.Namespace) -> int:
    """Describe a file of codes; status 2 if they vary too little."""
    from aelatent.latent.out_of_core import open_cloud
    from aelatent.statistics import description

    try:
        for line in description.describe(open_cloud(options.codes)):
            print(line, flush=True)
    except ValueError as error:
        print(f"aelatent: {error}", file=sys.stderr)
        return 2
    return 0


def difference(options: argparse.Namespace) -> int:
    """Print what changed from one run to another; status 1 for a regression, if asked for."""
    from aelatent.report import audit_comparison, comparison

    runs = comparison.load(options.before), comparison.load(options.after)
    audits = audit_comparison.load_both(options.before, options.after)
    if options.fail_on_regression and audits is None:
        print("aelatent diff: expected two audits with --fail-on-regression, received other runs")
        return 2
    if audits is not None:
        print("\n".join(audit_comparison.audit_lines(audits, unicode=_unicode())))
    found = comparison.compare(runs[0].records, runs[1].records)
    print("\n".join(comparison.difference_lines(found, unicode=_unicode())))
    if options.html:
        names = str(options.before), str(options.after)
        print(f"written: {comparison.write_comparison(found, names, runs, options.html, audits)}")
    regressions = audits.regressions if audits and options.fail_on_regression else []
    for line in regressions:
        print(f"FAILED {line}")
    return int(bool(regressions))


def history(options: argparse.Namespace) -> int:
    """Print what changed over many runs."""
    from aelatent.report import history as many

    found = many.history(options.folder)
    print("\n".join(many.history_lines(found, unicode=_unicode())))
    if options.html:
        print(f"written: {many.write_history(found, options.html)}")
    return 0


def show_data(options: argparse.Namespace) -> int:
    """List the image sets, or explain one and fetch it if asked to."""
    if options.name is None:
        print(data.overview())
        return 0
    try:
        print(data.fetch(options.name, download=options.download))
    except MissingData:
        print(data.explain(options.name))
        raise
    return 0


def train(options: argparse.Namespace) -> int:
    """Train models, and before them the judges they need; status 1 if a training failed."""
    if options.gpu and not options.cluster:
        print(
            "aelatent train: expected --cluster with --gpu; without, training uses any GPU it finds"
        )
        return 2
    if options.together and options.cluster:
        print("aelatent train: expected --together or --cluster, received both")
        return 2
    collection = Collection(options.fixtures)
    names = _trainable(collection) if options.all else options.names
    if not names:
        print("aelatent train: expected model names or --all; known:", *collection.names())
        return 2
    from aelatent.training import jobs

    if not options.cluster:
        quiet_keras.load_keras()
    failed = False
    with executors.open_executor(cluster=options.cluster, gpu=options.gpu) as executor:
        for stage in jobs.stages(collection, names, options.seeds):
            trained = (
                jobs.train_here(collection, stage, together=options.together)
                if executor is None
                else jobs.run_jobs(collection, stage, executor)
            )
            for (name, seed), future in trained:
                failed |= not _report(f"{name} seed {seed}", future, str)
    return int(failed)


def _trainable(collection: Collection) -> list[str]:
    """Return the models that `--all` means: not those of CelebA where nobody put a copy of it."""
    lacking = {name for name, path in data.registry.whereabouts() if path is None} & {"celeba"}
    names = []
    for name in collection.names():
        if (images := collection.specification(name).images) in lacking:
            print(f"aelatent train: left out {name}: its images, {images}, are not on this machine")
        else:
            names.append(name)
    return names


def show_fixtures(options: argparse.Namespace) -> int:
    """List the models with their replicates; status 1 if one cannot be used."""
    collection = Collection(options.fixtures)
    print(f"{'model':28}{'replicates':>12}{'MB':>8}  state")
    broken = False
    for name in collection.names():
        entries = collection.entries(name)
        wanted = collection.specification(name).seeds
        size = sum(entry.bytes for entry in entries.values()) / 1e6
        complaints = [complaint for _, complaint in collection.complaints(name)]
        broken |= bool(complaints)
        print(f"{name:28}{f'{len(entries)} of {len(wanted)}':>12}{size:8.1f}  ", end="")
        print("\n".join(complaints) if complaints else "whole")
    return int(broken)


def show_judges(options: argparse.Namespace) -> int:
    """Print the cards of the judges; with --measure, measure them first."""
    from aelatent.judges import JudgeCard, registry

    collection = Collection(options.fixtures)
    names = options.names or registry.NAMES
    if unknown := set(names) - set(registry.NAMES):
        raise FixtureError(f"expected judges among {registry.NAMES}, received {sorted(unknown)}")
    if options.measure:
        quiet_keras.load_keras()
        from aelatent.training import pipeline

        images = cache(data.load)
        cards = [pipeline.measure_card(name, collection, images) for name in names]
    else:
        cards = [JudgeCard.read(registry.card_path(name, collection)) for name in names]
    for card in cards:
        print(card, end="\n\n")
    return 0


def judge(options: argparse.Namespace) -> int:
    """Grade the images of a file, and print a table or JSON."""
    from aelatent.audit import image_file

    graded = image_file.grade_files(options.name, options.files, Collection(options.fixtures))
    if options.json:
        print(json.dumps(image_file.plain(graded), indent=1))
    else:
        print("\n".join(image_file.grade_lines(graded)))
    return 0


def calibrate(options: argparse.Namespace) -> int:
    """Simulate the scenarios of claims, print how often the checks err, and store it beside them.

    Each scenario's rates are stored at once, so that an interrupted run keeps them.
    """
    from aelatent import simulation

    if options.workers < 1 or (options.simulations is not None and options.simulations < 1):
        print("aelatent calibrate: expected one simulation and one worker or more, received fewer")
        return 2
    if lacking := sorted(set(options.claims) - simulation.claim_ids(options.folder)):
        print(f"aelatent calibrate: no scenario exists for {', '.join(lacking)}")
        return 2
    path = options.folder / simulation.FILE
    print(simulation.HEADING)
    tasks = simulation.tasks_of(
        options.folder, options.claims, options.simulations, stale=options.stale
    )
    failed = False
    with executors.open_executor(options.workers, options.cluster) as executor:
        for task, ended in executors.run_tasks(executor, simulation.run_task, tasks, "scenario"):
            if ended.exception() is None:
                # Read again: another run may have stored others in the meantime.
                simulation.Calibrations.read(path).including(*ended.result()).write(path)
            failed |= not _report(task.name, ended, lambda result: simulation.row(result[0]))
    for exemption in simulation.exemptions(options.folder, options.claims):
        simulation.Calibrations.read(path).exempting(*exemption).write(path)
    return int(failed)


def _report(subject: str, ended: Future[Any], say: Callable[[Any], str]) -> bool:
    """Print the result of a task above the progress bar; return whether it succeeded."""
    error = ended.exception()
    if error is None:
        tqdm.write(say(ended.result()))
        sys.stdout.flush()
        return True
    told = str(error) if isinstance(error, EXPECTED) else "\n" + "".join(format_exception(error))
    tqdm.write(f"aelatent: {subject}: {told}", file=sys.stderr)
    return False


def _unicode() -> bool:
    """Tell whether the terminal shows more than ASCII."""
    return "utf" in (sys.stdout.encoding or "").lower()
