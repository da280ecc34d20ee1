"""Units, codes and places by the names that people know, in lines of pieces."""

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from sordiff.model import SorId
from sordiff.render.language import Catalogue
from sordiff.render.text.rich_text import Line, Piece, code, filled, joined, outside, words
from sordiff.report import UnitEntry

_STEP: Final = " › "
_DEEPEST: Final = 64


class KnownNames(Protocol):
    """What must be known of units and codes to tell changes: a Report knows it, or a Life."""

    @property
    def units(self) -> Mapping[SorId, UnitEntry]:
        """Units by id."""

    @property
    def unit_types(self) -> Mapping[str, str]:
        """The texts of unit types by code."""

    @property
    def specialities(self) -> Mapping[str, str]:
        """The texts of specialities by code."""

    @property
    def lists(self) -> Mapping[str, str | None]:
        """The classifications by name, each with the unit field whose codes it explains."""

    @property
    def codes(self) -> Mapping[str, Mapping[str, str]]:
        """The texts of the codes in other fields, by the field and code."""


class UnitNames:
    """Names units, codes and days in one language."""

    def __init__(self, known: KnownNames, language: Catalogue) -> None:
        self._known = known
        self.language = language
        self._told_days: dict[str, Line] = {}  # a year has few, which come again and again

    def identified(self, sor_id: str | None) -> Line:
        """A unit by its name, with its id behind."""
        known = self._known.units.get(SorId(sor_id or ""))
        if sor_id is None or known is None or not known.name:
            return self.unit(sor_id)
        return (*outside(known.name), Piece(" ("), *code(sor_id), Piece(")"))

    def unit(self, sor_id: str | None) -> Line:
        """A unit by its name; by its id where it has none."""
        if sor_id is None:
            return outside(None)
        known = self._known.units.get(SorId(sor_id))
        return outside(known.name) if known and known.name else code(sor_id)

    def units(self, ids: Iterable[str | None]) -> Line:
        """Several units by their names."""
        return joined([self.unit(sor_id) for sor_id in ids], ", ")

    def path(self, sor_id: str | None) -> Line:
        """The way from the owner down to above the unit."""
        steps: list[Line] = []
        entry = self._known.units.get(SorId(sor_id or ""))
        while entry is not None and entry.parent is not None and len(steps) < _DEEPEST:
            steps.append(self.unit(entry.parent))
            entry = self._known.units.get(entry.parent)
        return joined(steps[::-1], _STEP)

    def unit_type(self, found: str | None) -> Line:
        """A unit type by its text; by its code where no list knows it."""
        return outside(self._known.unit_types.get(found or "", found))

    def code(self, subject: str) -> Line:
        """A code of a list, list/code, by what it is: "unit type 394761003"."""
        name, _, found = subject.partition("/")
        kind = self._kind_of_code("code", name)
        return (*(words(kind) if kind else outside(name)), Piece(" "), *code(found))

    def codes_of(self, name: str) -> Line:
        """A list by what its codes are; by its own name where no field has them."""
        kinds = self._kind_of_code("codes", name)
        if kinds is None:
            return self._phrase("list.name", name=outside(name))
        return self._phrase("list.name.of", kinds=words(kinds))

    def _kind_of_code(self, key: str, name: str) -> str | None:
        served = self._known.lists.get(name)
        return None if served is None else self.language.known(f"{key}.{served}")

    def knows_type(self, code_: str) -> bool:
        """Whether a list has a text for a unit type."""
        return code_ in self._known.unit_types

    def type_of(self, sor_id: str | None) -> Line:
        """The text of a unit's type, as far as there is one."""
        entry = self._known.units.get(SorId(sor_id or ""))
        text = self._known.unit_types.get(entry.unit_type or "") if entry else None
        return outside(text) if text else ()

    def _phrase(self, key: str, **values: Line | str) -> Line:
        return filled(self.language.text(key), **values)

    def _day(self, day: object) -> Line:
        if not day:
            return words("–")
        told = self._told_days.get(str(day))
        if told is None:
            told = self._told_days[str(day)] = words(self.language.day(str(day)))
        return told

    def _way(self, steps: tuple[str, ...]) -> Line:
        return joined([self.unit(step) for step in steps], _STEP) or self._phrase("top")
