"""The runs of the changelog, each with its snapshot: recorded, found, decided."""

import json
from collections.abc import Iterator, Mapping, Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

import msgspec

from sordiff.model import Day, Header
from sordiff.report import RecordedRun
from sordiff.wire import CloudEvent, canonical, digest, short_name

if TYPE_CHECKING:
    from sqlite_utils.db import Table

# A run that moved the state: taken at once, or held and released.
ACCEPTED = "state IN ('accepted', 'released')"
_RUN_COLUMNS = (
    "runs.id, kind, state, snapshot_date, created_at, instant, version, sha256, size, units,"
    " other, nights, nights_missing, version_changed, publish, event_count, first_sequence,"
    " last_sequence, digest, warnings, reason, recorded_at, decided_by, decided_at, source,"
    " open_units, exceptional, lists, compared_with"
)


class NewRun(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be recorded of a run, accepted or held.

    `counts` are the events by name, and what the rules derive of them; `exceptional` runs stay
    out of the history of the rules; `lists` are tonight's classifications with the field each
    serves.
    """

    kind: str
    state: str
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
    open_units: int
    exceptional: bool
    counts: Mapping[str, int]
    lists: Mapping[str, str | None]


def last_accepted(connection: Connection) -> RecordedRun | None:
    """The run whose snapshot the state is."""
    return next(_runs(connection, f"WHERE {ACCEPTED} ORDER BY runs.id DESC LIMIT 1"), None)


def run_by_sha256(connection: Connection, sha256: str) -> RecordedRun | None:
    """The newest run of a snapshot with this content."""
    where = "WHERE sha256 = ? ORDER BY runs.id DESC LIMIT 1"
    return next(_runs(connection, where, [sha256]), None)


def run_by_id(connection: Connection, run_id: int) -> RecordedRun | None:
    """The run of that number."""
    return next(_runs(connection, "WHERE runs.id = ?", [run_id]), None)


def referred_run(connection: Connection, run_id: int) -> RecordedRun:
    """The run that a row of another table refers to, and which is there therefore."""
    run = run_by_id(connection, run_id)
    assert run is not None, "foreign keys are enforced"  # noqa: S101
    return run


def pending_held(connection: Connection) -> RecordedRun | None:
    """The held run that waits for a decision; there is one at most."""
    return next(_runs(connection, "WHERE state = 'held' ORDER BY runs.id DESC LIMIT 1"), None)


def last_accepted_by(connection: Connection, day: Day) -> RecordedRun | None:
    """The last accepted run whose snapshot is not later than that day."""
    where = f"WHERE {ACCEPTED} AND snapshot_date <= ? ORDER BY runs.id DESC LIMIT 1"
    return next(_runs(connection, where, [day]), None)


def first_accepted(connection: Connection) -> RecordedRun | None:
    """The run with which the changelog begins."""
    return next(_runs(connection, f"WHERE {ACCEPTED} ORDER BY runs.id LIMIT 1"), None)


def last_run(connection: Connection) -> RecordedRun | None:
    """The newest run, whatever became of it."""
    return next(_runs(connection, "ORDER BY runs.id DESC LIMIT 1"), None)


def ordinary_runs(connection: Connection, most: int) -> list[RecordedRun]:
    """The newest accepted nights with nothing exceptional about them, oldest first."""
    where = f"WHERE {ACCEPTED} AND kind = 'night' AND NOT exceptional ORDER BY runs.id DESC LIMIT ?"
    return list(_runs(connection, where, [most]))[::-1]


def accepted_between(
    connection: Connection, since: Day | None, until: Day | None
) -> list[RecordedRun]:
    """The accepted runs whose snapshots are of these days, both included, oldest first."""
    where = f"WHERE {ACCEPTED} AND snapshot_date BETWEEN ? AND ? ORDER BY runs.id"
    return list(_runs(connection, where, [since or "", until or "9999-12-31"]))


def not_accepted_between(
    connection: Connection, since: Day | None, until: Day | None
) -> list[RecordedRun]:
    """The runs of snapshots of these days that moved no state, oldest first."""
    where = f"WHERE NOT ({ACCEPTED}) AND snapshot_date BETWEEN ? AND ? ORDER BY runs.id"
    return list(_runs(connection, where, [since or "", until or "9999-12-31"]))


def runs_since(connection: Connection, day: Day, until_run: int) -> list[RecordedRun]:
    """All runs of snapshots from that day on, up to a run, oldest first."""
    where = "WHERE snapshot_date >= ? AND runs.id <= ? ORDER BY runs.id"
    return list(_runs(connection, where, [day, until_run]))


def all_runs(connection: Connection) -> Iterator[RecordedRun]:
    """All runs, oldest first."""
    return _runs(connection, "ORDER BY runs.id")


def newest_runs(connection: Connection, most: int) -> list[RecordedRun]:
    """The newest runs, oldest of them first."""
    return list(_runs(connection, "ORDER BY runs.id DESC LIMIT ?", [most]))[::-1]


def states(connection: Connection) -> dict[str, int]:
    """How many runs are in each state."""
    return dict(connection.execute("SELECT state, count(*) FROM runs GROUP BY state").fetchall())


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
        row["exceptional"] = bool(row["exceptional"])
        row["lists"] = json.loads(row["lists"])
        yield RecordedRun(header=Header(**header, other=other), **row)


def next_run_id(connection: Connection) -> int:
    """The id that the next run will have; only the writer asks, so nobody takes it meanwhile."""
    return int(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM runs").fetchone()[0])


def next_sequence(connection: Connection) -> int:
    """The sequence of the next accepted event; higher than any of runs that were adopted."""
    query = (
        "SELECT max(coalesce((SELECT max(sequence) FROM events), 0),"
        " coalesce((SELECT max(last_sequence) FROM changelogs), 0)) + 1"
    )
    return int(connection.execute(query).fetchone()[0])


def record_run(
    connection: Connection, run_id: int, run: NewRun, lines: Sequence[CloudEvent]
) -> None:
    """Write a run with its snapshot and its events, which get sequences if it is accepted."""
    first = next_sequence(connection) if run.state == "accepted" else None
    last = None if first is None or not lines else first + len(lines) - 1
    snapshot_id = _snapshot_id(connection, run)
    table(connection, "runs").insert(
        {
            "id": run_id,
            "kind": run.kind,
            "state": run.state,
            "snapshot_id": snapshot_id,
            "compared_with": run.compared_with,
            "source": run.source,
            "nights": run.nights,
            "nights_missing": run.nights_missing,
            "version_changed": run.version_changed,
            "publish": run.publish,
            "event_count": len(lines),
            "first_sequence": first if lines else None,
            "last_sequence": last,
            "digest": digest(bytes(line.data) for line in lines),
            "warnings": json.dumps(run.warnings),
            "reason": run.reason,
            "recorded_at": run.recorded_at,
            "decided_by": run.decided_by,
            "decided_at": run.recorded_at if run.decided_by else None,
            "open_units": run.open_units,
            "exceptional": run.exceptional,
            "lists": json.dumps(dict(run.lists)),
        }
    )
    connection.executemany(
        'INSERT INTO events (run_id, "order", sequence, id, type, subject, data)'
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (
                run_id,
                place + 1,
                None if first is None else first + place,
                line.id,
                short_name(line.type),
                line.subject,
                bytes(line.data).decode(),
            )
            for place, line in enumerate(lines)
        ),
    )
    connection.executemany(
        "INSERT INTO run_counts (run_id, name, count) VALUES (?, ?, ?)",
        ((run_id, name, count) for name, count in run.counts.items()),
    )


def counts_of(connection: Connection, run_id: int) -> dict[str, int]:
    """The events of a run by name, with what the rules derived of them."""
    query = "SELECT name, count FROM run_counts WHERE run_id = ?"
    return dict(connection.execute(query, [run_id]).fetchall())


def event_totals(connection: Connection) -> dict[str, int]:
    """The events of all accepted runs, by name."""
    query = (
        "SELECT name, sum(count) FROM run_counts"  # noqa: S608  # the condition is ours
        " JOIN runs ON runs.id = run_counts.run_id"
        f" WHERE {ACCEPTED} GROUP BY name ORDER BY name"
    )
    return dict(connection.execute(query).fetchall())


def counts_by_run(connection: Connection) -> dict[int, dict[str, int]]:
    """The counts of every run."""
    found: dict[int, dict[str, int]] = {}
    for run_id, name, count in connection.execute("SELECT run_id, name, count FROM run_counts"):
        found.setdefault(run_id, {})[name] = count
    return found


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
    return int(str(table(connection, "snapshots").insert(values).last_pk))


def run_exists(connection: Connection, run_id: int) -> bool:
    """Whether there is a run of that number."""
    query = "SELECT 1 FROM runs WHERE id = ?"
    return connection.execute(query, [run_id]).fetchone() is not None


def table(connection: Connection, name: str) -> "Table":
    """A table, to insert single rows into."""
    from sqlite_utils import Database  # 0.1 s, and reading commands do without

    return Database(connection).table(name)
