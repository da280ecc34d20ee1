"""A snapshot as a file of its unpacked bytes, for whoever keeps them."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Final

from msgspec import Struct

from sordiff.errors import SordiffError
from sordiff.snapshot.source.archive_content import ListFile
from sordiff.snapshot.source.beside import BesideEntry, HeldEntry, is_side_table
from sordiff.snapshot.source.files import open_snapshot
from sordiff.snapshot.source.refusals import build_refusal
from sordiff.snapshot.source.streams import SIZE_LIMIT
from sordiff.temporary_file import open_temporary_file

_CHUNK: Final = 4 * 1024**2


class Unpacked(Struct, frozen=True, kw_only=True):
    """The unpacked content, as a file, and what the same archive holds beside it.

    `lists`: the files of lists. `beside`: the tables that may say something of the units.
    `is_own`: nobody else knows the file of the content.
    """

    content: Path
    is_own: bool
    lists: tuple[ListFile, ...]
    beside: tuple[HeldEntry, ...]


@contextmanager
def open_unpacked(path: Path) -> Iterator[Unpacked]:
    """Unpack a snapshot while the block runs; a plain file is given as it is.

    SnapshotRefused if the archive is damaged, SordiffError if the file can't be read, or if there
    is no room to unpack it.
    """
    with open_snapshot(path) as streams:
        if isinstance(streams.content, BufferedReader):
            yield Unpacked(content=path, is_own=False, lists=(), beside=())
            return
        with _told(streams.name), open_temporary_file() as file:
            while chunk := streams.content.read(_CHUNK):
                file.write(chunk)
                if file.tell() > SIZE_LIMIT:
                    raise build_refusal(streams.name, "too_large", "it unpacks to more than 2 GiB")
            file.flush()
            beside = tuple(_hold(entry) for entry in streams.beside if is_side_table(entry))
            yield Unpacked(content=Path(file.name), is_own=True, lists=streams.lists, beside=beside)


@contextmanager
def _told(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = f"{name} could not be unpacked: {error.strerror or error}."
        advice = "Make room where temporary files lie (TMPDIR), and call again."
        raise SordiffError(message, advice=advice) from error


def _hold(entry: BesideEntry) -> HeldEntry:
    """The whole entry, also where it is larger than one that is read may be."""
    data = entry.read(SIZE_LIMIT)
    return HeldEntry(name=entry.name, archive_name=entry.archive_name, data=data)
