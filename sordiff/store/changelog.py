"""The changelog proper: snapshots, runs, events, adoptions, alerts."""

import json
from collections.abc import Iterable, Iterator, Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

import msgspec

from sordiff.alerts import Alert
from sordiff.model import Header
from sordiff.replay import Adoption
from sordiff.report import RecordedRun
from sordiff.wire import CloudEvent, canonical, digest, padded, schema_id, short_name, type_name

if TYPE_CHECKING:
    from sqlite_utils.db import Table

# A run that moved the state: taken at once, or held and released.
_ACCEPTED = "state IN ('accepted', 'released')"
_RUN_COLUMNS = (
    "runs.id, kind, state, snapshot_date, created_at, instant, version, sha256, size, units,"
    " other, nights, nights_missing, version_changed, publish, event_count, first_sequence,"
    " last_sequence, digest, warnings, reason, recorded_at, decided_by, decided_at, source"
)


class NewRun(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be recorded of an accepted run, beside its events."""

    kind: str
    header: Header
    units: int
    file: str
    data_types_sha256: str | None
    compared_with: int | None
    source: str
    nights: int | None
    nights_missing: int
    version_changed: bool
    publish: bool
    warnings: tuple[str, ...]
    reason: str | None
    recorded_at: str
    decided_by: str | None


def last_accepted(connection: Connection) -> RecordedRun | None:
    """The run whose snapshot the state is."""
    return next(_runs(connection, f"WHERE {_ACCEPTED} ORDER BY runs.id DESC LIMIT 1"), None)


def run_by_sha256(connection: Connection, sha256: str) -> RecordedRun | None:
    """The newest run of a snapshot with this content."""
    where = "WHERE sha256 = ? ORDER BY runs.id DESC LIMIT 1"
    return next(_runs(connection, where, [sha256]), None)


def all_runs(connection: Connection) -> Iterator[RecordedRun]:
    """All runs, oldest first."""
    return _runs(connection, "ORDER BY runs.id")


def _runs(
    connection: Connection, where: str, parameters: Sequence[Any] = ()
) -> Iterator[RecordedRun]:
    query = (
        f"SELECT {_RUN_COLUMNS} FROM runs"  # noqa: S608  # columns and conditions are ours
        f" JOIN snapshots ON snapshots.id = runs.snapshot_id {where}"
    )
    names = [column.strip().removeprefix("runs.") for column in _RUN_COLUMNS.split(",")]
    for values in connection.execute(query, list(parameters)):
        row = dict(zip(names, values, strict=True))
        header = {field: row.pop(field) for field in Header.__struct_fields__ if field != "other"}
        other = json.loads(row.pop("other"))
        row["warnings"] = tuple(json.loads(row["warnings"]))
        row["version_changed"] = bool(row["version_changed"])
        row["publish"] = bool(row["publish"])
        yield RecordedRun(header=Header(**header, other=other), **row)


def next_run_id(connection: Connection) -> int:
    """The id that the next run will have; only the writer asks, so nobody takes it meanwhile."""
    return int(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM runs").fetchone()[0])


def next_sequence(connection: Connection) -> int:
    """The sequence of the next accepted event."""
    query = "SELECT coalesce(max(sequence), 0) + 1 FROM events"
    return int(connection.execute(query).fetchone()[0])


def record_run(
    connection: Connection, run_id: int, run: NewRun, lines: Sequence[CloudEvent]
) -> None:
    """Write an accepted run with its snapshot and its events, which get their sequences here."""
    first = next_sequence(connection)
    snapshot_id = _snapshot_id(connection, run)
    _table(connection, "runs").insert(
        {
            "id": run_id,
            "kind": run.kind,
            "state": "accepted",
            "snapshot_id": snapshot_id,
            "compared_with": run.compared_with,
            "source": run.source,
            "nights": run.nights,
            "nights_missing": run.nights_missing,
            "version_changed": run.version_changed,
            "publish": run.publish,
            "event_count": len(lines),
            "first_sequence": first if lines else None,
            "last_sequence": first + len(lines) - 1 if lines else None,
            "digest": digest(bytes(line.data) for line in lines),
            "warnings": json.dumps(run.warnings),
            "reason": run.reason,
            "recorded_at": run.recorded_at,
            "decided_by": run.decided_by,
            "decided_at": run.recorded_at if run.decided_by else None,
        }
    )
    connection.executemany(
        'INSERT INTO events (run_id, "order", sequence, id, type, subject, data)'
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (run_id, n + 1, first + n, e.id, short_name(e.type), e.subject, bytes(e.data).decode())
            for n, e in enumerate(lines)
        ),
    )


def _snapshot_id(connection: Connection, run: NewRun) -> int:
    """The row of the snapshot, new, or that of the same bytes judged before."""
    query = "SELECT id FROM snapshots WHERE sha256 = ?"
    row = connection.execute(query, [run.header.sha256]).fetchone()
    if row:
        return int(row[0])
    values = msgspec.structs.asdict(run.header) | {
        "units": run.units,
        "other": canonical(run.header.other).decode(),
        "data_types_sha256": run.data_types_sha256,
        "file": run.file,
    }
    return int(str(_table(connection, "snapshots").insert(values).last_pk))


def record_adoptions(connection: Connection, run_id: int, adoptions: Iterable[Adoption]) -> None:
    """Write what changed without an event."""
    connection.executemany(
        'INSERT INTO adoptions (run_id, "order", subject, path, before, after)'
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            (
                run_id,
                order,
                adoption.subject,
                adoption.path,
                _json_or_null(adoption.before),
                _json_or_null(adoption.after),
            )
            for order, adoption in enumerate(adoptions, start=1)
        ),
    )


def record_alerts(connection: Connection, run_id: int, alerts: Iterable[Alert]) -> None:
    """Write the alerts of a run."""
    for order, alert in enumerate(alerts, start=1):
        _table(connection, "alerts").insert(
            {"run_id": run_id, "order": order, **msgspec.structs.asdict(alert)}
        )


def _json_or_null(value: Any) -> str | None:
    return None if value is None else canonical(value).decode()


class EventQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which events are wanted: after a sequence, of a run, of a type, about a subject, how many."""

    since: int = 0
    run: int | None = None
    event_type: str | None = None
    subject: str | None = None
    limit: int | None = None


def recorded_events(connection: Connection, wanted: EventQuery) -> Iterator[CloudEvent]:
    """Recorded events in order, with their envelopes; of accepted runs, or of the run named.

    A held run has no sequences yet: named, it is shown whole, whatever `since` says.
    """
    if wanted.run is None:
        conditions: list[tuple[str, Any]] = [("events.sequence > ?", wanted.since)]
    else:
        unsequenced = wanted.since + 1
        conditions = [
            ("events.run_id = ?", wanted.run),
            (f"coalesce(events.sequence, {unsequenced}) > ?", wanted.since),
        ]
    if wanted.event_type is not None:
        conditions.append(("events.type = ?", wanted.event_type))
    if wanted.subject is not None:
        conditions.append(("events.subject = ?", wanted.subject))
    order = "events.sequence" if wanted.run is None else 'events."order"'
    query = (
        "SELECT events.id, source, type, subject, created_at, sequence, data FROM events"  # noqa: S608
        " JOIN runs ON runs.id = events.run_id JOIN snapshots ON snapshots.id = runs.snapshot_id"
        f" WHERE {' AND '.join(condition for condition, _ in conditions)}"
        f" ORDER BY {order} LIMIT ?"
    )
    parameters = [value for _, value in conditions]
    parameters.append(-1 if wanted.limit is None else wanted.limit)
    for row in connection.execute(query, parameters):
        event_id, source, name, about, created_at, sequence, data = row
        yield CloudEvent(
            id=event_id,
            source=source,
            type=type_name(name),
            subject=about,
            time=created_at,
            dataschema=schema_id(name),
            sequence=msgspec.UNSET if sequence is None else padded(sequence),
            partitionkey=about,
            data=msgspec.Raw(data.encode()),
        )


def run_exists(connection: Connection, run_id: int) -> bool:
    """Whether there is a run of that number."""
    query = "SELECT 1 FROM runs WHERE id = ?"
    return connection.execute(query, [run_id]).fetchone() is not None


def _table(connection: Connection, name: str) -> "Table":
    from sqlite_utils import Database  # 0.1 s, and reading commands do without

    return Database(connection).table(name)
