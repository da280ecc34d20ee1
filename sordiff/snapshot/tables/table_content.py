"""From what the rows of one day state to a snapshot: header, units and lists."""

from collections.abc import Mapping

from msgspec import Struct

from sordiff.findings import Finding
from sordiff.gaps.gaps import Gaps
from sordiff.model import Classification, Day, Entry, Header, SorId, Unit
from sordiff.register import list_codes
from sordiff.snapshot.format.text import parse_instant
from sordiff.snapshot.night_identity import identify_night
from sordiff.snapshot.snapshot import SnapshotContent
from sordiff.snapshot.tables.code_texts import TEXT_LIST_NAMES, CodeTexts
from sordiff.snapshot.tables.side_tables import SideTables
from sordiff.snapshot.tables.stated_register import build_register
from sordiff.snapshot.tables.stated_unit import StatedUnit
from sordiff.snapshot.tables.table_file import TableFile
from sordiff.snapshot.tables.unused_cells import find_unused
from sordiff.table_kinds import TableKind


def build_content(  # noqa: PLR0913  # two of them say how the units are kept
    table: TableFile,
    side: SideTables,
    stated: dict[SorId, StatedUnit],
    header: Header,
    *,
    release: bool = False,
    in_file: bool = False,
) -> SnapshotContent:
    """The units of one day as a snapshot; SnapshotRefused if they are no tree.

    `release`, `in_file`: see build_register.
    """
    texts = CodeTexts()
    unused: list[Finding] = []
    for unit in stated.values():
        complete_unit(unit, side, header.snapshot_date)
        unused += find_unused(unit)
        for noted in unit.code_texts:
            texts.note(*noted)
    # Each is an object of the time when the rows were read, and would keep all its memory alive.
    lines = {} if in_file else {sor_id: unit.line for sor_id, unit in stated.items()}
    is_old = header.version == TableKind.SOR_CSV
    built = build_register(
        stated, table.name, marks_numbers=is_old, release=release, in_file=in_file
    )
    table.refuse_problems(*built.problems)
    lists = _lift_texts(built.units) if is_old else texts.build_lists()
    return SnapshotContent(
        header=header,
        units=built.units,
        lines=lines,
        findings=(*built.findings, *texts.list_findings(), *unused),
        lists=lists,
        list_files=side.lists,
        read_columns=table.columns.group_by_field(),
        warnings=tuple(side.warnings),
        gaps=Gaps(
            leaves_out_closed=header.version == TableKind.DAILY,
            mentioned=built.mentioned,
            said_below=built.said_below,
            marks_numbers=is_old,
            texts_as_codes=frozenset(lists if is_old else ()),
            several_texts=texts.find_several(),
        ),
    )


def complete_unit(unit: StatedUnit, side: SideTables, day: Day) -> None:
    """Add what other tables say of a unit."""
    unit.replaced_by = side.find_replacing(unit.sor_id, day)
    if unit.number is not None:
        unit.number = side.complete_number(unit.number)


class TableIdentity(Struct, frozen=True, kw_only=True):
    """What a table is, whatever the day: its kind, and the SHA-256 and the size of its bytes.

    `beside`: the digest of the tables beside it that say something of its units.
    """

    kind: TableKind
    sha256: str
    size: int
    beside: str | None = None

    def build_header(self, day: Day) -> Header:
        """The header of a table, which has none: its night begins with the day.

        The same bytes are another night on another day, and so another content.
        """
        found = parse_instant(f"{day}T00:00:00")
        assert found is not None, "the day was read as one"  # noqa: S101
        created_at, instant = found
        return Header(
            snapshot_date=day,
            created_at=created_at,
            instant=instant,
            version=str(self.kind),
            sha256=identify_night(self.sha256, day, self.beside),
            size=self.size,
        )


def _lift_texts(units: Mapping[SorId, Unit]) -> dict[str, Classification]:
    """The texts of sor.csv as lists in which each is its own code."""
    lists = {}
    for field, name in TEXT_LIST_NAMES.items():
        found = sorted({code for unit in units.values() for code in list_codes(unit, field)})
        if found:
            entries = {text: Entry(code=text, text=text) for text in found}
            lists[name] = Classification(name=name, serves=field, entries=entries, in_use_only=True)
    return lists
