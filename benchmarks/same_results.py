"""Tell whether two runs of the claim suite came to the same results, bit by bit.

    python benchmarks/same_results.py BEFORE.json AFTER.json

Both files are results of a run (`reports/results.json`). Records are paired by identifier, name of
the test and model. Everything in them is compared except what `ASIDE` lists: texts, places in
files, times, figures and commands. Fields that have another name in the older file are listed in
`RENAMED`, fields that only newer files have in `ADDED`. The exit status is 1 where anything
differs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# Left aside wherever they occur in a record: they may change without any result changing.
TEXTS = {"title", "source", "unit", "because", "sections", "message"}
PLACES = {"file", "line", "command", "figures", "alternatives", "recorded"}
TIMES_AND_DIGESTS = {"seconds", "code", "stale", "commit", "date"}
ASIDE = TEXTS | PLACES | TIMES_AND_DIGESTS
# Older name of a field -> its name now.
RENAMED: dict[str, str] = {"worlds": "simulations"}
# Fields that older files lack; they are compared only where both files have them.
ADDED = {"limits", "readings", "depends_on", "surrogate_pvalue", "wide_interval"}
# Words of a rule that changed while its meaning did not: older words -> words now.
REWORDED: dict[str, str] = {}

Key = tuple[str, str, str]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Compare the contents of two results files.

    Parameters
    ----------
    before, after : mapping
        The contents of `results.json` of the older and of the newer run.

    Returns
    -------
    list of str
        A line for each record that only one run has and for each field that differs; empty where
        the results are the same.
    """
    old, new = _by_key(before["claims"]), _by_key(after["claims"])
    found = [f"{_named(key)}: only in the first" for key in sorted(old.keys() - new.keys())]
    found += [f"{_named(key)}: only in the second" for key in sorted(new.keys() - old.keys())]
    for key in sorted(old.keys() & new.keys()):
        found += [f"{_named(key)}: {line}" for line in _fields(old[key], new[key], "")]
    together = [run["multiplicity"] for run in (before, after) if "multiplicity" in run]
    if len(together) == 2:  # files of schema 2 have none
        found += [f"read together: {line}" for line in _fields(*together, "")]
    return found


def _by_key(records: list[dict[str, Any]]) -> dict[Key, Any]:
    found: dict[Key, Any] = {}
    for record in records:
        key = (record["id"], record["name"], record["model"])
        if key in found:
            raise ValueError(f"expected each record once, received two of {_named(key)}")
        found[key] = _compared(record)
    return found


def _compared(value: Any) -> Any:
    """Return a value without what is left aside, under the names and words of today."""
    if isinstance(value, dict):
        kept = {RENAMED.get(name, name): item for name, item in value.items()}
        return {name: _compared(item) for name, item in kept.items() if name not in ASIDE}
    if isinstance(value, list):
        return [_compared(item) for item in value]
    if isinstance(value, str):
        for older, newer in REWORDED.items():
            value = value.replace(older, newer)
    return value


def _fields(before: Any, after: Any, place: str) -> Iterator[str]:
    """Yield a line for every place at which two values differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        names = sorted(before.keys() | after.keys())
        for name in names:
            if name in before and name in after:
                yield from _fields(before[name], after[name], f"{place}.{name}".lstrip("."))
            elif name not in ADDED:
                side = "first" if name in before else "second"
                yield f"{place}.{name}".lstrip(".") + f" only in the {side}"
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, pair in enumerate(zip(before, after, strict=True)):
            yield from _fields(*pair, f"{place}[{index}]")
    elif _written(before) != _written(after):
        yield f"{place}: {_written(before)} -> {_written(after)}"


def _written(value: Any) -> str:
    """Write a value so that two floats read the same only if all their bits are the same."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _named(key: Key) -> str:
    identity, name, model = key
    return f"{identity} {name} on {model}"


def main(arguments: list[str] | None = None) -> int:
    """Compare two files, print what differs, and return the exit status."""
    parser = argparse.ArgumentParser(description="Compare two results files bit by bit.")
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    options = parser.parse_args(arguments)
    before, after = (json.loads(path.read_bytes()) for path in (options.before, options.after))
    found = differences(before, after)
    for line in found:
        print(line)
    counts = f"{len(before['claims'])} and {len(after['claims'])} records"
    print(f"{counts}: {f'{len(found)} differences' if found else 'the same results'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
