"""A folder as a sink: the files in it are the record of what arrived."""

import fcntl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from sordiff.errors import UNREADABLE, Locked, PublishingRefused
from sordiff.event_sink import (
    LOCATION_NUMBERS,
    UNITS,
    ArrivedRunEvent,
    ArrivedRunEvents,
    OutgoingRun,
    OutgoingRunEvent,
    StateRecord,
)
from sordiff.ndjson.folder import (
    STATE,
    LineFile,
    RunFile,
    build_file_name,
    build_position,
    list_run_files,
    make_folder,
    read_first_and_last_line,
    remove_unfinished,
    translate_file_errors,
    write_whole,
)
from sordiff.ndjson.lines import StateLines, encode_event_lines, encode_run_event
from sordiff.run_events import RunCompleted, RunStarted
from sordiff.wire import build_type

PREFIX: Final = "ndjson:"
_WHOLE: Final = [build_type(RunStarted.NAME), build_type(RunCompleted.NAME)]
_PUT_BACK: Final = "Put the file back as it was, or publish into an empty folder."
_LOCK: Final = ".sordiff.lock"


class _Line(msgspec.Struct, frozen=True):
    """What must be known of a line to tell what arrived."""

    id: str
    type: str
    source: str
    data: msgspec.Raw


_DECODER: Final = msgspec.json.Decoder(_Line)


class NdjsonSink:
    """A folder with a file a run."""

    separation = "a folder of its own"
    is_shared = False
    takes_state_of_runs = False

    def __init__(self, folder: Path) -> None:
        """One folder is one sink, by whichever path or link; the folder above must be there."""
        self._folder = folder.resolve()

    @property
    def name(self) -> str:
        """`ndjson:/var/lib/sordiff/events`."""
        return f"{PREFIX}{self._folder}"

    @property
    def place(self) -> str:
        """`The folder /var/lib/sordiff/events`."""
        return f"The folder {self._folder}"

    def prepare(self) -> None:
        """Make the folder; the one above must be there."""
        make_folder(self._folder)

    @contextmanager
    def begin(self, source: str) -> Iterator["NdjsonSession"]:
        """Take the lock of the folder, and take away what was left unfinished."""
        self.prepare()
        with translate_file_errors(self._folder, "locking"):
            lock = (self._folder / _LOCK).open("a")  # whatever it leads to stays as it is
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                message = f"Another sordiff is publishing into {self._folder}."
                raise Locked(message, advice="Wait until it has ended and try again.") from error
            remove_unfinished(self._folder)
            yield NdjsonSession(self._folder, source)


class NdjsonSession:
    """The one publisher into the folder."""

    def __init__(self, folder: Path, source: str) -> None:
        self._folder = folder
        self._source = source

    def read_run_events(self, since: str = "") -> ArrivedRunEvents:
        """The first and the last line of each file, which tell of the run."""
        files = list_run_files(self._folder)
        told = since.partition(":")[0]
        count = int(told) if told.isdecimal() else 0
        if count == 0 or build_position(files[:count]) != since:
            count, since = 0, ""
        events = tuple(self._iterate_run_events(files[count:]))
        return ArrivedRunEvents(events=events, since=since, position=build_position(files))

    def _iterate_run_events(self, files: Iterable[RunFile]) -> Iterator[ArrivedRunEvent]:
        for file in files:
            lines = dict.fromkeys(read_first_and_last_line(file.path))
            events = [_arrived(file.path, line) for line in lines]
            if not file.kind and [event.type for event in events] != _WHOLE:
                message = f"{file.path} does not hold a whole run. Nothing was sent."
                raise PublishingRefused(message, advice=_PUT_BACK)
            yield from events

    def send_run(self, run: OutgoingRun) -> int:
        """A file: run.started, the events, run.completed. State is not written with a run."""
        with self._new_file(run.position, run) as file:
            file.write([encode_run_event(run.started, self._source)])
            file.write(encode_event_lines(run.events, self._source, run.started.time))
            file.write([encode_run_event(run.completed, self._source)])
        return file.count

    def send_run_event(self, message: OutgoingRunEvent) -> int:
        """A file with one line."""
        with self._new_file(message.position, message, message.event.name) as file:
            file.write([encode_run_event(message.event, self._source)])
        return file.count

    def replace_state(self, records: Iterable[StateRecord], last_sequence: int) -> int:
        """Two files, each replaced in one step when both are written."""
        del last_sequence  # what is gone has no line, and so needs none
        folder = self._folder / STATE
        make_folder(folder)
        paths = (folder / f"{topic}.ndjson" for topic in (UNITS, LOCATION_NUMBERS))
        with write_whole(*paths) as (units, numbers):
            lines = StateLines(self._source)
            files = {UNITS: units, LOCATION_NUMBERS: numbers}
            for record in records:
                if record.value is not None:
                    files[record.topic].write([lines.encode(record)])
        return units.count + numbers.count

    @contextmanager
    def _new_file(
        self, position: int, sent: OutgoingRun | OutgoingRunEvent, kind: str = ""
    ) -> Iterator[LineFile]:
        """Behind all that is there: its number is the position, or the next that is free."""
        there = list_run_files(self._folder)
        free = max(position, there[-1].position + 1) if there else position
        name = build_file_name(free, sent.day, sent.run_id, kind)
        with write_whole(self._folder / name) as (file,):
            yield file


def _arrived(path: Path, line: bytes) -> ArrivedRunEvent:
    try:
        event = _DECODER.decode(line)
    except UNREADABLE as error:
        message = f"{path} holds a line that sordiff did not write. Nothing was sent."
        raise PublishingRefused(message, advice=_PUT_BACK) from error
    return ArrivedRunEvent(
        id=event.id, type=event.type, source=event.source, replay=False, data=bytes(event.data)
    )
