"""One line while claims run: share, time left, the claim, and how many came to what."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from typing import Any

import pytest

from aelatent.inference.rules import Outcome
from aelatent.plugin.items import model_name
from aelatent.plugin.marker import claim_marker
from aelatent.plugin.state import UNICODE, catalogue_of
from aelatent.plugin.statuses import COLOURS, Verdict, verdict_of

STEP = 0.05  # of the whole, after which a line is due where lines cannot be rewritten
PAUSE = 60.0  # seconds after which one is due at the latest
PRIOR = 10.0  # seconds of the expected pace that the first claims are weighed against


class Pace:
    """How far a run is, and how long it will take: by the seconds that checks took before.

    Parameters
    ----------
    seconds : mapping of str to float
        What each check took in a stored run, by node id. Others count as the mean.
    nodes : sequence of str
        The checks of this run.
    """

    def __init__(self, seconds: Mapping[str, float], nodes: Sequence[str]) -> None:
        known = [seconds[node] for node in nodes if node in seconds]
        usual = sum(known) / len(known) if known else 1.0
        self.cost = {node: seconds.get(node, usual) + 0.02 for node in nodes}
        self.whole = sum(self.cost.values())
        self.done = 0.0
        self.began = time.monotonic()

    def finish(self, node: str) -> None:
        """Count a check as done; one that is done already changes nothing."""
        self.done += self.cost.pop(node, 0.0)

    @property
    def share(self) -> float:
        """What is done, from 0 to 1."""
        return min(self.done / self.whole, 1.0) if self.whole else 1.0

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.began

    @property
    def left(self) -> float:
        """Seconds that the rest will take at the pace so far."""
        return (self.whole - self.done) * (self.elapsed + PRIOR) / (self.done + PRIOR)


class Progress:
    """Shows how far the claims are, in place of pytest's dots.

    On a terminal one line is rewritten; elsewhere a line follows for every twentieth. It keeps
    away from runs of other tests, and from verbose and quiet ones.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.pace: Pace | None = None
        self.labels: dict[str, str] = {}
        self.current = ""
        self.counts: Counter[str] = Counter()
        self.told = (0.0, 0.0)  # share and time of the last line

    @property
    def shown(self) -> bool:
        """Whether this run shows the line."""
        return self.pace is not None

    @property
    def reporter(self) -> pytest.TerminalReporter:
        """What writes to the terminal."""
        reporter = self.config.pluginmanager.getplugin("terminalreporter")
        assert isinstance(reporter, pytest.TerminalReporter)  # noqa: S101 -- tells mypy
        return reporter

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Begin, if there are claims."""
        claims = [item for item in session.items if claim_marker(item)]
        if claims and not hasattr(self.config, "workerinput"):
            self.labels = {c.nodeid: f"{model_name(c)} · {_identifier(c)}" for c in claims}
            self._begin([item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: Sequence[str]) -> None:
        """Remember what the workers have; the first verdict tells whether it is claims."""
        del node
        if not self.labels:
            self.labels = dict.fromkeys(ids, "")

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Show which claim runs."""
        self.current = self.labels.get(nodeid, "") or self.current
        self._draw()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a verdict."""
        found = verdict_of(report)
        if found is None:
            return
        if self.pace is None and hasattr(report, "node"):  # of a worker
            self._begin(list(self.labels))
        if self.pace is None:
            return
        self.pace.finish(report.nodeid)
        self.current = self.labels.get(report.nodeid) or f"{found.model} · {found.claim}"
        self._count(found, failed=report.failed)
        self._draw()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """Remove the line at the end."""
        try:
            return (yield)
        finally:
            if self.shown and self.reporter.isatty:
                self.reporter.rewrite("", erase=True)
                self.reporter.write("\r")

    def _begin(self, nodes: Sequence[str]) -> None:
        if self.config.get_verbosity() != 0 or self.config.option.collectonly:
            return
        self.reporter.showfspath = False
        vars(self.reporter)["_show_progress_info"] = False  # pytest's own per cents
        seconds = {
            f"{check.file}::{check.test}{f'[{check.case}]' if check.case else ''}": check.seconds
            for check in catalogue_of(self.config).checks
        }
        self.pace = Pace(seconds, nodes)
        self.told = (0.0, time.monotonic())

    def _count(self, found: Verdict, *, failed: bool) -> None:
        if not found.control:
            self.counts[found.outcome] += 1
        if failed:
            if self.reporter.isatty:
                self.reporter.rewrite("", erase=True)
                self.reporter.write("\r")
            self.reporter.write_line(f"FAILED {found.line}".splitlines()[0], red=True)

    def _draw(self) -> None:
        """Rewrite the line, or write one where it is due."""
        if self.pace is None:
            return
        if self.reporter.isatty:
            self._rewrite(self.pace)
        else:
            share, told = self.told
            now = time.monotonic()
            if self.pace.share - share >= STEP or now - told >= PAUSE:
                self.told = (self.pace.share, now)
                self.reporter.write_line("".join(text for text, _ in self._pieces(self.pace)))

    def _rewrite(self, pace: Pace) -> None:
        writer = self.config.get_terminal_writer()
        room = writer.fullwidth - 1
        writer.write(f"\r{' ' * room}\r")
        for text, colour in self._pieces(pace):
            writer.write(text[: max(room, 0)], **colour)
            room -= len(text)
        writer.flush()

    def _pieces(self, pace: Pace) -> list[tuple[str, dict[str, bool]]]:
        """Return the line as pieces of text with their colours."""
        from aelatent.report.notation import sign

        unicode = self.config.stash.get(UNICODE, True)
        gap = " · " if unicode else " | "
        left = f", about {clock(pace.left)} left" if pace.share < 1 else ""
        pieces = [(f"[{pace.share:4.0%}] {clock(pace.elapsed)}{left}", {"bold": True})]
        for outcome in Outcome:
            if self.counts[outcome]:
                mark = sign(outcome, unicode=unicode)
                pieces.append((f"  {mark} {self.counts[outcome]}", dict(COLOURS.get(outcome, {}))))
        label = self.current if unicode else self.current.replace(" · ", gap)
        return [*pieces, (f"{gap}{label}" if label else "", {})]


def clock(seconds: float) -> str:
    """Write seconds as minutes and seconds, or as hours, minutes and seconds.

    Examples
    --------
    >>> clock(62.4), clock(3725)
    ('1:02', '1:02:05')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _identifier(item: pytest.Item) -> str:
    marker = claim_marker(item)
    return str(marker.args[0]) if marker else ""
