"""The coverage of each run, and by which further names of fields its snapshot was read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from sqlite3 import Connection

from sordiff.coverage import Coverage
from sordiff.model import Kind
from sordiff.wire import canonical

Fields = Mapping[str, Sequence[str]]


def record_coverage(
    connection: Connection, run_id: int, coverage: Coverage, fields: Fields
) -> None:
    """Write how many units carry each path after a run, held or not."""
    connection.executemany(
        "INSERT INTO coverage (run_id, path, kind, units) VALUES (?, ?, ?, ?)",
        (
            (run_id, path, str(kind), units)
            for (path, kind), units in sorted(coverage.carriers.items())
        ),
    )
    connection.execute("UPDATE runs SET fields = ? WHERE id = ?", [_written(fields), run_id])


def coverage_of_run(connection: Connection, run_id: int) -> Coverage | None:
    """What was recorded with a run; None for one from before there was any."""
    query = "SELECT path, kind, units FROM coverage WHERE run_id = ?"
    rows = connection.execute(query, [run_id]).fetchall()
    return Coverage(Counter({(path, Kind(kind)): n for path, kind, n in rows})) if rows else None


def is_read_by(connection: Connection, run_id: int, fields: Fields) -> bool:
    """Whether the snapshot of a run was read by these further names."""
    query = "SELECT fields FROM runs WHERE id = ?"
    return bool(connection.execute(query, [run_id]).fetchone()[0] == _written(fields))


def _written(fields: Fields) -> str:
    return canonical(dict(fields)).decode()
