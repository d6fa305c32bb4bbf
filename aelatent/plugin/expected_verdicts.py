"""Expected verdicts: the file that the ini setting `aelatent_expected` names, and what it matches.

The file lists entries under the names of claims' functions. Each entry gives a verdict, its reason,
and the models and parameter sets ("cases") that it is about; without these it is about all. An
entry that matches no check is an error, as is a check that two entries match.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aelatent.zoo.specification import LOADER

KEYS = {
    "models": "a list of models, such as [faces_ae_256d]",
    "cases": "a list of parameter sets, such as [centre, spread]",
    "verdict": "supported, refuted, inconclusive or unsettled",
    "because": "the reason, as text",
}


class ExpectedVerdictsError(ValueError):
    """A file of expected verdicts that is not as it should be; the message lists every fault."""


class Entry(BaseModel):
    """What is expected of some of the checks of one claim.

    Attributes
    ----------
    models : tuple of str
        Names of the models; empty for all.
    cases : tuple of str
        Parameter sets as pytest names them, without the model; empty for all.
    verdict : {"supported", "refuted", "inconclusive", "unsettled"}
        "unsettled" where the rule changed and no verdict has been reviewed since: any verdict
        passes, an error does not.
    because : str
        The reason.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    models: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    verdict: Literal["supported", "refuted", "inconclusive", "unsettled"]
    because: str = Field(min_length=1)

    def matches(self, check: Check) -> bool:
        """Tell whether the entry is about a check."""
        return (not self.models or bool(check.models & {*self.models})) and (
            not self.cases or check.case in self.cases
        )


@dataclass(frozen=True)
class Check:
    """A claim on one model with one parameter set.

    Attributes
    ----------
    function : str
        Name of the claim's function.
    models : frozenset of str
        The models that it is about.
    case : str
        Its parameter set; empty without parameters.
    """

    function: str
    models: frozenset[str]
    case: str


@dataclass(frozen=True)
class ExpectedVerdicts:
    """The entries of a file.

    Attributes
    ----------
    file : Path
    entries : mapping of str to tuple of Entry
        By the name of a claim's function.
    """

    file: Path
    entries: Mapping[str, tuple[Entry, ...]]

    @classmethod
    def read(cls, file: Path) -> ExpectedVerdicts:
        """Read a file of expected verdicts.

        Raises
        ------
        ExpectedVerdictsError
            If there is no such file, it is no YAML, or an entry is not as it should be.
        """
        faults: list[str] = []
        entries = {
            name: tuple(_entries(name, value, faults)) for name, value in _content(file, faults)
        }
        if faults:
            raise ExpectedVerdictsError("\n".join(faults))
        return cls(file, entries)

    def of(self, check: Check) -> Entry | None:
        """Return the entry that is about a check; None if nothing but support is expected."""
        return next((e for e in self.entries.get(check.function, ()) if e.matches(check)), None)

    def undefined(self, skipped: Collection[str] = ()) -> list[str]:
        """Return the claims that no Python file next to or below the file defines.

        Parameters
        ----------
        skipped : collection of str
            Patterns of folders that hold no tests.

        Returns
        -------
        list of str
        """
        pattern = re.compile(r"^\s*def (\w+)\(", re.MULTILINE)
        missing = {*self.entries}
        for folder, subfolders, names in os.walk(self.file.parent):
            subfolders[:] = [s for s in subfolders if not any(fnmatch(s, p) for p in skipped)]
            for name in names if missing else ():
                if name.endswith(".py"):
                    text = (Path(folder) / name).read_text("utf-8", errors="replace")
                    missing.difference_update(pattern.findall(text))
        return sorted(missing)

    def mismatches(self, name: str, checks: Sequence[Check]) -> list[str]:
        """Return what is wrong with the entries on a claim.

        Parameters
        ----------
        name : str
            The claim's function.
        checks : sequence of Check
            All its checks, also those that are deselected.

        Returns
        -------
        list of str
            Models and parameter sets that no check has, and checks that two entries match.
        """
        entries = self.entries.get(name, ())
        return [*_unmatched(name, entries, checks), *_matched_twice(name, entries, checks)]


def _content(file: Path, faults: list[str]) -> list[tuple[str, Any]]:
    """Return the names and values of a YAML file, and add repeated names to the faults."""
    try:
        loader = LOADER(file.read_text("utf-8"))
        root = loader.get_single_node()
        content = loader.construct_document(root) if root else {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ExpectedVerdictsError(f"expected a YAML file, received {error}") from error
    if not isinstance(content, dict):
        raise ExpectedVerdictsError(f"expected names of claims, received {content!r:.80}")
    # PyYAML keeps the last of several equal keys.
    names = [key.value for key, _ in root.value] if root else []
    faults += [
        f"{n}: expected once, received twice" for n in sorted({*names}) if names.count(n) > 1
    ]
    return [(str(name), value) for name, value in content.items()]


def _entries(name: str, value: Any, faults: list[str]) -> Iterator[Entry]:
    """Yield the entries of a claim, and add to the faults what is wrong with others."""
    if not isinstance(value, list) or not value:
        faults.append(f"{name}: expected a list of entries, received {value!r:.80}")
        return
    for place, content in enumerate(value, 1):
        try:
            yield Entry.model_validate(content)
        except ValidationError as error:
            where = f"{name}, entry {place}"
            faults += [f"{where}: {_sentence(fault)}" for fault in error.errors()]


def _sentence(fault: Any) -> str:
    """Say what was expected of a key of an entry."""
    key = str(fault["loc"][0]) if fault["loc"] else ""
    if key not in KEYS:
        return f"expected the keys {', '.join(KEYS)}, received {key or fault['input']!r:.80}"
    received = "nothing" if fault["type"] == "missing" else f"{fault['input']!r:.80}"
    return f"{key}: expected {KEYS[key]}, received {received}"


def _unmatched(name: str, entries: Sequence[Entry], checks: Sequence[Check]) -> Iterator[str]:
    """Yield the models and cases of entries that no check has."""
    if entries and not checks:
        yield f"{name}: expected a claim, found a function without checks"
        return
    for place, entry in enumerate(entries, 1):
        matched = [check for check in checks if entry.matches(check)]
        models = {model for check in matched for model in check.models}
        for lacking in sorted({*entry.models} - models):
            yield f"{name}, entry {place}: models: no check matches {lacking!r}"
        for lacking in sorted({*entry.cases} - {check.case for check in matched}):
            yield f"{name}, entry {place}: cases: no check matches {lacking!r}"


def _matched_twice(name: str, entries: Sequence[Entry], checks: Sequence[Check]) -> Iterator[str]:
    """Yield the checks that several entries match."""
    for check in checks:
        places = [place for place, entry in enumerate(entries, 1) if entry.matches(check)]
        if len(places) > 1:
            about = "-".join(filter(None, [*sorted(check.models), check.case])) or "the claim"
            yield f"{name}: expected one entry on {about}, found entries {places}"
