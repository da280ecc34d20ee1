"""The report for programs: the Report itself, in JSON that is the same in every language."""

from collections.abc import Iterable

from sordiff.render.report.edition import Edition
from sordiff.report import Report
from sordiff.wire import encode_canonically


def print_report(edition: Edition) -> Iterable[bytes]:
    """The one line."""
    return [report_json(edition.report)]


def report_json(report: Report) -> bytes:
    """One line; its schema is report.json of the package."""
    return encode_canonically(report) + b"\n"
