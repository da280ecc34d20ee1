"""The manifest of an archive: JSON lines that are only ever added, each with a check.

The check covers the line and the check before it, so that a line that is changed, missing or in
another place is found. A line without an end is one that a killed call was writing: it is left out.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from sordiff.archive.records import DoneToRun, Frame, KeptNight, Line, Names, Pruned
from sordiff.errors import ArchiveFailed, Locked
from sordiff.sync import make_folder, sync_path

NAME: Final = "manifest.jsonl"
_LOCK: Final = ".lock"
_CHECK_LENGTH: Final = 16
_TAIL_LENGTH: Final = len(',"check":""}') + _CHECK_LENGTH
_DECODER: Final = msgspec.json.Decoder(Line)


class Contents(Struct, kw_only=True):
    """What the lines say together.

    `frames` are by the SHA-256 of what comes out; `nights` and `done` in the order of their lines;
    `names` is the last line of its kind.
    `check` is that of the last line, and `end` where it ends, in bytes.
    """

    frames: dict[str, Frame] = {}
    nights: list[KeptNight] = []
    done: list[DoneToRun] = []
    names: Names | None = None
    check: str = ""
    end: int = 0

    def take(self, line: Line) -> None:
        """Add what a line says."""
        if isinstance(line, Frame):
            self.frames[line.sha256] = line
        elif isinstance(line, KeptNight):
            self.nights.append(line)
        elif isinstance(line, DoneToRun):
            self._take_done(line)
        elif isinstance(line, Names):
            self.names = line
        else:
            self._drop(line)

    def _take_done(self, line: DoneToRun) -> None:
        if line.done == "lost":
            self.done = [done for done in self.done if done.run < line.run]
        else:
            self.done.append(line)

    def _drop(self, line: Pruned) -> None:
        gone = frozenset(line.sha256)
        self.frames = {key: kept for key, kept in self.frames.items() if key not in gone}
        self.nights = [night for night in self.nights if not gone & set(night.keys)]


class Manifest:
    """The manifest in a folder; it need not be there yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / NAME
        self._read = b"", Contents()

    def read(self) -> Contents:
        """All whole lines; ArchiveFailed names the first that is not as it was written.

        What was read before, and is still the same, is not decoded again.
        """
        known, contents = self._read
        self._read = b"", Contents()  # until this ends well
        try:
            written = self.path.read_bytes()
        except FileNotFoundError:
            return Contents()
        except OSError as error:
            message = f"{self.path} can't be read: {error.strerror}."
            raise ArchiveFailed(message, advice="Check the folder of the archive.") from error
        if len(known) != contents.end or not written.startswith(known):
            known, contents = b"", Contents()
        first = known.count(b"\n") + 1
        for number, line in enumerate(written[len(known) :].split(b"\n")[:-1], start=first):
            self._take(contents, line, number)
        self._read = written[: contents.end], contents
        return contents

    def _take(self, contents: Contents, line: bytes, number: int) -> None:
        body, check = line[:-_TAIL_LENGTH] + b"}", line[-_CHECK_LENGTH - 2 : -2]
        found = _check(contents.check, body)
        if check != found.encode():
            message = f"{self.path} is damaged: line {number} is not as it was written."
            advice = "Restore the manifest from a copy; the frames are not touched by this."
            raise ArchiveFailed(message, advice=advice)
        try:
            contents.take(_DECODER.decode(body))
        except msgspec.MsgspecError as error:
            message = f"{self.path} was written by a newer sordiff: line {number} is not known."
            raise ArchiveFailed(message, advice="Install the newest sordiff.") from error
        contents.check = found
        contents.end += len(line) + 1

    def append(self, lines: Iterable[Line], contents: Contents) -> None:
        """Add lines, all or none, and bring `contents` up to them; call it while locked."""
        added, check = bytearray(), contents.check
        taken = list(lines)
        for line in taken:
            body = msgspec.json.encode(line)
            check = _check(check, body)
            added += body[:-1] + b',"check":"' + check.encode() + b'"}\n'
        self._write(bytes(added), contents.end)
        known, read = self._read
        self._read = (known + bytes(added), read) if read is contents else (b"", Contents())
        for line in taken:
            contents.take(line)
        contents.check, contents.end = check, contents.end + len(added)

    def _write(self, added: bytes, end: int) -> None:
        number = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        with os.fdopen(number, "r+b", buffering=0) as file:
            try:
                file.truncate(end)  # what a killed call left of a line
                file.seek(end)
                rest = memoryview(added)
                while rest:
                    rest = rest[file.write(rest) :]
                os.fsync(number)
            except OSError:
                with suppress(OSError):
                    file.truncate(end)
                raise
        sync_path(self._folder)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only one that adds while the block runs; Locked where another does."""
        make_folder(self._folder)
        with (self._folder / _LOCK).open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                message = f"Another sordiff is at work on the archive {self._folder}."
                raise Locked(message, advice="Wait until it has ended and try again.") from error
            yield


def _check(before: str, body: bytes) -> str:
    return sha256(before.encode() + body).hexdigest()[:_CHECK_LENGTH]
