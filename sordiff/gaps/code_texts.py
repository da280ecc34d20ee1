"""Texts that stand for codes: which code a text means tonight, and which text has another now.

In sor.csv a type is a word. When the register rewords it, every unit of that type carries another
word the next night: the type is the same, and its text changed. The code of a text is the text that
it had on the first night.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from sordiff.model import Classification, Entry, SorId, Speciality, Unit
from sordiff.register import Register, list_codes

T = TypeVar("T")
_NUMBER: Final = "location_number/"


class Named(Struct, frozen=True, kw_only=True):
    """Units and lists in which every text has its code."""

    units: dict[SorId, Unit]
    lists: dict[str, Classification]


def name_codes(
    names: Iterable[str],
    units: Mapping[SorId, Unit],
    lists: Mapping[str, Classification],
    old: Register,
) -> Named:
    """Give every text of these lists its code; all `units` are as tonight's rows have them."""
    named = dict(units)
    built = dict(lists)
    for name in sorted(names & lists.keys() & old.lists.keys()):
        field = lists[name].serves
        if field is None:
            continue
        codes = _Rewording(field, units, lists[name], old).find_codes()
        entries = {code: Entry(code=code, text=text) for text, code in codes.items()}
        built[name] = replace(lists[name], entries=entries)
        turned = {text: code for text, code in codes.items() if text != code}
        if turned:
            for sor_id, unit in named.items():
                named[sor_id] = _name_codes_of(unit, field, turned)
    return Named(units=named, lists=built)


class _Rewording:
    """The texts of one field tonight, held against the codes of the night before."""

    def __init__(
        self, field: str, units: Mapping[SorId, Unit], tonight: Classification, old: Register
    ) -> None:
        self._field = field
        self._units = units
        self._texts = tonight.entries.keys()
        self._before = old.lists[tonight.name].entries
        self._old = old

    def find_codes(self) -> dict[str, str]:
        """Text -> code: a known text has its code, a reworded one too, and a new one is its own."""
        known = {entry.text: code for code, entry in sorted(self._before.items(), reverse=True)}
        codes = {text: known[text] for text in self._texts if text in known}
        fresh = [text for text in self._texts if text not in known]
        reworded = self._find_reworded(fresh) if fresh else {}
        for text in fresh:
            codes[text] = reworded.get(text) or self._choose_code(text)
        return codes

    def _choose_code(self, text: str) -> str:
        """A new text is its own code, unless that is the code of a text that was reworded."""
        code, count = text, 2
        while code in self._before:
            code, count = f"{text} ({count})", count + 1
        return code

    def _find_reworded(self, fresh: Iterable[str]) -> dict[str, str]:
        """New text -> the code of the text that all units carried which now carry the new one."""
        came_from: dict[str, set[str | None]] = {text: set() for text in fresh}
        went_to: dict[str, set[str | None]] = {}
        for sor_id, unit in self._units.items():
            earlier = self._old.units.get(sor_id)
            if earlier is None:
                continue
            was, now = list_codes(earlier, self._field), list_codes(unit, self._field)
            for code in was:
                went_to.setdefault(code, set()).add(_find_only(now))
            for text in now & came_from.keys():
                came_from[text].add(_find_only(was))
        found = {}
        for text, sources in came_from.items():
            source = _find_only(sources)
            if source is None or source not in self._before:
                continue
            is_gone = self._before[source].text not in self._texts
            if is_gone and went_to[source] == {text}:
                found[text] = source
        return found


def _find_only(several: Collection[T]) -> T | None:
    """The one that there is; None if there is none, or more than one."""
    return next(iter(several)) if len(several) == 1 else None


def _name_codes_of(unit: Unit, field: str, turned: Mapping[str, str]) -> Unit:
    number = unit.location_number
    if field == "unit_type":
        text = unit.unit_type
        return unit if text is None or text not in turned else replace(unit, unit_type=turned[text])
    if field == "specialities":
        codes = dict.fromkeys(turned.get(each.code, each.code) for each in unit.specialities)
        named = tuple(Speciality(code=code) for code in codes)
        return unit if named == unit.specialities else replace(unit, specialities=named)
    if number is None or not field.startswith(_NUMBER):
        return unit
    name = field.removeprefix(_NUMBER)
    code = getattr(number, name)
    if code not in turned:
        return unit
    return replace(unit, location_number=replace(number, **{name: turned[code]}))
