"""The alerts of the changelog: raised with a run, resolved by a later one."""

from collections.abc import Iterable
from sqlite3 import Connection

import msgspec
from msgspec import UNSET

from sordiff.alerts import Alert
from sordiff.changelog.recording import Alerts
from sordiff.store.plain_columns import UPDATE_RUN_TEXTS
from sordiff.wire import encode_canonically

_COLUMNS = frozenset({"code", "severity", "subject", "message"})


class SqliteAlerts(Alerts):
    """Alerts in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, run_id: int, alerts: Iterable[Alert]) -> None:
        self._connection.executemany(
            'INSERT INTO alerts (run_id, "order", code, severity, subject, message, details)'
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    run_id,
                    order,
                    alert.code,
                    alert.severity,
                    alert.subject,
                    alert.message,
                    encode_canonically(_details(alert)).decode(),
                )
                for order, alert in enumerate(alerts, start=1)
            ),
        )
        self._connection.execute(f"{UPDATE_RUN_TEXTS} WHERE id = ?", [run_id])

    def read(self, run_id: int) -> tuple[Alert, ...]:
        rows = self._connection.execute(
            "SELECT code, severity, subject, message, details FROM alerts"
            ' WHERE run_id = ? ORDER BY "order"',
            [run_id],
        )
        return tuple(
            msgspec.convert(
                {
                    "code": code,
                    "severity": severity,
                    "subject": subject,
                    "message": message,
                    **msgspec.json.decode(details),
                },
                Alert,
            )
            for code, severity, subject, message, details in rows
        )

    def resolve(self, run_id: int, by_run: int) -> None:
        self._connection.execute(
            "UPDATE alerts SET resolved_by = ? WHERE run_id = ? AND resolved_by IS NULL",
            [by_run, run_id],
        )


def _details(alert: Alert) -> dict[str, object]:
    return {
        name: value
        for name, value in msgspec.structs.asdict(alert).items()
        if name not in _COLUMNS and value is not UNSET
    }
