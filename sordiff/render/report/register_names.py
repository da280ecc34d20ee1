"""The names that two registers know, to tell the changes between them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from sordiff.model import SorId
from sordiff.register import Register
from sordiff.report import UnitEntry
from sordiff.report.code_texts import CODED_FIELDS, REGION, REGIONS

_SPECIALITIES: Final = "specialities"
_UNIT_TYPE: Final = "unit_type"


class RegisterNames:
    """Names and texts as the new register has them; of what is gone, as the old one had them."""

    def __init__(self, new: Register, old: Register) -> None:
        self._registers = (old, new)
        self.units: Mapping[SorId, UnitEntry] = _Units((new, old))

    @cached_property
    def unit_types(self) -> Mapping[str, str]:
        """The texts of unit types by code."""
        return self._texts(_UNIT_TYPE)

    @cached_property
    def specialities(self) -> Mapping[str, str]:
        """The texts of specialities by code."""
        return self._texts(_SPECIALITIES)

    @cached_property
    def lists(self) -> Mapping[str, str | None]:
        """The classifications by name, each with the unit field whose codes it explains."""
        return {name: found.serves for one in self._registers for name, found in one.lists.items()}

    @cached_property
    def codes(self) -> Mapping[str, Mapping[str, str]]:
        """The texts of the codes in other fields, by the field and code."""
        texts = {served: self._texts(served) for served in CODED_FIELDS}
        return {**texts, REGION: {**REGIONS, **texts[REGION]}}

    def _texts(self, serves: str) -> dict[str, str]:
        """Where several lists of a night know a code, the first list by name tells its text."""
        return {
            code: entry.text
            for register in self._registers
            for name in sorted(register.lists, reverse=True)
            if register.lists[name].serves == serves
            for code, entry in register.lists[name].entries.items()
            if entry.text is not None
        }


class _Units(Mapping[SorId, UnitEntry]):
    """The units of several registers; an entry is made when it is asked for."""

    def __init__(self, registers: Sequence[Register]) -> None:
        self._registers = registers

    def __getitem__(self, sor_id: SorId) -> UnitEntry:
        for register in self._registers:
            unit = register.units.get(sor_id)
            if unit is not None:
                return UnitEntry(
                    name=unit.name,
                    kind=unit.kind,
                    unit_type=unit.unit_type,
                    parent=unit.parent_id,
                )
        raise KeyError(sor_id)

    def __iter__(self) -> Iterator[SorId]:
        return iter({sor_id: None for one in self._registers for sor_id in one.units})

    def __len__(self) -> int:
        return len(set(self))
