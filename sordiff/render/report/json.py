"""The report for programs: the Report itself, in JSON that is the same in every language."""

from sordiff.report import Report
from sordiff.wire import canonical


def report_json(report: Report) -> bytes:
    """One line; its schema is report.json of the package."""
    return canonical(report) + b"\n"
