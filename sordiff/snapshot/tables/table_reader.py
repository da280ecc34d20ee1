"""Read a table of the register: the file is judged whole, and its units are those of one day."""

import hashlib
import mmap
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

import msgspec
from msgspec import Struct, structs

from sordiff.collection import pause_collection
from sordiff.findings import Finding
from sordiff.gaps.gaps import Gaps
from sordiff.model import Classification, Day, Header
from sordiff.row_index import KnownRows, RowIndex
from sordiff.snapshot.format.limits import MAX_UNITS
from sordiff.snapshot.format.text import NotSorError
from sordiff.snapshot.snapshot import ReadOptions, SnapshotContent
from sordiff.snapshot.source.beside import BesideEntry
from sordiff.snapshot.source.mapped_file import MappedFile, require_unchanged
from sordiff.snapshot.source.peeked_stream import PeekedStream
from sordiff.snapshot.source.refusals import build_refusal
from sordiff.snapshot.source.streams import SIZE_LIMIT, ByteStream
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.tables.compared_rows import RowComparison
from sordiff.snapshot.tables.compared_states import StateComparison, write_states_key
from sordiff.snapshot.tables.placed_rows import ReadRow, bind_row_reader
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.side_tables import SideTables
from sordiff.snapshot.tables.states import States
from sordiff.snapshot.tables.table_content import TableIdentity, build_content
from sordiff.snapshot.tables.table_file import ByteCount, TableFile
from sordiff.snapshot.tables.touched_rows import TouchedRows
from sordiff.snapshot.tables.whole_index import build_row_index
from sordiff.subtrees import SubtreeIndex
from sordiff.table_kinds import TableKind

_CHUNK: Final = 1024**2
_UNDATED: Final = "a CSV file has no date of its own"
_DATE_IT: Final = (
    "Give the day of its night as FILE@YYYY-MM-DD, or where a command has it with --snapshot-date "
    "YYYY-MM-DD; nothing was changed."
)


def read_mapped_table(
    mapped: MappedFile,
    index: SubtreeIndex | KnownRows | None,
    options: ReadOptions,
    progress: ByteCount | None,
) -> SnapshotContent:
    """Read a table that is mapped: of a daily file, only the rows that are not in the index."""
    mapped.start_hashing()
    day = _demand_day(options, mapped.name)
    content = mapped.map_content()
    with require_unchanged(mapped), pause_collection():
        if isinstance(index, KnownRows):
            with suppress(UnsureError):
                table = _Table(content, mapped.name, mapped.beside, options)
                return table.read_touched(day, lambda: mapped.sha256, index)
        table = _Table(content, mapped.name, mapped.beside, options)
        return table.read(day, lambda: mapped.sha256, progress)


def read_table_stream(
    stream: PeekedStream, name: str, options: ReadOptions, progress: ByteCount | None
) -> SnapshotContent:
    """Read a table; SnapshotRefused with all problems, in order of their lines."""
    day = _demand_day(options, name)
    with spool_table(stream, name) as (content, sha256):
        return _Table(content, name, stream.beside, options).read(day, lambda: sha256, progress)


@contextmanager
def spool_table(stream: ByteStream, name: str) -> Iterator[tuple[mmap.mmap, str]]:
    """The content in a file without a name, to be read more than once, and its SHA-256."""
    digest = hashlib.sha256()
    with tempfile.TemporaryFile() as file:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
            if file.tell() > SIZE_LIMIT:
                raise build_refusal(name, "too_large", "it unpacks to more than 2 GiB")
        file.flush()
        if os.fstat(file.fileno()).st_size == 0:
            raise build_refusal(name, "empty", "the file is empty")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            yield content, digest.hexdigest()


def _demand_day(options: ReadOptions, name: str) -> Day:
    if options.snapshot_date is None:
        raise build_refusal(name, "snapshot_date.missing", _UNDATED, advice=_DATE_IT)
    return options.snapshot_date


class _Kept(Struct, frozen=True):
    """What stays of the time when the rows were read, beside the units in their file.

    It is made anew when all else is gone: each small object of that time would keep a megabyte of
    it alive, which Python gives back in one piece or not at all.
    """

    index: RowIndex | None
    findings: tuple[Finding, ...]
    lists: dict[str, Classification]
    gaps: Gaps | None


_KEPT: Final = msgspec.msgpack.Decoder(_Kept)


class _Table:
    """A table with what lies beside it in its archive."""

    def __init__(
        self,
        content: mmap.mmap,
        name: str,
        beside: tuple[BesideEntry, ...],
        options: ReadOptions,
    ) -> None:
        self._content = content
        self._table = TableFile(content, name, options.columns)
        self._in_file = options.units_in_file
        self._side = SideTables(beside, options.columns.get(TableKind.COMPLETE, {}))

    def read(
        self, day: Day, sha256: Callable[[], str], progress: ByteCount | None
    ) -> SnapshotContent:
        """Read the units of the day."""
        table, side = self._table, self._side
        reader = RowUnits(table)
        states = States(table, reader, day, is_complete=side.are_there)
        try:
            states.read(progress)
        except NotSorError as error:
            raise build_refusal(table.name, "not_sor", error.message, error.line) from error
        stated = states.choose()
        table.refuse_problems(*reader.find_mixed_days())
        if len(stated) > MAX_UNITS:
            message = f"more than {MAX_UNITS:,} units: this is not the register"
            raise build_refusal(table.name, "not_sor", message)
        for unit in stated.values():
            unit.settle_parent()
        index = None
        if states.kind is not TableKind.SOR_CSV and not side.are_there:
            index = build_row_index(table, states, stated, reader.list_ways())
        header = self._build_header(states.kind, day, sha256)
        del states, reader  # a hundred bytes and more of each row
        found = build_content(table, side, stated, header, release=True, in_file=self._in_file)
        if index is not None:
            mentioned = [*found.gaps.mentioned] if found.gaps else []
            index = structs.replace(index, mentioned=mentioned)
        if not self._in_file:
            return structs.replace(found, index=index)
        kept = _Kept(index, found.findings, found.lists, found.gaps)
        encoded = msgspec.msgpack.encode(kept)
        rest = structs.replace(found, findings=(), lists={}, gaps=None)
        del stated, found, index, kept
        return structs.replace(rest, **structs.asdict(_KEPT.decode(encoded)))

    def read_touched(
        self, day: Day, sha256: Callable[[], str], known: KnownRows
    ) -> SnapshotContent:
        """Read what the last accepted file had not so; UnsureError if all must be read."""
        if self._side.are_there:
            raise UnsureError("other tables say something of its units")
        table, rows = self._table, known.rows
        is_complete = rows.key == write_states_key(table)
        read_row: ReadRow
        try:
            if is_complete:
                states = StateComparison(table, rows, day)
                compared, read_row = states.compare_digests(), states.read_row
            else:
                comparison = RowComparison(table, self._content, rows)
                compared = comparison.compare_digests()
                read_row = bind_row_reader(table, comparison.reader)
            touched = TouchedRows(table, known, compared, read_row, is_complete=is_complete)
            kind = TableKind.COMPLETE if is_complete else TableKind.DAILY
            found = touched.read(lambda: self._build_header(kind, day, sha256))
        except NotSorError as error:
            raise UnsureError("not the register") from error
        return structs.replace(found, warnings=tuple(self._side.warnings))

    def _build_header(self, kind: TableKind, day: Day, sha256: Callable[[], str]) -> Header:
        identity = TableIdentity(
            kind=kind, sha256=sha256(), size=len(self._content), beside=self._side.digest
        )
        return identity.build_header(day)
