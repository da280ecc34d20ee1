"""Is this night like the others? Pure rules over the figures of a run and of those before it.

`judge` gives the alerts of a run; a critical one holds it. What may be configured is in `Limits`,
the table [alarms] of sordiff.toml; docs/alarms.md explains each.
"""

from sordiff.anomalies.coverage import (
    CoverageRules,
    coverage_alerts,
    judge_recorded_coverage,
)
from sordiff.anomalies.dates import date_ahead, odd_dates
from sordiff.anomalies.facts import RunFacts, facts_of_events
from sordiff.anomalies.limits import Limits
from sordiff.anomalies.quiet import same_file_again
from sordiff.anomalies.rules import is_held, judge

__all__ = [
    "CoverageRules",
    "Limits",
    "RunFacts",
    "coverage_alerts",
    "date_ahead",
    "facts_of_events",
    "is_held",
    "judge",
    "judge_recorded_coverage",
    "odd_dates",
    "same_file_again",
]
