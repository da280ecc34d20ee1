"""A process beside the one that sends, which makes the state records of a large register.

Half of the time of publishing a whole state goes into making its records, and half into sending
them. The worker is a copy of this process from before the changelog was opened and anything was
connected: neither SQLite's locks nor threads outlive the making of a copy. It opens the changelog
for itself. What a run left is the same whenever it is looked at, so that both may look at different
moments.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import IO, Final

import msgspec
from msgspec import Struct

from sordiff.changelog import Changelog, Session
from sordiff.cores import count_cores
from sordiff.event_sink import StateRecord
from sordiff.service.publish.state_records import (
    build_all_records_after,
    build_state_records_of_run,
)

# In bytes; of a smaller changelog a second process is not worth its start.
_LARGE: Final = 16 * 1024**2
# So many records go through the pipe at once.
_AT_ONCE: Final = 500
_LENGTH: Final = 8  # bytes before each part that say how long it is
# Behind the standard streams.
_FIRST_FILE: Final = 3
# More than any call opens.
_MOST_FILES: Final = 1_024
_PART: Final = msgspec.msgpack.Decoder(list[StateRecord])


class _Wanted(Struct, frozen=True):
    """Which records: all after a run, or only those that it changed since another one."""

    run_id: int
    after_run: int | None = None

    def build(self, session: Session) -> Iterator[StateRecord]:
        """The records."""
        if self.after_run is None:
            return build_all_records_after(session, self.run_id)
        return build_state_records_of_run(session, self.run_id, after_run=self.after_run)


class StateMaker:
    """Makes state records, in a worker where there is one."""

    def __init__(self, worker: "_Worker | None" = None) -> None:
        """Without a worker they are made here."""
        self._worker = worker

    def make_all(self, session: Session) -> Iterator[StateRecord]:
        """Every record, as the last accepted run left it."""
        last = session.runs.find_last_accepted()
        return iter(()) if last is None else self._make(session, _Wanted(last.id))

    def make_of_run(self, session: Session, run_id: int, after_run: int) -> Iterator[StateRecord]:
        """Those that a run changed, and what the runs changed between another one and it."""
        return self._make(session, _Wanted(run_id, after_run))

    def _make(self, session: Session, wanted: _Wanted) -> Iterator[StateRecord]:
        """If the worker fails, the rest is made here: then it is told what is wrong."""
        made = 0
        if self._worker is not None:
            for part in self._worker.ask(wanted):
                if part is None:
                    return
                made += len(part)
                yield from part
            self._worker = None
        yield from islice(wanted.build(session), made, None)


@contextmanager
def start_state_maker(changelog: Changelog, *, is_whole: bool) -> Iterator[StateMaker]:
    """For as long as the block lasts, which is to begin before the changelog is opened.

    `is_whole`: a whole state will be asked for. What a night changed is mostly too little for a worker.
    """
    if not is_whole or not _is_worth_it(changelog):
        yield StateMaker()
        return
    asked, asking = os.pipe()
    reading, written = os.pipe()
    process = os.fork()
    if process == 0:
        _run_worker(changelog, asked, written)
    os.close(asked)
    os.close(written)
    with open(asking, "wb", 0) as questions, open(reading, "rb") as answers:  # noqa: PTH123  # pipes
        try:
            yield StateMaker(_Worker(questions, answers))
        finally:
            # It ends when nobody asks and nobody reads any more.
            questions.close()
            answers.close()
            os.waitpid(process, 0)


def _is_worth_it(changelog: Changelog) -> bool:
    """Whether there is much to make, a second core, and no thread that a copy would lack."""
    try:
        is_large = changelog.size >= _LARGE
    except OSError:
        return False
    return is_large and count_cores() > 1 and threading.active_count() == 1 and hasattr(os, "fork")


class _Worker:
    """The ends of the pipes that lead to and from the worker."""

    def __init__(self, questions: IO[bytes], answers: IO[bytes]) -> None:
        self._questions = questions
        self._answers = answers

    def ask(self, wanted: _Wanted) -> Iterator[list[StateRecord] | None]:
        """The records in parts, and None when these are all; without it the worker has failed."""
        try:
            _write_part(self._questions, msgspec.msgpack.encode(wanted))
            while part := _read_part(self._answers):
                yield _PART.decode(part)
        except OSError:
            return
        if part is not None:
            yield None


def _write_part(file: IO[bytes], part: bytes) -> None:
    file.write(len(part).to_bytes(_LENGTH) + part)


def _read_part(file: IO[bytes]) -> bytes | None:
    """The next part; None where the other end is closed."""
    head = file.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    length = int.from_bytes(head)
    part = file.read(length)
    return part if len(part) == length else None


def _run_worker(changelog: Changelog, asked: int, written: int) -> None:
    """Answer until nobody asks, and exit at once: nothing of the parent is flushed or cleaned up.

    The locks of the changelog are held by open files, which a worker must not keep.
    """
    code = 1
    try:
        kept = sorted((asked, written))
        os.closerange(_FIRST_FILE, kept[0])
        os.closerange(kept[0] + 1, kept[1])
        os.closerange(kept[1] + 1, _MOST_FILES)
        with open(asked, "rb") as questions, open(written, "wb") as answers:  # pipes
            while (question := _read_part(questions)) is not None:
                wanted = msgspec.msgpack.decode(question, type=_Wanted)
                with changelog.open_at_one_moment() as session:
                    _answer(wanted.build(session), lambda part: _write_part(answers, part))
                answers.flush()
        code = 0
    finally:
        os._exit(code)


def _answer(records: Iterator[StateRecord], send: Callable[[bytes], None]) -> None:
    while part := [*islice(records, _AT_ONCE)]:
        send(msgspec.msgpack.encode(part))
    send(b"")
