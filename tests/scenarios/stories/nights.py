"""The telling of a story: a register that changes step by step, written night by night."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from tests.making import tables
from tests.making.elements import Version
from tests.making.plain import PlainList, PlainRegister, PlainUnit, find, valid_sor_id
from tests.making.xml import write_data_types, write_snapshot

from .trees import changed

_COPENHAGEN = ZoneInfo("Europe/Copenhagen")
_LARGE = 100_000


def created_at(day: str) -> str:
    """The moment of a night's extract, a little past one o'clock, with seven fractional digits and the offset."""
    past = 20 + zlib.crc32(day.encode()) % 35
    moment = datetime.combine(date.fromisoformat(day), time(1, 0, past), _COPENHAGEN)
    fraction = zlib.crc32(day[::-1].encode()) % 10_000_000
    shown = moment.isoformat()
    return f"{shown[:19]}.{fraction:07d}{shown[19:]}"


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip with fixed dates. Only what is large is deflated, so that no version of zlib changes the small ones."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            large = len(content) > _LARGE
            archive.writestr(
                zipfile.ZipInfo(name),
                content,
                zipfile.ZIP_DEFLATED if large else zipfile.ZIP_STORED,
                9 if large else None,
            )
    return out.getvalue()


class Telling:
    """A register that a story changes step by step, and the nights written so far.

    A night is an .xml; a .zip where code lists come along or `pack` is set.
    """

    def __init__(self, *units: PlainUnit, version: Version = 2, pack: bool = False) -> None:
        self.units = list(units)
        self.lists: list[PlainList] | None = None
        self.version: Version = version
        self.pack = pack
        self.nights: dict[str, bytes] = {}

    def __getitem__(self, sequence: int) -> PlainUnit:
        """The unit with the SOR id of this sequence number."""
        found = find(self.register(""), valid_sor_id(sequence))
        assert found is not None, sequence
        return found

    def register(self, day: str) -> PlainRegister:
        """The register as it stands on this day."""
        return PlainRegister(
            created_at=created_at(day) if day else "",
            snapshot_date=day,
            units=self.units,
            lists=self.lists,
        )

    def night(self, day: str) -> None:
        """Write the extract of this day."""
        xml = write_snapshot(self.register(day), version=self.version)
        if self.lists is None and not self.pack:
            self.nights[f"{day}.xml"] = xml
            return
        parts = {"Sor.xml": xml}
        if self.lists is not None:
            parts["SorDataTypes.xml"] = write_data_types(self.lists)
        self.nights[f"{day}.zip"] = zipped(parts)

    def daily(self, day: str) -> None:
        """Write SorEntity_daily.csv of this day."""
        register = self.register(day)
        rows = tables.still_open(register, tables.sor2_rows(register))
        self.nights[f"{day}.csv"] = tables.write_sor2(rows)

    def old_table(self, day: str) -> None:
        """Write sor.csv of this day."""
        self.nights[f"{day}.csv"] = tables.write_old(tables.old_rows(self.register(day)))

    def parent(self, sequence: int) -> PlainUnit:
        """The unit right above this one."""
        wanted = valid_sor_id(sequence)
        stack = list(self.units)
        while stack:
            above = stack.pop()
            if any(child.sor_id == wanted for child in above.children):
                return above
            stack.extend(above.children)
        raise AssertionError(sequence)

    def take_out(self, sequence: int) -> PlainUnit:
        """Remove the unit, with all below it, and hand it over."""
        taken = self[sequence]
        siblings = self.units if taken in self.units else self.parent(sequence).children
        siblings.remove(taken)
        return taken

    def move(self, sequence: int, to: int, day: str) -> PlainUnit:
        """Put the unit, with all below it, under another one; the move holds from this day."""
        moved = changed(self.take_out(sequence), day)
        self[to].children.append(moved)
        return moved
