"""Records as a results file, a static page, a table for the terminal and one for Markdown."""

from aelatent.report.results import Results, read_results, write_results
from aelatent.report.site import write_site
from aelatent.report.summary import write_summary
from aelatent.report.terminal import verdict_table

__all__ = [
    "Results",
    "read_results",
    "verdict_table",
    "write_results",
    "write_site",
    "write_summary",
]
