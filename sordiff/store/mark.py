"""The high-water mark beside a changelog: how far it had come, so that a restored backup is known.

A changelog that is behind its mark was restored. The same nights may be recorded again: they give
the same events the same sequences. Anything else would give a sequence twice, so that a poller
misses events; it is refused, until somebody says to go on above the mark. A changelog that was
moved without its mark loses this protection, nothing else.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from sordiff.errors import UNREADABLE, ChangelogFailed
from sordiff.report import Restoration
from sordiff.store.conditions import ACCEPTED
from sordiff.store.database import transaction
from sordiff.store.sequences import SqliteSequenceCounter

if TYPE_CHECKING:
    from sordiff.changelog.records import GivenRun

# A backup that is older than so many nights is known as restored, but not which night is next.
_MOST_RUNS: Final = 400


class MarkedRun(Struct, frozen=True):
    """An accepted run; it is the same if snapshot, events and sequences are.

    `sha256` is empty if it is only known from where the run was published; then the day counts.
    """

    id: int
    day: str
    sha256: str
    digest: str
    first_sequence: int | None
    last_sequence: int | None

    def is_same(self, other: MarkedRun) -> bool:
        """Whether it is the same run, by whatever number."""
        sequences = (self.first_sequence, self.last_sequence)
        return self.is_same_night(other) and sequences == (
            other.first_sequence,
            other.last_sequence,
        )

    def is_same_night(self, other: MarkedRun) -> bool:
        """Whether it is of the same snapshot and has the same events."""
        if not (self.sha256 and other.sha256):
            return (self.day, self.digest) == (other.day, other.digest)
        return (self.sha256, self.digest) == (other.sha256, other.digest)


class HighWaterMark(Struct, frozen=True):
    """All names the changelog has had, the last sequence given, the newest accepted runs."""

    changelogs: frozenset[str]
    sequence: int
    runs: tuple[MarkedRun, ...]


class MarkFile:
    """The mark of a changelog, kept up with what is written over a connection."""

    def __init__(
        self,
        connection: Connection,
        database: Path,
        warnings: list[str],
        *,
        writable: bool = True,
    ) -> None:
        """`warnings` is where a mark that can't be written is told.

        `writable` is False for a copy: it is held against the mark, and never changes it; and for a
        changelog that is being made, which gets its mark when it is whole.
        """
        self._warnings = warnings
        self._connection = connection
        self._database = database
        real = database.resolve()
        self._path = real.with_name(f"{real.name}.mark")
        self._writable = writable
        self._is_late = self._may_be_late = False

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction that gives no sequence twice; the mark follows when it is on the disk."""
        if self._is_late:
            with transaction(self._connection):
                yield
            return
        with transaction(self._connection):
            before, mark = self._current(), self._read()
            behind = mark is not None and _is_behind(before, mark)
            yield
            after = self._current()
            if mark is not None and behind:
                self._demand_same(before, after, mark)
        if not (mark is not None and behind and _is_behind(after, mark)):
            self._write(after, mark)
            self._is_late = self._may_be_late

    def follow_later(self) -> None:
        """Let the mark stay behind further transactions, once one has found that it is not ahead.

        Nobody else gives sequences meanwhile.
        """
        self._may_be_late = True

    def follow(self) -> None:
        """Bring the mark up to what was written since."""
        if self._is_late:
            self._write(self._current(), None)

    def keep_up(self) -> None:
        """Write the mark of a changelog as it is."""
        self._write(self._current(), self._read())

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

    def find_restoration(self) -> Restoration | None:
        """How far the changelog is behind its mark; None if it is not."""
        # The mark first: it follows what is written, so that what is read later is not behind it.
        mark, current = self._read(), self._current()
        if mark is None or not _is_behind(current, mark):
            return None
        lost = _lost(current, mark)
        return Restoration(
            last_run=current.runs[-1].id if current.runs else 0,
            last_sequence=current.sequence,
            given_sequence=mark.sequence,
            next_day=lost[0].day if lost else None,
        )

    def remember(self, runs: Sequence[GivenRun]) -> None:
        """Add runs that the mark does not know, so that the changelog is known to be behind it."""
        current, mark = self._current(), self._read()
        known = current.runs if mark is None or not mark.runs else mark.runs
        last = known[-1].id if known else 0
        new = tuple(
            MarkedRun(
                id=run.id,
                day=run.day,
                sha256="",
                digest=run.digest,
                first_sequence=run.first_sequence,
                last_sequence=run.last_sequence,
            )
            for run in runs
            if run.id > last
        )
        if new:
            names = current.changelogs | (mark.changelogs if mark else frozenset())
            given = max(run.last_sequence or 0 for run in new)
            sequence = max(given, current.sequence, mark.sequence if mark else 0)
            self._write(
                HighWaterMark(changelogs=names, sequence=sequence, runs=(*known, *new)), mark
            )

    def _demand_same(
        self, before: HighWaterMark, after: HighWaterMark, mark: HighWaterMark
    ) -> None:
        """Refuse new accepted runs that are not the next ones of the mark."""
        last = before.runs[-1].id if before.runs else 0
        lost = _lost(before, mark)
        for number, run in enumerate(run for run in after.runs if run.id > last):
            if number < len(lost) and lost[number].is_same(run):
                continue
            raise self._restored(before, lost[number:], mark, run.id)

    def _restored(
        self, before: HighWaterMark, lost: tuple[MarkedRun, ...], mark: HighWaterMark, run_id: int
    ) -> ChangelogFailed:
        """`run_id`: the number that the next run has, which its events name."""
        last, given = before.runs[-1].id if before.runs else 0, mark.sequence
        message = (
            f"{self._database} is a restored backup: it ends with run {last} and sequence"
            f" {before.sequence}, and sequence {given} was given already."
        )
        if lost and lost[0].id != run_id:
            advice = (
                f"Another night has taken the number of a lost one: restore the backup once more,"
                f" and ingest the night of {lost[0].day} first, the same file."
            )
            return ChangelogFailed(message, advice=advice)
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
        except (OSError, *UNREADABLE):
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
        """Replace the file in one step; where it can't be, that is told, and tried next time."""
        if not self._writable or current == known:
            return
        aside = self._path.with_name(f"{self._path.name}.new")
        try:
            with aside.open("wb") as file:
                # Who may not read the changelog shall not learn from here how far it has come.
                os.fchmod(file.fileno(), stat.S_IMODE(self._database.stat().st_mode))
                file.write(msgspec.json.encode(current, order="sorted"))
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self._path)
        except OSError as error:
            with contextlib.suppress(OSError):
                aside.unlink(missing_ok=True)
            self._warnings.append(
                f"{self._path} can't be written ({error.strerror}): if a backup is restored, nobody"
                " will know how far the changelog had come"
            )


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
