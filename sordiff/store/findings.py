"""Findings over time: which a run brought, and which it took away."""

from __future__ import annotations

from collections.abc import Iterable
from sqlite3 import Connection
from typing import TYPE_CHECKING

import msgspec

from sordiff.changelog.recording import Findings
from sordiff.findings import Finding
from sordiff.store.conditions import ACCEPTED
from sordiff.store.values import write_values
from sordiff.wire import encode_canonically

if TYPE_CHECKING:
    from sordiff.changelog.records import FindingTurn, StandingFindings


class SqliteFindings(Findings):
    """Findings in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, run_id: int, turns: Iterable[FindingTurn], standing: int) -> None:
        self._connection.executemany(
            "INSERT INTO findings (run_id, change, code, subject, details) VALUES (?, ?, ?, ?, ?)",
            (
                (
                    run_id,
                    turn.change,
                    turn.finding.code,
                    turn.finding.subject,
                    encode_canonically(turn.finding).decode(),
                )
                for turn in turns
            ),
        )
        self._connection.execute("UPDATE runs SET findings = ? WHERE id = ?", [standing, run_id])

    def count_standing(self, run_id: int) -> int | None:
        query = "SELECT findings FROM runs WHERE id = ?"
        found: int | None = self._connection.execute(query, [run_id]).fetchone()[0]
        return found

    def read_standing(self, run_id: int) -> StandingFindings:
        rows = self._connection.execute(
            "SELECT change, details FROM findings JOIN runs ON runs.id = findings.run_id"  # noqa: S608
            f" WHERE runs.id = ?1 OR ({ACCEPTED} AND runs.id <= coalesce("
            "   (SELECT CASE WHEN state IN ('accepted', 'released') THEN id ELSE compared_with END"
            "    FROM runs WHERE id = ?1), 0))"
            " ORDER BY runs.id",
            [run_id],
        )
        return _folded(rows)

    def read_standing_of(self, run_id: int, subjects: Iterable[str]) -> StandingFindings:
        rows = self._connection.execute(
            "SELECT change, details FROM json_each(?) AS wanted"  # noqa: S608
            " CROSS JOIN findings ON subject = wanted.value JOIN runs ON runs.id = findings.run_id"
            f" WHERE runs.id <= ? AND {ACCEPTED} ORDER BY wanted.key, runs.id",
            [write_values(subjects), run_id],
        )
        return _folded(rows)


def _folded(rows: Iterable[tuple[str, str]]) -> StandingFindings:
    decoder = msgspec.json.Decoder(Finding)
    standing: StandingFindings = {}
    for change, details in rows:
        finding = decoder.decode(details)
        if change == "resolved":
            standing.pop((finding.code, finding.subject), None)
        else:
            standing[finding.code, finding.subject] = finding
    return standing
