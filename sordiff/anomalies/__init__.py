"""Is this night like the others? Pure rules over the figures of a run and of those before it.

`judge_run` gives the alerts of a run; a critical one holds it. What may be configured is in
`Limits`, the table [alarms] of sordiff.toml; docs/alarms.md explains each.
"""

from sordiff.anomalies.coverage import (
    CoverageRules,
    find_coverage_alerts,
    judge_recorded_coverage,
)
from sordiff.anomalies.dates import find_date_ahead_alert, find_date_alerts, find_tomorrow
from sordiff.anomalies.facts import RunFacts, count_facts
from sordiff.anomalies.limits import Limits
from sordiff.anomalies.quiet import find_same_file_alert
from sordiff.anomalies.rules import is_held, judge_run

__all__ = [
    "CoverageRules",
    "Limits",
    "RunFacts",
    "count_facts",
    "find_coverage_alerts",
    "find_date_ahead_alert",
    "find_date_alerts",
    "find_same_file_alert",
    "find_tomorrow",
    "is_held",
    "judge_recorded_coverage",
    "judge_run",
]
