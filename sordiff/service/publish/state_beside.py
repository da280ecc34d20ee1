"""Many state records are made by a worker process, while this one sends those that are made.

To make one takes longer than to send it, and both keep a core busy.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final

import msgspec

from sordiff.changelog import Changelog, Session
from sordiff.event_sink import StateRecord
from sordiff.service.publish.state_records import (
    MANY_RECORDS,
    AskedState,
    are_many_records,
    build_state_records,
)
from sordiff.worker_process import AskedWorker, SendPart, ask_worker, has_second_core

# A smaller changelog does not hold so many units: of each it keeps more than that.
_SMALLEST_CHANGELOG: Final = 200 * MANY_RECORDS
# Records in a part.
_AT_A_TIME: Final = 200
_ENCODER: Final = msgspec.msgpack.Encoder()
_QUESTIONS: Final = msgspec.msgpack.Decoder(AskedState)
_RECORDS: Final = msgspec.msgpack.Decoder(list[StateRecord])


class StateBeside:
    """Builds state records, beside this process where that is worth it."""

    def __init__(self, worker: AskedWorker | None) -> None:
        """Without a worker each record is made when it is wanted."""
        self._worker = worker
        self._is_able = worker is not None
        self._expected: AskedState | None = None

    def expect(self, session: Session, asked: AskedState) -> None:
        """Have the worker begin with what will probably be asked for next, if it is much."""
        if self._worker is not None and self._is_able and are_many_records(session, asked):
            # It is asked no more until all that it answers was taken.
            self._is_able = False
            if self._worker.ask(_ENCODER.encode(asked)):
                self._expected = asked

    def forget_expected(self) -> None:
        """What was expected is built anew: something changed that it depends on."""
        self._expected = None

    def build(self, session: Session, asked: AskedState) -> Iterator[StateRecord]:
        """The records that are asked for, as this session sees the register.

        Where the worker fails, or sees another register, or is at something else, they are made
        here, all or the rest.
        """
        if self._expected is None:
            self.expect(session, asked)
        is_expected, self._expected = self._expected == asked, None
        taken = 0
        if is_expected:
            for part in self._take_answer(session, asked):
                records = _RECORDS.decode(part)
                taken += len(records)
                yield from records
            if self._is_able:
                return
        yield from islice(build_state_records(session, asked), taken, None)

    def close(self) -> None:
        """Have nobody at the changelog any more."""
        if self._worker is not None:
            self._worker.stop()

    def _take_answer(self, session: Session, asked: AskedState) -> Iterator[bytes]:
        """The parts of the answer; the worker is asked no more where it is not whole."""
        assert self._worker is not None, "somebody was asked"  # noqa: S101
        answer = self._worker.take_answer()
        if next(answer, b"") == _head_answer(session, asked):
            self._is_able = yield from answer


@contextmanager
def begin_to_build_beside(changelog: Changelog) -> Iterator[StateBeside]:
    """Have a worker that waits, if the changelog may hold so many units.

    It must be forked before this process opens the changelog: a connection of SQLite and its locks
    must not be there when a process is forked that opens the same file. And it opens it when it is
    asked, so that nobody waits for it who brings the changelog to today's schema.
    """

    def answer(question: bytes, send_part: SendPart) -> None:
        asked = _QUESTIONS.decode(question)
        with changelog.open_at_one_moment(looked_at=True) as session:
            send_part(_head_answer(session, asked))
            records = build_state_records(session, asked)
            while some := [*islice(records, _AT_A_TIME)]:
                send_part(_ENCODER.encode(some))

    if has_second_core() and _may_hold_many(changelog):
        with ask_worker(answer) as worker:
            yield StateBeside(worker)
    else:
        yield StateBeside(None)


def _may_hold_many(changelog: Changelog) -> bool:
    try:
        return changelog.size >= _SMALLEST_CHANGELOG
    except OSError:  # there is none, which is said when it is opened
        return False


def _head_answer(session: Session, asked: AskedState) -> bytes:
    """What an answer begins with: by what the state records are known.

    They move with the last accepted run alone, and with what is adopted, which only this publisher
    does: it then forgets what it expected.
    """
    return _ENCODER.encode((asked, session.runs.find_last_accepted()))
