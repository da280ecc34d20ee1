"""What is said of one change, in lines of pieces: old → new, with names and not only ids."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sordiff.events import CodedText
from sordiff.fields import BOOKKEEPING
from sordiff.render.language import Catalogue
from sordiff.render.report.unit_names import Known, Namer
from sordiff.render.text.rich_text import Line, Piece, code, joined, outside, words
from sordiff.report import Change, Difference, Mark, Note
from sordiff.report.code_texts import text_at

_ARROW: Final = " → "
_UNITS: Final = frozenset({"replaces", "replaced_by", "geographical_parent_id"})
_DAYS: Final = frozenset({"from", "to", "updated", "first_from"})
_PRESENCE: Final = frozenset({"unit.created", "unit.restored", "unit.removed"})
_ELEMENTS: Final = {Mark.SAME: "", Mark.GONE: "del", Mark.COME: "ins"}


class Sayer(Namer):
    """Says changes in one language."""

    def __init__(self, report: Known, texts: Catalogue) -> None:
        super().__init__(report, texts)
        self._telling: Mapping[str, Callable[[Change], Iterator[Line]]] = {
            "unit.created": self._of_appeared,
            "unit.restored": self._of_appeared,
            "unit.opened": self._of_appeared,
            "unit.reopened": self._of_last_day,
            "unit.closure_scheduled": self._of_last_day,
            "unit.closure_cancelled": self._of_last_day,
            "unit.closed": self._of_closed,
            "unit.removed": self._of_removed,
            "unit.moved": self._of_moved,
            "unit.replaced": self._of_replaced,
            "unit.effective_location_number_changed": self._of_effective,
        }

    def lines(self, change: Change) -> tuple[Line, ...]:
        """All that is said of a change beside what it is about."""
        usual = self._of_number if _is_number(change) else self._sides
        telling = self._telling.get(change.type, usual)
        said = [*telling(change), *self._differences(change), *self._beside(change)]
        return tuple(line for line in said if line)

    def example(self, change: Change) -> Line:
        """The one thing that an example of many says: from where to where, or the first thing."""
        if change.type == "unit.moved":
            before, after = (self._way(_ids(side)) for side in (change.before, change.after))
            return self._say("hands", before=before, after=after)
        if change.type == "unit.effective_location_number_changed":
            before, after = self._effective_sides(change)
            return (*before, Piece(_ARROW), *after)
        if _changed_hands(change):
            before, after = map(self.identified, (str(change.before), str(change.after)))
            return self._say("hands", before=before, after=after)
        return next(iter(self.lines(change)), ())

    def _sides(self, change: Change) -> Iterator[Line]:
        if change.stretches:
            yield marked(change)
        elif change.before is not None or change.after is not None:
            yield (*self._value(change.before), Piece(_ARROW), *self._value(change.after))

    def _value(self, value: Any) -> Line:
        match value:
            case CodedText():
                return outside(value.text or value.code)
            case bool():
                return self._say("yes" if value else "no")
            case list() | tuple():
                return joined([self._value(item) for item in value], ", ") or outside(None)
            case Mapping():
                return joined([self._value(item) for item in value.values() if item], " ")
            case _:
                return outside(None if value is None else str(value))

    def _of_appeared(self, change: Change) -> Iterator[Line]:
        if change.effective is not None and change.effective > change.day:
            key = "opened.on" if Note.OPENED_LATER in change.notes else "opens"
            yield self._say(key, day=self._day(change.effective))
        if change.number is not None:
            origin = change.origins[1] if change.origins else None
            inherited = origin not in {None, change.unit}
            key = "number.inherited" if inherited else "number.own"
            yield self._say(key, number=code(change.number), unit=self.unit(origin))
        if change.to is not None:
            yield self._say("last.day", day=self._day(change.to))
        if change.replaces:
            yield self._say("replaces", units=self.units(change.replaces))
        if change.replaced_by:
            yield self._say("replaced.by", units=self.units(change.replaced_by))

    def _of_closed(self, change: Change) -> Iterator[Line]:
        yield self._say("last.day", day=self._day(change.after))
        if change.number is not None:
            yield self._say("number.had", number=code(change.number))
        if change.replaced_by:
            yield self._say("replaced.by", units=self.units(change.replaced_by))

    def _of_removed(self, change: Change) -> Iterator[Line]:
        if Note.CLOSED_WITHIN not in change.notes:
            yield self._say("was.open" if change.was_open else "purged")
        if change.number is not None:
            yield self._say("number.had", number=code(change.number))

    def _of_last_day(self, change: Change) -> Iterator[Line]:
        before, after = self._day(change.before), self._day(change.after)
        yield self._say(
            "last.day", day=(*before, Piece(_ARROW), *after) if change.before else after
        )

    def _of_moved(self, change: Change) -> Iterator[Line]:
        yield self._say("from", place=self._way(_ids(change.before)))
        yield self._say("to", place=self._way(_ids(change.after)))
        if change.descendants:
            yield words(self._texts.counted("descendants", change.descendants))

    def _of_replaced(self, change: Change) -> Iterator[Line]:
        yield self._say("replaced.by", units=self.units(_ids(change.after)))

    def _of_effective(self, change: Change) -> Iterator[Line]:
        old, new = self._effective_sides(change)
        yield self._say("from", place=old)
        yield self._say("to", place=new)

    def _effective_sides(self, change: Change) -> tuple[Line, Line]:
        old, new = change.origins or (None, None)
        before, after = change.before, change.after
        return self._effective(before, old, change), self._effective(after, new, change)

    def _effective(self, number: object, origin: str | None, change: Change) -> Line:
        if number is None:
            return self._say("number.none")
        if origin in {None, change.unit}:
            return self._say("number.its.own", number=code(str(number)))
        return self._say("number.of", number=code(str(number)), unit=self.unit(origin))

    def _of_number(self, change: Change) -> Iterator[Line]:
        before, after = change.before, change.after
        if before is None:
            yield self._say("number.assigned", unit=self.identified(change.unit))
        elif after is None:
            yield self._say("number.released", unit=self.identified(change.unit))
        elif before == after:
            yield self._say("number.owner", unit=self.identified(change.unit))
        else:
            yield self._say("from", place=self.identified(str(before)))
            place = self.identified(str(after))
            if change.relation is not None:
                place = (*place, Piece(", "), *self._say(f"relation.{change.relation}"))
            yield self._say("to", place=place)
        if change.previously is not None:
            former, released = change.previously
            yield self._say("reused", unit=self.identified(former), day=self._day(released))
        if change.shared:
            yield self._say("shared")

    def _differences(self, change: Change) -> Iterator[Line]:
        if change.differences and {found.path for found in change.differences} <= BOOKKEEPING:
            yield self._say("bookkeeping")
        together: dict[tuple[str, str], list[Difference]] = {}
        for found in change.differences:
            together.setdefault((repr(found.before), repr(found.after)), []).append(found)
        for same in together.values():
            named = ", ".join(self._texts.field(found.path) for found in same)
            yield (*outside(named), Piece(": "), *self._difference(same[0]))

    def _difference(self, found: Difference) -> Line:
        if found.path == "specialities":
            return self._gone_and_come(found)
        if found.path in _UNITS:
            before, after = (self._named(side) for side in (found.before, found.after))
            return (*before, Piece(_ARROW), *after)
        if found.path.rpartition("/")[2] in _DAYS:
            return (*self._day(found.before), Piece(_ARROW), *self._day(found.after))
        before, after = (self._coded(found.path, side) for side in (found.before, found.after))
        return (*before, Piece(_ARROW), *after)

    def _coded(self, path: str, value: Any) -> Line:
        """A value; a code by its text, where a list has one, with the code behind."""
        known = text_at(path, value, self._report.codes)
        if known is None:
            return self._value(value)
        return (*outside(known), Piece(" ("), *code(str(value)), Piece(")"))

    def _gone_and_come(self, found: Difference) -> Line:
        before, after = self._specialities(found.before), self._specialities(found.after)
        gone = [_signed("−", held) for held in before if held not in after]
        return joined([*gone, *(_signed("+", held) for held in after if held not in before)], ", ")

    def _named(self, side: Any) -> Line:
        ids = side if isinstance(side, list | tuple) else [side]
        return joined([self.unit(sor_id) for sor_id in ids], ", ")

    def _specialities(self, held: Any) -> list[str]:
        known = self._report.specialities
        found = []
        for one in held or ():
            text = known.get(one["code"], one["code"])
            found.append(f"{text} [{one['type']}]" if one.get("type") else text)
        return found

    def _beside(self, change: Change) -> Iterator[Line]:
        if change.carriers is not None:
            yield words(self._texts.counted(_carried(change), change.carriers))
        if change.cause == "date_elapsed":
            yield self._say("elapsed")
        for note in change.notes:
            if note is not Note.OPENED_LATER:
                yield self._say(f"note.{note.value}")
        # A unit that came or went is told of by that alone, not by what led to it.
        if change.steps > 1 and change.type not in _PRESENCE:
            yield words(self._texts.counted("steps", change.steps))


def marked(change: Change) -> Line:
    """A new name or text with its words marked."""
    return tuple(
        Piece(stretch.text, _ELEMENTS[stretch.mark] or outside(stretch.text)[0].element)
        for stretch in change.stretches
    )


def _signed(sign: str, text: str) -> Line:
    return (Piece(sign), *outside(text))


def _is_number(change: Change) -> bool:
    return change.type.startswith("location_number.")


def _changed_hands(change: Change) -> bool:
    held = change.before is not None and change.after is not None
    return _is_number(change) and held and change.before != change.after


def _carried(change: Change) -> str:
    """How it is told who has a number or a code; a number that nobody has any more has no heirs."""
    if not _is_number(change):
        return "carriers"
    released = change.before is not None and change.after is None
    return "heirs" if change.carriers or not released else "heirs.gone"


def _ids(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
