"""The part of a file that has come so far: kept when an attempt fails, and when the process dies.

Beside the bytes lies which version they are of. The next attempt asks for the rest of that version
only. Bytes from before a restart of the machine are not trusted: what was not yet on the disk then
may be zeros.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sordiff.errors import UNREADABLE, SordiffError
from sordiff.fetch.receipt import Version
from sordiff.fetch.settings import identify_url

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


class PartialNote(Struct, frozen=True, kw_only=True):
    """What the bytes are of.

    `if_range`: by what the rest of the same version can be asked for; empty where that can't be.
    """

    version: Version
    boot: str
    if_range: str = ""
    is_complete: bool = False


class Partial:
    """The part of one address, in the folder for such parts."""

    def __init__(self, folder: Path, url: str) -> None:
        """Nothing is made before something comes."""
        name = identify_url(url)
        self.url = url
        self.path = folder / f"{name}.part"
        self._note_path = folder / f"{name}.json"

    def find_note(self) -> PartialNote | None:
        """What the bytes are of; None where none can be gone on with."""
        try:
            note = msgspec.json.decode(self._note_path.read_bytes(), type=PartialNote)
            usable = self.path.stat().st_size > 0 and note.boot == _read_boot_id() != ""
        except (OSError, *UNREADABLE):
            return None
        if usable and note.version.length == self.size:  # killed before that could be noted
            note = replace(note, is_complete=True)
        can_go_on = note.version.is_known if note.is_complete else bool(note.if_range)
        return note if usable and can_go_on else None

    @property
    def size(self) -> int:
        """How many bytes have come."""
        return self.path.stat().st_size

    def begin(self, version: Version, if_range: str) -> IO[bytes]:
        """Begin anew, with a file to write to. The old note goes first: it is of other bytes."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._note_path.unlink(missing_ok=True)
        file = self.path.open("wb")
        self._write_note(PartialNote(version=version, boot=_read_boot_id(), if_range=if_range))
        return file

    def resume(self) -> IO[bytes]:
        """Go on behind the bytes that are there."""
        return self.path.open("ab")

    def complete(self, version: Version) -> None:
        """Note that all has come."""
        self._write_note(PartialNote(version=version, boot=_read_boot_id(), is_complete=True))

    def discard(self) -> None:
        """Forget all of it."""
        self._note_path.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def _write_note(self, note: PartialNote) -> None:
        write_atomically(self._note_path, msgspec.json.encode(note))


@contextmanager
def translate_disk_errors() -> Iterator[None]:
    """What the disk says is no failure of the server."""
    try:
        yield
    except TimeoutError:  # an OSError, but not of the disk
        raise
    except OSError as error:
        message = f"What was fetched could not be written: {error.strerror}."
        raise SordiffError(message, advice="Make room, and call again.") from error


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file as a whole, or not at all."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _read_boot_id() -> str:
    with suppress(OSError):
        return _BOOT_ID.read_text(encoding="ascii").strip()
    return ""
