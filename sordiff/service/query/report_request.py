"""Whether what a report was asked for was ever there: a mistyped id is no silent night."""

from collections.abc import Iterable
from sqlite3 import Connection

from sordiff.errors import SordiffError
from sordiff.model import Gln, SorId
from sordiff.report import Asked
from sordiff.report.change_from_event import RecordedEvent
from sordiff.store import ownership, runs


class UnknownId(SordiffError):
    """No accepted snapshot ever had what was asked for."""


def unknown_id(connection: Connection, asked: Asked) -> UnknownId | None:
    """The refusal of an id that no accepted snapshot had; before the first of them all are one."""
    if runs.first_accepted(connection) is None:
        return None
    for option, sor_id in (("--unit", asked.unit), ("--under", asked.under)):
        if sor_id is not None and ownership.first_run_of(connection, sor_id) is None:
            if ownership.is_number(connection, Gln(sor_id)):
                advice = f"That is a location number: `--number {sor_id}`."
            else:
                advice = f"Give {option} a whole SOR id."
            return UnknownId(f"No accepted snapshot had a unit {sor_id}.", advice=advice)
    number = asked.number
    if number is not None and not ownership.is_number(connection, number):
        if ownership.first_run_of(connection, SorId(number)) is not None:
            advice = f"That is a unit: `--unit {number}`."
        else:
            advice = "Give --number a GLN of 13 digits."
        message = f"No accepted snapshot had a location number {number}."
        return UnknownId(message, advice=advice)
    return None


def is_told(asked: Asked, steps: Iterable[RecordedEvent]) -> bool:
    """Whether events of a run that moved nothing tell of all ids that were asked for."""
    subjects = {step.event.subject for step in steps}
    return subjects.issuperset({asked.unit, asked.under, asked.number} - {None})
