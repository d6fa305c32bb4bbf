"""Run the packaged claims on a measured model in this process, on the objects in memory."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from aelatent.audit.claims_subprocess import COMPLETED, VERDICTS, pytest_arguments
from aelatent.audit.description import DescriptionError
from aelatent.audit.measured import MeasuredModel
from aelatent.audit.progress import Progress
from aelatent.inference.record import Record
from aelatent.report import read_results
from aelatent.runtime import environment

if TYPE_CHECKING:
    import pytest

# What a user's project or environment makes of pytest does not concern the packaged claims.
ISOLATED = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "", "PYTEST_PLUGINS": ""}
OF_PYTEST = "PYTEST_CURRENT_TEST", "PYTEST_VERSION"  # pytest sets and deletes them itself
ALONE = "-s", "-p", "aelatent.plugin", "-p", "no:faulthandler"


class HandedModel:
    """A plugin of pytest that hands over a measured model and reports the progress of its claims.

    Parameters
    ----------
    measured : MeasuredModel
    progress : callable
        See `aelatent.audit.progress`.
    """

    def __init__(self, measured: MeasuredModel, progress: Progress) -> None:
        from aelatent.audit.adapter import AuditedModel

        self.model = AuditedModel(measured)
        self.progress = progress
        self.total = self.done = 0

    def pytest_configure(self, config: pytest.Config) -> None:
        """Put the model where the claims look for its measurements."""
        config.option.aelatent_measured = self.model

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count the claims."""
        self.total = len(session.items)
        self.progress("claims", 0, max(self.total, 1))

    def pytest_runtest_logfinish(self) -> None:
        """Count those that have run."""
        self.done += 1
        self.progress("claims", self.done, self.total)


def run_claims(
    measured: MeasuredModel, folder: Path, claims: Sequence[str], progress: Progress
) -> list[Record]:
    """Run the packaged claims on a measured model, with pytest in this process.

    Parameters
    ----------
    measured : MeasuredModel
        With its networks, which need not lie in files.
    folder : Path
        For the claims' pages and figures.
    claims : sequence of str
        Identifiers, such as "A-18"; all that apply if it is empty.
    progress : callable
        See `aelatent.audit.progress`.

    Returns
    -------
    list of Record

    Raises
    ------
    DescriptionError
        If pytest could not run the claims; the message ends with its last output.
    """
    import pytest

    description = measured.description
    arguments = [*pytest_arguments(description, folder, claims), *ALONE]
    output = io.StringIO()
    progress("collecting claims", 0, 1)
    # One thread for sums as small as a claim's: several would wait for each other.
    kept = environment.variables(ISOLATED, *OF_PYTEST)
    with kept, threadpool_limits(1), contextlib.redirect_stdout(output):
        status = int(pytest.main(arguments, plugins=[HandedModel(measured, progress)]))
    results = folder.resolve() / VERDICTS / "results.json"
    if status == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if status not in COMPLETED or not results.exists():
        raise DescriptionError(
            f"{description.name}: the claims could not be run; pytest ended with {status}:\n"
            f"{output.getvalue()[-3000:]}"
        )
    return read_results(results).records
