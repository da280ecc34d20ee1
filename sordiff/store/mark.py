"""The high-water mark beside a changelog: how far it had come, so that a restored backup is known.

A changelog that is behind its mark was restored. The same nights may be recorded again: they give
the same events the same sequences. Anything else would give a sequence twice, so that a poller
misses events; it is refused, until somebody says to go on above the mark. A changelog that was
moved without its mark loses this protection, nothing else.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection
from typing import Final

import msgspec
from msgspec import Struct

from sordiff.errors import ChangelogFailed
from sordiff.store.conditions import ACCEPTED
from sordiff.store.database import transaction
from sordiff.store.sequences import SqliteSequenceCounter

# A backup that is older than so many nights is known as restored, but not which night is next.
_MOST_RUNS: Final = 400


class MarkedRun(Struct, frozen=True):
    """An accepted run; it is the same if snapshot, events and sequences are."""

    id: int
    day: str
    sha256: str
    digest: str
    first_sequence: int | None
    last_sequence: int | None

    def is_same(self, other: "MarkedRun") -> bool:
        """Whether it is the same run, by whatever number."""
        return msgspec.structs.replace(self, id=other.id) == other

    def is_same_night(self, other: "MarkedRun") -> bool:
        """Whether it is of the same snapshot and has the same events."""
        return (self.sha256, self.digest) == (other.sha256, other.digest)


class HighWaterMark(Struct, frozen=True):
    """All names the changelog has had, the last sequence given, the newest accepted runs."""

    changelogs: frozenset[str]
    sequence: int
    runs: tuple[MarkedRun, ...]


class MarkFile:
    """The mark of a changelog, kept up with what is written over a connection."""

    def __init__(self, connection: Connection, database: Path, *, writable: bool = True) -> None:
        """`writable` is False for a copy: it is held against the mark, and never changes it."""
        self._connection = connection
        self._database = database
        real = database.resolve()
        self._path = real.with_name(f"{real.name}.mark")
        self._writable = writable

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction that gives no sequence twice; the mark follows when it is on the disk."""
        with transaction(self._connection):
            before, mark = self._current(), self._read()
            behind = mark is not None and _is_behind(before, mark)
            yield
            after = self._current()
            if mark is not None and behind:
                self._demand_same(before, after, mark)
        if not (mark is not None and behind and _is_behind(after, mark)):
            self._write(after, mark)

    def continue_above(self) -> None:
        """Let the next sequence be above all that were given, and take the changelog as it is."""
        mark = self._read()
        if mark is None:
            return
        with transaction(self._connection):
            self._connection.execute(
                "UPDATE changelogs SET last_sequence = max(last_sequence, ?) WHERE role = 'own'",
                [mark.sequence],
            )
        self._write(self._current(), mark)

    def _demand_same(
        self, before: HighWaterMark, after: HighWaterMark, mark: HighWaterMark
    ) -> None:
        """Refuse new accepted runs that are not the next ones of the mark."""
        last = before.runs[-1].id if before.runs else 0
        lost = _lost(before, mark)
        for number, run in enumerate(run for run in after.runs if run.id > last):
            if number < len(lost) and lost[number].is_same(run):
                continue
            raise self._restored(before, lost[number:], mark)

    def _restored(
        self, before: HighWaterMark, lost: tuple[MarkedRun, ...], mark: HighWaterMark
    ) -> ChangelogFailed:
        last, given = before.runs[-1].id if before.runs else 0, mark.sequence
        message = (
            f"{self._database} is a restored backup: it ends with run {last} and sequence"
            f" {before.sequence}, and sequence {given} was given already."
        )
        advice = (
            f"Ingest the night of {lost[0].day} first, the same file; without it"
            f" `sordiff ingest --restored` goes on behind sequence {given}."
            if lost
            else "Without the lost nights `sordiff ingest --restored` goes on behind"
            f" sequence {given}."
        )
        return ChangelogFailed(message, advice=advice)

    def _current(self) -> HighWaterMark:
        names = self._connection.execute("SELECT changelog_id FROM changelogs")
        rows = self._connection.execute(
            "SELECT runs.id, snapshot_date, sha256, digest, first_sequence, last_sequence"  # noqa: S608  # ours
            " FROM runs JOIN snapshots ON snapshots.id = snapshot_id"
            f" WHERE {ACCEPTED} ORDER BY runs.id DESC LIMIT {_MOST_RUNS}"
        )
        return HighWaterMark(
            changelogs=frozenset(name for (name,) in names),
            sequence=SqliteSequenceCounter(self._connection).next() - 1,
            runs=tuple(MarkedRun(*row) for row in rows)[::-1],
        )

    def _read(self) -> HighWaterMark | None:
        """The mark, of this changelog; one that can't be read protects nothing."""
        try:
            mark = msgspec.json.decode(self._path.read_bytes(), type=HighWaterMark)
        except (OSError, msgspec.DecodeError):
            return None
        return mark if self._is_ours(mark) else None

    def _is_ours(self, mark: HighWaterMark) -> bool:
        current = self._current()
        if mark.changelogs & current.changelogs:
            return True
        return self._was_named_late() and any(
            run.is_same_night(current.runs[-1]) for run in mark.runs
        )

    def _was_named_late(self) -> bool:
        """A backup from before changelogs had a name gets another than the one that was lost."""
        query = (
            "SELECT (SELECT since FROM changelogs WHERE role = 'own')"
            " > (SELECT min(recorded_at) FROM runs)"
        )
        return bool(self._connection.execute(query).fetchone()[0])

    def _write(self, current: HighWaterMark, known: HighWaterMark | None) -> None:
        """Replace the file in one step; where it can't be, the next transaction tries again."""
        if not self._writable or current == known:
            return
        aside = self._path.with_name(f"{self._path.name}.new")
        with contextlib.suppress(OSError):
            with aside.open("wb") as file:
                file.write(msgspec.json.encode(current, order="sorted"))
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self._path)


def _is_behind(current: HighWaterMark, mark: HighWaterMark) -> bool:
    return bool(_lost(current, mark)) or current.sequence < mark.sequence


def _lost(current: HighWaterMark, mark: HighWaterMark) -> tuple[MarkedRun, ...]:
    """The runs that the mark knows behind the last one of the changelog, oldest first."""
    if not current.runs:
        return mark.runs
    last = current.runs[-1]
    for place in reversed(range(len(mark.runs))):
        if mark.runs[place].is_same_night(last):
            return mark.runs[place + 1 :]
    return ()
