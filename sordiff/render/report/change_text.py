"""What is said of one change, in lines of pieces: old → new, with names and not only ids."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sordiff.events import (
    Cause,
    EventData,
    Folding,
    LocationNumberClosed,
    Subject,
    UnitClosed,
    UnitClosureCancelled,
    UnitClosureScheduled,
    UnitCreated,
    UnitEffectiveLocationNumberChanged,
    UnitMoved,
    UnitOpened,
    UnitRemoved,
    UnitReopened,
    UnitReplaced,
    UnitRestored,
)
from sordiff.render.language import Catalogue
from sordiff.render.reconcile.phrases import ListPhrases
from sordiff.render.report.difference_text import DifferenceText, look_the_same, marked
from sordiff.render.report.unit_names import KnownNames
from sordiff.render.text.rich_text import (
    ARROW,
    DOT,
    Line,
    Piece,
    code,
    joined,
    outside,
    words,
)
from sordiff.report import Change, Note

# Bound once: to look a member up in its enumeration takes Python 3.11 longer than all else here.
_DATE_ELAPSED: Final = Cause.DATE_ELAPSED
_OPENED_LATER: Final = Note.OPENED_LATER
_LOCATION_NUMBER: Final = Subject.LOCATION_NUMBER
_UNIT: Final = Subject.UNIT
_PRESENCE: Final = Folding.PRESENCE


class ChangeText(DifferenceText):
    """Tells changes in one language, with the names that are known."""

    def __init__(self, known: KnownNames, language: Catalogue) -> None:
        super().__init__(known, language)
        self._tellers: Mapping[type[EventData], Callable[[Change], Iterator[Line]]] = {
            UnitCreated: self._tell_arrival,
            UnitRestored: self._tell_arrival,
            UnitOpened: self._tell_arrival,
            UnitReopened: self._tell_last_day,
            UnitClosureScheduled: self._tell_last_day,
            UnitClosureCancelled: self._tell_last_day,
            UnitClosed: self._tell_closing,
            UnitRemoved: self._tell_removal,
            UnitMoved: self._tell_move,
            UnitReplaced: self._tell_replacement,
            UnitEffectiveLocationNumberChanged: self._tell_effective_number,
        }

    def title(self, change: Change) -> str:
        """What happened, in a word or two: "Created"."""
        return self.language.title(change.type)

    def label(self, change: Change) -> Line:
        """The field whose value a change tells: "SHAK code: "; nothing where its lines say it."""
        row = change.event_type
        is_value = row.field and row.data not in self._tellers
        if not is_value or change.stretches or change.differences:
            return ()
        return words(f"{self.language.field(str(row.field))}: ")

    def name(self, change: Change) -> Line:
        """What a change is told under: the unit by its name, the number, or the code."""
        if _is_number(change):
            return code(change.subject)
        return self.code(change.subject) if change.unit is None else self.unit(change.unit)

    def about(self, change: Change) -> Line:
        """What a change is about: a number, a code, or a unit with its type."""
        if _is_number(change):
            return words(change.subject)
        if change.unit is None:
            return self.code(change.subject)
        parts = [self.unit(change.unit), self.type_of(change.unit)]
        return joined([part for part in parts if part], DOT.text)

    def identity(self, change: Change) -> Line:
        """The id of the unit, where a change is told under its unit.

        A location number is told under itself, and says the ids of its holders beside their names.
        """
        is_of_unit = change.unit is not None and not _is_number(change)
        return code(change.unit) if is_of_unit else ()

    def path_above(self, change: Change) -> Line:
        """The way down to the unit, where a change is told under its unit and does not say it."""
        is_said = change.event_type.data is UnitMoved or _is_number(change)
        return () if is_said else self.path(change.unit)

    def lines(self, change: Change) -> tuple[Line, ...]:
        """All that is said of a change beside what it is about."""
        usual = self._tell_number if _is_number(change) else self._tell_sides
        tell = self._tellers.get(change.event_type.data, usual)
        said = [*tell(change), *self.differences(change), *self._tell_circumstances(change)]
        return tuple(line for line in said if line)

    def example(self, change: Change) -> Line:
        """The one thing that an example of many says: from where to where, or the first thing."""
        if change.event_type.data is UnitMoved:
            before, after = (self._way(_ids(side)) for side in (change.before, change.after))
            return self._phrase("hands", before=before, after=after)
        if change.event_type.data is UnitEffectiveLocationNumberChanged:
            before, after = self._effective_sides(change)
            return self._phrase("hands", before=before, after=after)
        if _changed_hands(change):
            before, after = map(self.identified, (str(change.before), str(change.after)))
            return self._phrase("hands", before=before, after=after)
        return (*self.label(change), *next(iter(self.lines(change)), ()))

    def _tell_sides(self, change: Change) -> Iterator[Line]:
        if change.stretches and not look_the_same(change.before, change.after):
            yield marked(change)
        elif change.before is not None or change.after is not None:
            before, after = self.values(change.before, change.after)
            yield (*before, ARROW, *after)

    def _tell_arrival(self, change: Change) -> Iterator[Line]:
        if change.effective is not None and change.effective > change.day:
            key = "opened.on" if Note.OPENED_LATER in change.notes else "opens"
            yield self._phrase(key, day=self._day(change.effective))
        if change.number is not None:
            origin = change.origins[1] if change.origins else None
            inherited = origin not in {None, change.unit}
            key = "number.inherited" if inherited else "number.own"
            yield self._phrase(key, number=code(change.number), unit=self.unit(origin))
        if change.to is not None:
            yield self._phrase("last.day", day=self._day(change.to))
        if change.replaces:
            yield self._phrase("replaces", units=self.units(change.replaces))
        if change.replaced_by:
            yield self._phrase("replaced.by", units=self.units(change.replaced_by))

    def _tell_closing(self, change: Change) -> Iterator[Line]:
        yield self._phrase("last.day", day=self._day(change.after))
        if change.number is not None:
            yield self._phrase("number.had", number=code(change.number))
        if change.replaced_by:
            yield self._phrase("replaced.by", units=self.units(change.replaced_by))
        yield from self._tell_successor(change)

    def _tell_successor(self, change: Change) -> Iterator[Line]:
        """Who probably goes on, which nobody but sordiff says."""
        if change.successor is not None:
            yield outside(ListPhrases(self.language).probably(change.successor))

    def _tell_removal(self, change: Change) -> Iterator[Line]:
        if Note.CLOSED_WITHIN not in change.notes:
            yield self._phrase("was.open" if change.was_open else "purged")
        if change.number is not None:
            yield self._phrase("number.had", number=code(change.number))
        yield from self._tell_successor(change)

    def _tell_last_day(self, change: Change) -> Iterator[Line]:
        before, after = self._day(change.before), self._day(change.after)
        yield self._phrase("last.day", day=(*before, ARROW, *after) if change.before else after)

    def _tell_move(self, change: Change) -> Iterator[Line]:
        yield self._phrase("from", place=self._way(_ids(change.before)))
        yield self._phrase("to", place=self._way(_ids(change.after)))
        if change.descendants:
            yield words(self.language.counted("descendants", change.descendants))

    def _tell_replacement(self, change: Change) -> Iterator[Line]:
        yield self._phrase("replaced.by", units=self.units(_ids(change.after)))

    def _tell_effective_number(self, change: Change) -> Iterator[Line]:
        old, new = self._effective_sides(change)
        yield self._phrase("from", place=old)
        yield self._phrase("to", place=new)

    def _effective_sides(self, change: Change) -> tuple[Line, Line]:
        old, new = change.origins or (None, None)
        before, after = change.before, change.after
        return self._effective(before, old, change), self._effective(after, new, change)

    def _effective(self, number: object, origin: str | None, change: Change) -> Line:
        if number is None:
            return self._phrase("number.none")
        if origin in {None, change.unit}:
            return self._phrase("number.its.own", number=code(str(number)))
        return self._phrase("number.of", number=code(str(number)), unit=self.unit(origin))

    def _tell_number(self, change: Change) -> Iterator[Line]:
        before, after = change.before, change.after
        if before is None:
            yield self._phrase("number.assigned", unit=self.identified(change.unit))
        elif after is None:
            yield self._phrase("number.released", unit=self.identified(change.unit))
        elif before == after:
            yield self._phrase("number.owner", unit=self.identified(change.unit))
        else:
            yield self._phrase("from", place=self.identified(str(before)))
            place = self.identified(str(after))
            if change.relation is not None:
                place = (*place, Piece(", "), *self._phrase(f"relation.{change.relation}"))
            yield self._phrase("to", place=place)
        if change.previously is not None:
            former, released = change.previously
            yield self._phrase("reused", unit=self.identified(former), day=self._day(released))
        if change.shared:
            yield self._phrase("shared")

    def _tell_circumstances(self, change: Change) -> Iterator[Line]:
        if change.carriers is not None:
            yield words(self.language.counted(_carried(change), change.carriers))
        if change.cause is _DATE_ELAPSED:
            yield self._phrase("elapsed")
        for note in change.notes:
            if note is not _OPENED_LATER:
                yield self._phrase(f"note.{note.value}")
        # A unit that came or went is told of by that alone, not by what led to it.
        if change.steps > 1 and not _came_or_went(change):
            yield words(self.language.counted("steps", change.steps))


def _is_number(change: Change) -> bool:
    return change.event_type.subject is _LOCATION_NUMBER


def _came_or_went(change: Change) -> bool:
    row = change.event_type
    return row.subject is _UNIT and row.folding is _PRESENCE


def _changed_hands(change: Change) -> bool:
    has_both = change.before is not None and change.after is not None
    return _is_number(change) and has_both and change.before != change.after


def _carried(change: Change) -> str:
    """How it is told who has a number or a code; a number that nobody has any more has no heirs."""
    if not _is_number(change):
        return "carriers"
    if change.event_type.data is LocationNumberClosed and change.carriers:
        return "heirs.closed"
    released = change.before is not None and change.after is None
    if released:
        return "heirs.still" if change.carriers else "heirs.gone"
    return "heirs"


def _ids(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
