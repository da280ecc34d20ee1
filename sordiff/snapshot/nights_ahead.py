"""What differs from night to night in a history, read ahead by a worker process.

To read a night needs nothing of the changelog: while one is judged and recorded here, the worker
reads the next ones.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final, Self

import msgspec
from msgspec import Struct

from sordiff.model import Classification, Day, SorId
from sordiff.snapshot.read_history import SnapshotHistory, TouchedNight
from sordiff.snapshot.snapshot import Snapshot, TouchedUnits
from sordiff.unit_records import decode_unit, encode_unit
from sordiff.worker_process import SendPart, WorkerStream, has_second_core, stream_from_worker

# For fewer nights a second process is not worth its start.
_FEWEST_FOR_WORKER: Final = 5


class _SentNight(Struct, array_like=True):
    """A night on its way between two processes; `read`: the records of its units."""

    read: list[str]
    created: list[SorId]
    removed: list[SorId]
    count: int
    lists: dict[str, Classification]
    warnings: tuple[str, ...]


_DECODER: Final = msgspec.msgpack.Decoder(_SentNight)


class NightsAhead:
    """Reads the nights that follow one that was read whole, in their order."""

    def __init__(self, history: SnapshotHistory) -> None:
        """Read nothing before `begin`."""
        self._history = history
        self._stack = ExitStack()
        self._has_begun = False
        self._stream: WorkerStream | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def begin(self, days: Sequence[Day]) -> None:
        """These nights are asked for next. The history has read the night before them, whole."""
        self._has_begun = True
        if len(days) >= _FEWEST_FOR_WORKER and has_second_core():

            def work(send_part: SendPart) -> None:
                for day in days:
                    send_part(_encode(self._history.read_touched(day)))

            self._stream = self._stack.enter_context(stream_from_worker(work))

    def read(self, day: Day) -> Snapshot | None:
        """The next of the nights; None if it must be read whole.

        It must be where none were begun, and where the worker failed: what ended the worker is then
        said by the history itself.
        """
        if not self._has_begun:
            return None
        if self._stream is None:
            night = self._history.read_touched(day)
        else:
            part = self._stream.read_part()
            if part is None:
                self.end()
                return None
            night = _decode(part)
        return self._history.build_touched(day, night)

    def end(self) -> None:
        """The nights that were begun are no longer wanted."""
        self._has_begun, self._stream = False, None
        self._stack.close()


def _encode(night: TouchedNight) -> bytes:
    touched = night.touched
    return msgspec.msgpack.encode(
        _SentNight(
            read=[encode_unit(unit) for unit in touched.read.values()],
            created=list(touched.created),
            removed=list(touched.removed),
            count=touched.count,
            lists=night.lists,
            warnings=night.warnings,
        )
    )


def _decode(part: bytes) -> TouchedNight:
    sent = _DECODER.decode(part)
    touched = TouchedUnits(
        read={unit.sor_id: unit for unit in map(decode_unit, sent.read)},
        moved={},
        created=frozenset(sent.created),
        removed=frozenset(sent.removed),
        count=sent.count,
    )
    return TouchedNight(touched=touched, lists=sent.lists, warnings=sent.warnings)
