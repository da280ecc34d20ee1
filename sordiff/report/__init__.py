"""What the services hand to the renderers: values to be shown, computed once."""

from sordiff.report.asked import Asked, Headline, RaisedAlert
from sordiff.report.change import Change, Difference, Mark, Note, Stretch, UnitEntry
from sordiff.report.recorded import (
    CheckReport,
    IngestReport,
    JudgedAgain,
    LocatedFinding,
    Outcome,
    RecordedRun,
    StatusReport,
)
from sordiff.report.told import (
    Calendar,
    ClosingDay,
    FindingKind,
    FindingLine,
    Group,
    Night,
    NumberStory,
    Quality,
    Report,
    Section,
    SectionName,
    Standing,
)

__all__ = [
    "Asked",
    "Calendar",
    "Change",
    "CheckReport",
    "ClosingDay",
    "Difference",
    "FindingKind",
    "FindingLine",
    "Group",
    "Headline",
    "IngestReport",
    "JudgedAgain",
    "LocatedFinding",
    "Mark",
    "Night",
    "Note",
    "NumberStory",
    "Outcome",
    "Quality",
    "RaisedAlert",
    "RecordedRun",
    "Report",
    "Section",
    "SectionName",
    "Standing",
    "StatusReport",
    "Stretch",
    "UnitEntry",
]
