"""`python -m benchmarks`: measure, write `results.json` and the page of the documentation."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from benchmarks import arrays, backends, cost, judging, networks, starting
from benchmarks.records import Record, keep, write_page

GROUPS = ("arrays", "networks", "backends", "starting", "judging", "cost")


def main() -> None:
    """Measure what is asked for; every figure is written as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", default=[], help=f"some of {', '.join(GROUPS)}")
    parser.add_argument("--only", default="", help="only what has this in its name")
    parser.add_argument("--suites", action="store_true", help="the whole claim suite too: minutes")
    parser.add_argument("--page", action="store_true", help="only rewrite the page")
    options = parser.parse_args()
    if not options.page:
        for record in measured(options.groups or GROUPS, options.only, suites=options.suites):
            print(record, flush=True)
            keep(record)
    write_page()


def measured(groups: list[str], only: str, *, suites: bool) -> Iterator[Record]:
    """Yield the records of some groups."""
    for name, module in (("arrays", arrays), ("networks", networks)):
        for comparison in module.COMPARISONS if name in groups else ():
            if only in comparison.name and (record := comparison.record()):
                yield record
    if "backends" in groups:
        yield from backends.records()
    if "starting" in groups:
        yield from starting.records(suites=suites)
    if "judging" in groups:
        yield from judging.records()
    if "cost" in groups:
        yield from cost.records(only)


if __name__ == "__main__":
    main()
