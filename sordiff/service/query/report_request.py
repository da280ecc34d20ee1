"""Whether what a report was asked for was ever there: a mistyped id is no silent night."""

from collections.abc import Iterable

from sordiff.changelog import QuerySession
from sordiff.errors import SordiffError
from sordiff.model import Gln, SorId
from sordiff.report import Asked
from sordiff.report.change_from_event import RecordedEvent


class UnknownId(SordiffError):
    """No accepted snapshot ever had what was asked for."""


def build_unknown_id(session: QuerySession, asked: Asked) -> UnknownId | None:
    """The refusal of an id that no accepted snapshot had; before the first of them all are one."""
    if session.runs.find_first_accepted() is None:
        return None
    for option, sor_id in (("--unit", asked.unit), ("--under", asked.under)):
        if sor_id is not None and session.ownership.find_first_run(sor_id) is None:
            if session.ownership.is_number(Gln(sor_id)):
                advice = f"That is a location number: `--number {sor_id}`."
            else:
                advice = f"Give {option} a whole SOR id."
            return UnknownId(f"No accepted snapshot had a unit {sor_id}.", advice=advice)
    number = asked.number
    if number is not None and not session.ownership.is_number(number):
        if session.ownership.find_first_run(SorId(number)) is not None:
            advice = f"That is a unit: `--unit {number}`."
        else:
            advice = "Give --number a GLN of 13 digits."
        message = f"No accepted snapshot had a location number {number}."
        return UnknownId(message, advice=advice)
    return None


def covers_subjects(asked: Asked, steps: Iterable[RecordedEvent]) -> bool:
    """Whether events of a run that moved nothing tell of all ids that were asked for."""
    subjects = {step.event.subject for step in steps}
    return subjects.issuperset({asked.unit, asked.under, asked.number} - {None})
