"""The report: static pages that open from the disk, ask no network and run no script."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from aelatent.report import notation
from aelatent.report.arrangement import Arrangement, arrange
from aelatent.report.multiplicity import adjusted
from aelatent.report.reliability import reliability
from aelatent.report.topics import ANALYTIC, OWN, Topic, columns, columns_of, filename, topics
from aelatent.storage import write
from aelatent.verdicts import Outcome, Record

HEADING = "Claims about latent spaces, tested"
STYLE = (Path(__file__).parent / "templates" / "style.css").read_text("utf-8")
HEADINGS = ("Source", "Statement", "Statistic", "Null", "Decision")
_TOKENS = re.compile(
    r"(?P<code>``.+?``|`[^`\n]+`)|(?P<address>https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)])"
)


def write_site(
    records: Iterable[Record],
    environment: Mapping[str, Any],
    folder: str | Path,
    sources: Mapping[str, str] | None = None,
) -> Path:
    """Write a front page, a matrix of claims by models, one of errors, and a page a claim.

    Parameters
    ----------
    records : iterable of Record
        In any order. What a record's `source` says before its first comma names the document.
    environment : mapping
        What the results depend on; "date" and "commit" also stand below the title. Values may be
        mappings and lists.
    folder : path
        Made if it is missing. A figure that is not there is named on the page in its stead.
    sources : mapping of str to str, optional
        The full citation of a document, by the words that its name begins with.

    Returns
    -------
    Path
        The front page, index.html.

    Raises
    ------
    ValueError
        If a figure's path leads out of `folder`.
    """
    folder, records = Path(folder), list(records)
    arrangement = arrange(records)
    found = topics(arrangement)
    family = adjusted(records)
    for before, topic, after in zip([None, *found], found, [*found[1:], None], strict=False):
        links = [("Front page", "../index.html"), ("Matrix", "../matrix.html")]
        links += [(near.id, f"../{near.page}") for near in (before, after) if near is not None]
        own = [record for record in records if record.id == topic.id]
        write_page(
            own, environment, folder, sources, topic.page, f"Claim {topic.id}", links, family
        )
    strays = [record for record in arrangement.strays if record.id not in {t.id for t in found}]
    if strays:
        write_page(strays, environment, folder, sources, "claims/controls.html", "Controls")
    whole = {
        **_overview(arrangement),
        "arrangement": arrangement,
        "topics": found,
        "columns": columns(found),
        "chapters": [
            (document, list(group)) for document, group in groupby(found, lambda t: t.document)
        ],
        "numbered": [
            t for t in found
            if t.headline.record.source_value is not None and t.headline.record.effect is not None
        ],
        "verdicts": _sorted_out([t for t in found if t.document != OWN]),
        "asked": [topic for topic in found if topic.document == OWN],
        "place": lambda claim: f"claims/{filename(claim.record.id)}#{claim.anchor}",
        "title": HEADING,
    }  # fmt: skip
    _write(folder, "matrix.html", "matrix.html", environment, sources, whole)
    _write(folder, "errors.html", "errors.html", environment, sources, _errors(found))
    return _write(folder, "index.html", "index.html", environment, sources, whole)


def write_page(
    records: Iterable[Record],
    environment: Mapping[str, Any],
    folder: str | Path,
    sources: Mapping[str, str] | None = None,
    name: str = "page.html",
    heading: str = HEADING,
    links: Sequence[tuple[str, str]] = (),
    family: Mapping[str, float] | None = None,
) -> Path:
    """Write one page with everything that some records say; return it.

    `name` is its place in the folder; `links` are what it leads to, and `family` holds adjusted
    p-values by the name of the test. Otherwise as `write_site`.
    """
    arrangement = arrange(records)
    content = {
        **_overview(arrangement),
        "arrangement": arrangement,
        "heading": heading,
        "title": heading,
        "links": links,
        "holm": family or {},
    }
    return _write(Path(folder), name, "page.html", environment, sources, content)


def write_template(
    folder: Path,
    name: str,
    template: str,
    environment: Mapping[str, Any],
    content: Mapping[str, Any],
) -> Path:
    """Write one page from a template of this package, in the site's style; return it."""
    return _write(folder, name, template, environment, {}, content)


def _write(
    folder: Path,
    name: str,
    template: str,
    environment: Mapping[str, Any],
    sources: Mapping[str, str] | None,
    content: Mapping[str, Any],
) -> Path:
    text = (
        _templates(folder)
        .get_template(template)
        .render(
            style=Markup(STYLE),  # noqa: S704 -- our own file, not a user's text
            policy=_policy(STYLE),
            environment=environment,
            citation=lambda document: _citation(document, sources or {}),
            root="../" * name.count("/"),
            **{"holm": {}, **content},
        )
    )
    path = folder / name
    write(path, text.encode("utf-8", errors="backslashreplace"))
    return path


