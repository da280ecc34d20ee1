"""What reads bytes from outside, each as a function of bytes: it reads them, or refuses them in words of its own."""

from __future__ import annotations

import os
import random
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sordiff.list_files
import sordiff.settings
import sordiff.snapshot
from sordiff.client import MalformedEventError, read_event, read_events, read_message
from sordiff.errors import SnapshotRefused, SordiffError
from sordiff.list_files.read_table import read_table
from sordiff.model import Day
from sordiff.settings import load_settings
from sordiff.snapshot import ReadOptions, Snapshot, read_snapshot
from tests.making.growing import random_register
from tests.making.xml import write_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

_FOLDER: Final = Path(tempfile.mkdtemp(prefix="sordiff-fuzz-"))
_DAY: Final = Day("2024-03-05")
_SOUND: Final = write_snapshot(random_register(random.Random(1), units=2))
_HEADER_END: Final = b"\0"


def read_register(content: bytes) -> None:
    """A snapshot in XML: both roads read the same of it, or both refuse it."""
    path = _write("Sor.xml", content)
    assert _read(path, ReadOptions(snapshot_date=None)) == _read(path, ReadOptions(plain=True))


def read_register_table(content: bytes) -> None:
    """One of the CSV files of a register: the same."""
    path = _write("sor.csv", content)
    fast = _read(path, ReadOptions(snapshot_date=_DAY))
    assert fast == _read(path, ReadOptions(snapshot_date=_DAY, plain=True))


def read_code_lists(content: bytes) -> None:
    """SorDataTypes.xml, beside a snapshot that is sound."""
    register = _write("Sor.xml", _SOUND)
    how = ReadOptions(data_types=_write("SorDataTypes.xml", content), plain=True)
    with suppress(SordiffError):
        read_snapshot(register, how)


def read_own_list(content: bytes) -> None:
    """A list of people's own: CSV, JSON or a spreadsheet."""
    with suppress(SordiffError):
        read_table(str(_write("list", content)))


def read_settings(content: bytes) -> None:
    """sordiff.toml."""
    with suppress(SordiffError):
        load_settings(_write("sordiff.toml", content))


def read_kafka_message(content: bytes) -> None:
    """A message of a topic: its headers, as `name=value` in lines, its key and its value, parted by NUL."""
    told, _, rest = content.partition(_HEADER_END)
    key, _, value = rest.partition(_HEADER_END)
    headers = [line.partition(b"=")[::2] for line in told.split(b"\n") if line]
    with suppress(MalformedEventError):
        read_message([(name.decode("latin-1"), text) for name, text in headers], value or None, key)
    with suppress(MalformedEventError):
        read_event(value)
    with suppress(MalformedEventError):
        read_events(value)


PACKAGES: Final = (sordiff.list_files, sordiff.settings, sordiff.snapshot)
TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "register": read_register,
    "table": read_register_table,
    "lists": read_code_lists,
    "own_list": read_own_list,
    "settings": read_settings,
    "message": read_kafka_message,
}


def _write(name: str, content: bytes) -> Path:
    path = _FOLDER / name
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(number, content)
    os.close(number)
    return path


def _read(path: Path, how: ReadOptions) -> object:
    """What is read; of what is refused, only that it is."""
    try:
        return _told(read_snapshot(path, how))
    except SnapshotRefused:
        return "refused"
    except SordiffError:
        return "failed"


def _told(read: Snapshot) -> object:
    return read.header, read.units, read.lists
