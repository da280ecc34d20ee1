"""What differs field by field, in lines of pieces: old → new, with names and texts."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sordiff.events import CodedText
from sordiff.fields import BOOKKEEPING
from sordiff.render.report.unit_names import UnitNames
from sordiff.render.text.rich_text import ARROW, Line, Piece, code, joined, outside
from sordiff.report import Change, Difference, Mark
from sordiff.report.code_texts import find_text
from sordiff.visible import tell_apart

_UNITS: Final = frozenset({"replaces", "replaced_by", "geographical_parent_id"})
# Bound once: to look a member up in its enumeration takes Python 3.11 longer than all else here.
_SAME: Final = Mark.SAME
_GONE: Final = Mark.GONE
_DAYS: Final = frozenset({"from", "to", "updated", "first_from"})


class DifferenceText(UnitNames):
    """Tells differing values in one language."""

    def differences(self, change: Change) -> Iterator[Line]:
        """A line a field; fields that differ in the same way share one."""
        if change.differences and {found.path for found in change.differences} <= BOOKKEEPING:
            yield self._phrase("bookkeeping")
        if len(change.differences) == 1:
            found = change.differences[0]
            yield (*outside(self.language.field(found.path)), Piece(": "), *self._difference(found))
            return
        together: dict[tuple[str, str], list[Difference]] = {}
        for found in change.differences:
            together.setdefault((repr(found.before), repr(found.after)), []).append(found)
        for same in together.values():
            fields = ", ".join(self.language.field(found.path) for found in same)
            yield (*outside(fields), Piece(": "), *self._difference(same[0]))

    def values(self, before: Any, after: Any) -> tuple[Line, Line]:
        """The value before and after; where two codes have one text, each with its code."""
        if isinstance(before, str) and isinstance(after, str):
            before, after = tell_apart(before, after)
        old, new = self.value(before), self.value(after)
        if old == new and isinstance(before, CodedText) and isinstance(after, CodedText):
            return _with_code(old, before), _with_code(new, after)
        return old, new

    def value(self, value: Any) -> Line:
        """One value of the register: a text, a yes or no, or several of them."""
        match value:
            case CodedText():
                return outside(value.text or value.code)
            case bool():
                return self._phrase("yes" if value else "no")
            case list() | tuple():
                return joined([self.value(item) for item in value], ", ") or outside(None)
            case Mapping():
                return joined([self.value(item) for item in value.values() if item], " ")
            case _:
                return outside(None if value is None else str(value))

    def _difference(self, found: Difference) -> Line:
        if found.path == "specialities":
            return self._gone_and_come(found)
        if found.path in _UNITS:
            before, after = (self._units_of(side) for side in (found.before, found.after))
        elif look_the_same(found.before, found.after):
            before, after = self.values(found.before, found.after)
        elif found.path.rpartition("/")[2] in _DAYS:
            before, after = self._day(found.before), self._day(found.after)
        else:
            before, after = (self._coded(found.path, s) for s in (found.before, found.after))
        return (*before, ARROW, *after)

    def _coded(self, path: str, value: Any) -> Line:
        """A value; a code by its text, where a list has one, with the code behind."""
        known = find_text(path, value, self._known.codes)
        if path == "geographical_parent_relation":  # five codes of which no list tells the texts
            known = self.language.known(f"{path}.{value}")
        if known is None:
            return self.value(value)
        return (*outside(known), Piece(" ("), *code(str(value)), Piece(")"))

    def _gone_and_come(self, found: Difference) -> Line:
        before, after = self._specialities(found.before), self._specialities(found.after)
        if set(before) == set(after) and before != after:
            return self._phrase(
                "speciality.main", before=outside(before[0]), after=outside(after[0])
            )
        gone = [_signed("−", text) for text in before if text not in after]
        return joined([*gone, *(_signed("+", text) for text in after if text not in before)], ", ")

    def _units_of(self, side: Any) -> Line:
        return self.units(side if isinstance(side, list | tuple) else [side])

    def _specialities(self, side: Any) -> list[str]:
        texts = self._known.specialities
        found = []
        for one in side or ():
            text = texts.get(one["code"], one["code"])
            found.append(f"{text} [{one['type']}]" if one.get("type") else text)
        return found


def marked(change: Change) -> Line:
    """A new name or text with its words marked."""
    return tuple(
        outside(stretch.text)[0]
        if stretch.mark is _SAME
        else Piece(stretch.text, "del" if stretch.mark is _GONE else "ins")
        for stretch in change.stretches
    )


def look_the_same(before: object, after: object) -> bool:
    """Whether these are two texts of which one would not see how they differ."""
    if not isinstance(before, str) or not isinstance(after, str):
        return False
    return tell_apart(before, after) != (before, after)


def _signed(sign: str, text: str) -> Line:
    return (Piece(sign), *outside(text))


def _with_code(text: Line, coded: CodedText) -> Line:
    return (*text, Piece(" ("), *code(coded.code), Piece(")"))
