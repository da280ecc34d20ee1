"""The same nights by all roads, and everything that they tell.

Besides the fast and the plain road there is the way that the plain one takes where it can't read by stretches: element
by element. It is the slowest and the plainest, and is held against the others.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from sqlite3 import connect
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pytest
from msgspec import structs

from sordiff.changelog.records import EventQuery
from sordiff.errors import SnapshotRefused
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.compare import Comparison, compare_files
from sordiff.service.ingest.ingest import ingest_snapshots, read_with_index
from sordiff.settings import Settings
from sordiff.snapshot import ReadOptions, Snapshot, readers
from sordiff.snapshot.snapshot import TouchedUnits
from sordiff.store.changelog import SqliteChangelog
from sordiff.store.events import SqliteEvents
from sordiff.unit_records import decode_unit
from sordiff.wire import encode_canonically, encode_stateless_lines
from tests.making.plain import PlainRegister, copy_register, walk
from tests.making.xml import Layout, write_snapshot

Road = Literal["fast", "plain", "elements"]
ROADS: tuple[Road, ...] = ("fast", "plain", "elements")
_TABLES = ("adoptions", "alerts", "coverage", "run_counts", "known_units", "location_number_owners")


def ordinary(register: PlainRegister) -> PlainRegister:
    """The same without what only the plain road reads: the unknown around the records."""
    night = copy_register(register)
    night.unknown = []
    for unit in walk(night):
        unit.unknown_in_wrapper, unit.wrapper_attributes = [], {}
    return night


def plainly(register: PlainRegister) -> PlainRegister:
    """Without what nobody knows, and without what stands there twice."""
    night = ordinary(register)
    for unit in walk(night):
        unit.unknown, unit.unknown_in_status, unit.attributes = [], [], {}
    return night


def refusal(error: SnapshotRefused) -> tuple[str, ...]:
    """What is said of a refused file."""
    return (error.message, error.advice, *map(str, error.problems))


@contextmanager
def taking(road: Road) -> Iterator[None]:
    """In the block the plain road reads element by element, if that is the road."""
    if road != "elements":
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        slowly = [structs.replace(reader, read_stretches=None) for reader in readers.READERS]
        patch.setattr(readers, "READERS", tuple(slowly))
        yield


def ingested(folder: Path, files: Sequence[Path], road: Road) -> Any:
    """Everything that a chain of nights leaves in the changelog, and how it ended."""
    database = folder / f"{road}.db"
    options = IngestOptions(
        recorded_at="2026-01-01T00:00:00+00:00",
        user="test",
        accept=True,
        reason="both roads",
        plain=road != "fast",
    )
    ended: Any = "well"
    try:
        with taking(road):
            _ingest(files, database, options, road)
    except SnapshotRefused as error:
        ended = refusal(error)
    if not database.is_file():
        return ended
    connection = connect(database)
    said: dict[str, Any] = {
        table: sorted(connection.execute(f"SELECT * FROM {table}"), key=repr)  # noqa: S608  # our names
        for table in _TABLES
    }
    said["events"] = [
        encode_canonically(event) for event in SqliteEvents(connection).select(EventQuery())
    ]
    recorded = connection.execute(
        "SELECT runs.*, snapshots.* FROM runs JOIN snapshots ON snapshots.id = snapshot_id"
    ).fetchall()
    # The folder of the first night may be that of the chain before it.
    said["runs"] = [(*row, Path(path).name) for *row, path in recorded]
    said["units"] = {
        sor_id: decode_unit(record)
        for sor_id, record in connection.execute("SELECT sor_id, record FROM units")
    }
    connection.close()
    return ended, said


# Of the last chain on each road: its first night, and the changelog and its mark when that was recorded.
_BEGUN: dict[Road, tuple[bytes, tuple[bytes, bytes]]] = {}


def _ingest(files: Sequence[Path], database: Path, options: IngestOptions, road: Road) -> None:
    """Night by night. A chain that begins as the one before it goes on from what that one's first night left.

    Between two nights nothing is remembered but what the changelog holds.
    """
    if not files:
        return
    first, *rest = files
    content = first.read_bytes()
    beside = database, database.with_name(f"{database.name}.mark")
    begun, left = _BEGUN.get(road, (b"", (b"", b"")))
    if begun == content and first.suffix == ".xml":
        for path, written_before in zip(beside, left, strict=True):
            path.write_bytes(written_before)
    else:
        list(ingest_snapshots([first], SqliteChangelog(database), Settings(), options))
        _BEGUN[road] = content, (beside[0].read_bytes(), beside[1].read_bytes())
    list(ingest_snapshots(rest, SqliteChangelog(database), Settings(), options))


def compared(old: Path, new: Path, road: Road) -> Any:
    """What `diff` says of two files: its events as they are written, and all beside them."""
    try:
        with taking(road):
            return compare_files(old, new, Settings(), told, ReadOptions(plain=road != "fast"))
    except SnapshotRefused as error:
        return refusal(error)


def told(found: Comparison) -> Any:
    """All that is said of a comparison, complete."""
    lines = list(encode_stateless_lines(found.events, found.origin))
    return lines, found.adoptions, found.alerts, found.warnings, sorted(found.changes.touched)


def same_by_all(folder: Path, files: Sequence[Path]) -> Any:
    """Take a chain of nights by all roads, and compare each pair; what `ingest` then told."""
    fast, plain, elements = (ingested(folder, files, road) for road in ROADS)
    assert fast == plain == elements
    told_of_all = fast
    for old, new in pairwise(files):
        fast, plain, elements = (compared(old, new, road) for road in ROADS)
        assert fast == plain == elements
    return told_of_all


def read_by_touched(folder: Path, file: Path) -> Snapshot:
    """How the next night would be read with the index that is there."""
    return read_with_index(SqliteChangelog(folder / "fast.db"), file, Settings(), ReadOptions())


def written(folder: Path, nights: Sequence[bytes]) -> list[Path]:
    """The nights as files."""
    files = [folder / f"{number}.xml" for number, _ in enumerate(nights)]
    for file, content in zip(files, nights, strict=True):
        file.write_bytes(content)
    return files


def same(nights: Sequence[bytes]) -> Any:
    """Take a chain of nights by all roads; what `ingest` then told."""
    with TemporaryDirectory() as folder:
        return same_by_all(Path(folder), written(Path(folder), nights))


def touched(old: bytes, new: bytes) -> TouchedUnits:
    """What the fast road reads of a night."""
    with TemporaryDirectory() as folder:
        first, second = written(Path(folder), [old, new])
        ingested(Path(folder), [first], "fast")
        found = read_by_touched(Path(folder), second).touched
        assert found is not None
        return found


def tomorrow(register: PlainRegister) -> PlainRegister:
    """The same a day later."""
    night = copy_register(register)
    night.snapshot_date = "2024-09-03"
    night.created_at = "2024-09-03T01:00:29.6269718+02:00"
    return night


def text_of(register: PlainRegister) -> str:
    """The night as it is usually written."""
    return write_snapshot(register, version=2, layout=Layout()).decode("utf-8-sig")
