"""The coverage of each run, and by which further names of fields its snapshot was read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from sqlite3 import Connection

import msgspec

from sordiff.changelog.recording import Coverages
from sordiff.coverage.counts import Coverage
from sordiff.model import Kind
from sordiff.wire import encode_canonically


class SqliteCoverages(Coverages):
    """Coverage in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, run_id: int, coverage: Coverage, fields: Mapping[str, Sequence[str]]) -> None:
        self._connection.executemany(
            "INSERT INTO coverage (run_id, path, kind, units) VALUES (?, ?, ?, ?)",
            (
                (run_id, path, str(kind), units)
                for (path, kind), units in sorted(coverage.carriers.items())
            ),
        )
        told = encode_canonically(dict(fields)).decode()
        self._connection.execute("UPDATE runs SET fields = ? WHERE id = ?", [told, run_id])

    def read(self, run_id: int) -> Coverage | None:
        query = "SELECT path, kind, units FROM coverage WHERE run_id = ?"
        rows = self._connection.execute(query, [run_id]).fetchall()
        if not rows:
            return None
        return Coverage(Counter({(path, Kind(kind)): units for path, kind, units in rows}))

    def read_fields(self, run_id: int) -> dict[str, tuple[str, ...]]:
        query = "SELECT fields FROM runs WHERE id = ?"
        told: str = self._connection.execute(query, [run_id]).fetchone()[0]
        return msgspec.json.decode(told, type=dict[str, tuple[str, ...]])
