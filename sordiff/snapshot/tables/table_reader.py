"""Read a table of the register: the file is judged whole, and its units are those of one day."""

import hashlib
import mmap
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from sordiff.errors import SnapshotRefused
from sordiff.gaps import Gaps
from sordiff.model import Classification, Day, Entry, Header, SorId, Unit
from sordiff.register import codes_in
from sordiff.snapshot.format.limits import MAX_UNITS
from sordiff.snapshot.format.text import NotSorError, parse_instant
from sordiff.snapshot.snapshot import ReadOptions, SnapshotContent
from sordiff.snapshot.source.byte_stream import SIZE_LIMIT, ByteStream
from sordiff.snapshot.source.mapped_file import MappedFile
from sordiff.snapshot.source.peeked_stream import PeekedStream
from sordiff.snapshot.source.refusal import build_refusal
from sordiff.snapshot.tables.code_texts import TEXT_LIST_NAMES, CodeTexts
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.stated_register import build_register
from sordiff.snapshot.tables.stated_unit import StatedUnit
from sordiff.snapshot.tables.states import States
from sordiff.snapshot.tables.table_file import TableFile
from sordiff.subtrees import SubtreeIndex
from sordiff.table_kinds import TableKind

_CHUNK: Final = 1024**2

ByteCount = Callable[[int], None]


def read_mapped_table(
    mapped: MappedFile,
    index: SubtreeIndex | None,
    options: ReadOptions,
    progress: ByteCount | None,
) -> SnapshotContent:
    """Read a table that is mapped; its rows have no index."""
    del index
    mapped.start_hashing()
    return _read_content(mapped.content, mapped.name, lambda: mapped.sha256, options, progress)


def read_table_stream(
    stream: PeekedStream, name: str, options: ReadOptions, progress: ByteCount | None
) -> SnapshotContent:
    """Read a table; SnapshotRefused with all problems, in order of their lines."""
    with _spool(stream, name) as (content, sha256):
        return _read_content(content, name, lambda: sha256, options, progress)


@contextmanager
def _spool(stream: ByteStream, name: str) -> Iterator[tuple[mmap.mmap, str]]:
    """The content in a file without a name, since a table may be read more than once."""
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


def _read_content(
    content: mmap.mmap,
    name: str,
    sha256: Callable[[], str],
    options: ReadOptions,
    progress: ByteCount | None,
) -> SnapshotContent:
    day = options.snapshot_date
    if day is None:
        raise _refuse_undated(name)
    try:
        table = TableFile(content, name, lambda kind: options.columns.get(kind, {}))
        return _read_table(table, day, sha256, len(content), progress)
    except NotSorError as error:
        raise build_refusal(name, "not_sor", error.message, error.line) from error


def _refuse_undated(name: str) -> SnapshotRefused:
    advice = "Give the day of its night with --snapshot-date YYYY-MM-DD; nothing was changed."
    message = "a CSV file has no date of its own"
    return build_refusal(name, "snapshot_date.missing", message, advice=advice)


def _read_table(
    table: TableFile,
    day: Day,
    sha256: Callable[[], str],
    size: int,
    progress: ByteCount | None,
) -> SnapshotContent:
    reader = RowUnits(table)
    states = States(table, reader, day)
    states.read(progress)
    stated = states.choose()
    days = [column.find_problem(table.name) for column in reader.day_columns]
    table.refuse_problems(*(problem for problem in days if problem is not None))
    if len(stated) > MAX_UNITS:
        raise NotSorError(f"more than {MAX_UNITS:,} units: this is not the register", None)
    return build_content(table, stated, build_header(states.kind, day, sha256(), size))


def build_content(
    table: TableFile, stated: Mapping[SorId, StatedUnit], header: Header
) -> SnapshotContent:
    """The units of one day as a snapshot; SnapshotRefused if they are no tree."""
    texts = CodeTexts()
    for unit in stated.values():
        for noted in unit.code_texts:
            texts.note(*noted)
    built = build_register(stated, table.name)
    table.refuse_problems(*built.problems)
    lists = (
        _lift_texts({**built.mentioned, **built.units})
        if header.version == TableKind.SOR_CSV
        else texts.build_lists()
    )
    return SnapshotContent(
        header=header,
        units={**built.mentioned, **built.units},
        lines={sor_id: unit.line for sor_id, unit in stated.items()},
        findings=(*built.findings, *texts.list_findings()),
        lists=lists,
        gaps=Gaps(
            leaves_out_closed=header.version == TableKind.DAILY,
            mentioned=built.mentioned,
            texts_as_codes=frozenset(lists if header.version == TableKind.SOR_CSV else ()),
            several_texts=texts.find_several(),
        ),
    )


def build_header(kind: TableKind, day: Day, sha256: str, size: int) -> Header:
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
        version=str(kind),
        sha256=hashlib.sha256(f"{sha256} {day}".encode()).hexdigest(),
        size=size,
    )


def _lift_texts(units: Mapping[SorId, Unit]) -> dict[str, Classification]:
    """The texts of sor.csv as lists in which each is its own code."""
    lists = {}
    for field, name in TEXT_LIST_NAMES.items():
        found = sorted({code for unit in units.values() for code in codes_in(unit, field)})
        if found:
            entries = {text: Entry(code=text, text=text) for text in found}
            lists[name] = Classification(name=name, serves=field, entries=entries, in_use_only=True)
    return lists