def _sorted_out(found: Sequence[Topic]) -> list[tuple[str, list[Topic]]]:
    """Put the topics under what came of them; one that falls on any model did not hold."""
    parts: dict[str, list[Topic]] = {
        "What did not hold, on some model or on all": [],
        "What held": [],
        "What these trainings do not decide": [],
        "What could not be tested, or broke": [],
    }
    wrong, held, open_, lacking = parts.values()
    for topic in found:
        outcomes = {outcome for outcome, _ in topic.tally}
        if Outcome.REFUTED in outcomes:
            wrong.append(topic)
        elif Outcome.SUPPORTED in outcomes and Outcome.INCONCLUSIVE not in outcomes:
            held.append(topic)
        elif outcomes & {Outcome.SUPPORTED, Outcome.INCONCLUSIVE}:
            open_.append(topic)
        else:
            lacking.append(topic)
    return list(parts.items())


def prose(text: str) -> Markup:
    """Turn a docstring's section into paragraphs, with `code` and addresses marked up.

    Examples
    --------
    >>> print(prose("`n` < 3"))
    <p><code>n</code> &lt; 3</p>
    """
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return Markup("\n").join(Markup("<p>{}</p>").format(inline(p)) for p in paragraphs if p)


def inline(text: str) -> Markup:
    """Escape `text` and mark up `code` and addresses in it."""
    pieces, end = [], 0
    for match in _TOKENS.finditer(text):
        pieces.append(escape(text[end : match.start()]))
        end = match.end()
        if match["code"]:
            pieces.append(Markup("<code>{}</code>").format(match["code"].strip("`")))
        else:
            link = Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>')
            pieces.append(link.format(match["address"]))
    return Markup("").join([*pieces, escape(text[end:])])


def decision(record: Record) -> tuple[list[tuple[str, dict[str, Any]]], str]:
    """Split the Decision section into its rules, each with the words before it, and the rest.

    A claim that came to no verdict has no rules yet: all of its section is the rest.
    """
    rest = " ".join(record.sections.get("Decision", "").split())
    rules = []
    for part in record.parts:
        before, found, after = rest.partition(" ".join(part["rule"].split()))
        label, rest = (before, after) if found else ("", rest)
        rules.append((label.strip(), part))
    return rules, rest.strip()


def variant(record: Record) -> str:
    """Return what a test's name holds in brackets, unless that is only the model."""
    _, _, inside = record.name.partition("[")
    return "" if inside.rstrip("]") == record.model else inside.rstrip("]")


def breakable(name: str) -> Markup:
    """Let a long name break after its underscores and nowhere else."""
    return escape(name).replace("_", Markup("_<wbr>"))


@cache
def _templates(folder: Path) -> Environment:
    templates = Environment(
        loader=PackageLoader("aelatent.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "breakable": breakable,
        "prose": prose,
        "inline": inline,
        "effect": notation.effect,
        "limits": notation.limits,
        "number": notation.number,
        "duration": notation.duration,
    }
    templates.tests |= {
        "met": lambda record: notation.as_expected(record) is True,
        "unjudged": lambda record: notation.as_expected(record) is None,
    }
    templates.globals |= {
        "HEADINGS": HEADINGS,
        "MARKS": notation.MARKS,
        "Outcome": Outcome,
        "as_expected": notation.as_expected,
        "decision": decision,
        "variant": variant,
        "control_sentence": notation.control_sentence,
        "calibration_sentence": notation.calibration_sentence,
        "present": lambda path: (folder / _inside(path)).is_file(),
        "address": lambda path: quote(_inside(path)),
    }
    return templates


def _policy(style: str) -> str:
    """Allow this style sheet and pictures of this folder, and nothing else.

    Browsers disagree on whether 'self' covers a page opened from the disk, hence file: as well.
    """
    known = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{known}'; img-src 'self' file: data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _overview(arrangement: Arrangement) -> dict[str, Any]:
    """Count what the first paragraph tells."""
    claims, controls = arrangement.claims, arrangement.controls
    tally = Counter(claim.record.outcome for claim in claims)
    replicates = {len(c.record.per_replicate) for c in claims if c.record.per_replicate}
    return {
        "tally": [(outcome, tally[outcome]) for outcome in Outcome if tally[outcome]],
        "models": sorted({m for c in claims for m in columns_of(c.record)} - {ANALYTIC}),
        "replicates": sorted(replicates),
        "controls": controls,
        "surprises": [c for c in claims if notation.as_expected(c.record) is False],
        "failed_controls": [c for c in controls if notation.as_expected(c) is False],
    }


def _errors(found: Sequence[Topic]) -> dict[str, Any]:
    """Return what the page on the errors of checks shows."""
    rows = reliability(found)
    checks = {(row.record.file, row.record.name.partition("[")[0]): row for row in rows}
    played = [row for row in checks.values() if row.rates]
    return {
        "rows": rows,
        "functions": len(checks),
        "played": len(played),
        "exempt": sum(row.known is not None for row in checks.values()) - len(played),
        "title": "How often the checks err",
    }


def _citation(document: str, sources: Mapping[str, str]) -> str:
    """Return the citation under the longest name that `document` begins with, if there is one."""
    known = [name for name in sources if document.startswith(name)]
    return sources[max(known, key=len)] if known else ""


def _inside(path: str) -> str:
    """Return a figure's path if it stays within the report's folder."""
    pure = PurePosixPath(path)
    if not path or pure.is_absolute() or ".." in pure.parts or "\\" in path:
        raise ValueError(f"expected a figure's path within the report's folder, received {path!r}")
    return str(pure)
