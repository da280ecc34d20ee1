"""`sordiff report`: what happened in one night, or over several, read and put together."""

from sordiff.service.reporting.period import NothingRecorded, Period, period_of
from sordiff.service.reporting.reading import report_of

__all__ = ["NothingRecorded", "Period", "period_of", "report_of"]
