"""A run and its snapshot as rows, and rows as a run."""

import json
from collections.abc import Iterator, Mapping, Sequence
from sqlite3 import Connection
from typing import Any, Final

import msgspec

from sordiff.changelog.records import EncodedEvent, NewRun, PreparedEvents
from sordiff.model import Header
from sordiff.report import RecordedRun
from sordiff.wire import compute_digest, encode_canonically

_RUN_COLUMNS = (
    "runs.id, kind, state, snapshot_date, created_at, instant, version, sha256, size, units,"
    " other, nights, nights_missing, version_changed, publish, event_count, first_sequence,"
    " last_sequence, digest, warnings, reason, recorded_at, decided_by, decided_at, source,"
    " open_units, exceptional, lists, compared_with, corrects, retracted_at, retracted_by,"
    " retracted_reason, history,"
    " (SELECT later.id FROM runs AS later WHERE later.corrects = runs.id) AS corrected_by"
)
_NAMES: Final = tuple(
    column.strip().removeprefix("runs.").rpartition(" AS ")[2] for column in _RUN_COLUMNS.split(",")
)
# The columns of a new run that hold a field of NewRun as it is.
_AS_THEY_ARE: Final = (
    "kind",
    "state",
    "compared_with",
    "source",
    "nights",
    "nights_missing",
    "version_changed",
    "publish",
    "reason",
    "recorded_at",
    "decided_by",
    "open_units",
    "exceptional",
    "corrects",
    "reading_rules",
    "history",
)
_JSON: Final = ("warnings", "lists", "other")
_BOOLEANS: Final = ("version_changed", "publish", "exceptional", "history")


def read_runs(
    connection: Connection, where: str, parameters: Sequence[Any] = ()
) -> Iterator[RecordedRun]:
    """The runs that a condition of ours finds, one after the other."""
    query = (
        f"SELECT {_RUN_COLUMNS} FROM runs"  # noqa: S608  # columns and conditions are ours
        f" JOIN snapshots ON snapshots.id = runs.snapshot_id {where}"
    )
    for values in connection.execute(query, list(parameters)):
        row = dict(zip(_NAMES, values, strict=True))
        row |= {name: msgspec.json.decode(row[name]) for name in _JSON}
        row |= {name: bool(row[name]) for name in _BOOLEANS}
        row["warnings"] = tuple(row["warnings"])
        header = {field: row.pop(field) for field in Header.__struct_fields__}
        yield RecordedRun(header=Header(**header), **row)


def insert_run(
    connection: Connection,
    run_id: int,
    run: NewRun,
    events: Sequence[EncodedEvent] | PreparedEvents,
    first_sequence: int | None,
) -> None:
    """Write the row of a run with these events; its snapshot gets a row where it has none."""
    if isinstance(events, PreparedEvents):
        count, digest = events.count, events.digest
    else:
        count, digest = len(events), compute_digest(event.data for event in events)
    row = {name: getattr(run, name) for name in _AS_THEY_ARE} | {
        "id": run_id,
        "snapshot_id": _find_or_insert_snapshot(connection, run),
        "event_count": count,
        "digest": digest,
        "warnings": json.dumps(run.warnings),
        "decided_at": run.recorded_at if run.decided_by else None,
        "lists": json.dumps(dict(run.lists)),
    }
    if count and first_sequence is not None:
        row["first_sequence"] = first_sequence
        row["last_sequence"] = first_sequence + count - 1
    _insert(connection, "runs", row)


def _find_or_insert_snapshot(connection: Connection, run: NewRun) -> int:
    """The row of the snapshot, new, or that of the same bytes judged before."""
    query = "SELECT id FROM snapshots WHERE sha256 = ?"
    row = connection.execute(query, [run.header.sha256]).fetchone()
    if row:
        snapshot_id = int(row[0])
        connection.execute(
            "UPDATE snapshots SET data_types_sha256 = ? WHERE id = ?",
            [run.data_types_sha256, snapshot_id],
        )
        return snapshot_id
    values = msgspec.structs.asdict(run.header) | {
        "units": run.units,
        "other": encode_canonically(run.header.other).decode(),
        "data_types_sha256": run.data_types_sha256,
        "file": run.file,
    }
    return _insert(connection, "snapshots", values)


def _insert(connection: Connection, table: str, row: Mapping[str, Any]) -> int:
    """Insert a row, whose columns are ours; its id."""
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    query = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # see above
    return int(connection.execute(query, [*row.values()]).lastrowid or 0)
