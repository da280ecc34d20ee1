"""The folder of fetched files: each with its receipt, what was no snapshot aside, parts hidden.

A file appears under its name whole, or not at all. Its receipt is written before it, and counts for
nothing without the file: whatever is killed when, the next call finds one or the other state.
"""

import fcntl
import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec.structs import replace

from sordiff.errors import UNREADABLE, Locked, SordiffError
from sordiff.fetch.partial import Partial, write_atomically
from sordiff.fetch.receipt import Receipt, Version
from sordiff.fetch.settings import identify_url, show_url
from sordiff.fetch.timing import COPENHAGEN
from sordiff.sync import sync_path

_RECEIPT: Final = ".receipt.json"
_UNUSUAL: Final = re.compile(r"[^A-Za-z0-9_-]+")
_DEFAULT_STEM: Final = "Sor"
_LONGEST_STEM: Final = 60


class FetchFolder:
    """The folder; one call at a time works in it."""

    def __init__(self, path: Path) -> None:
        """Nothing is made before `lock`."""
        self.path = path
        self._parts = path / ".partial"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Make the folder, and keep others out while the block runs; Locked if another is in it."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = (self.path / ".lock").open("w")
        except OSError as error:
            message = f"{self.path} can't be written to: {error.strerror}."
            raise SordiffError(message, advice="Check --to, or dir of [fetch].") from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                message = f"Another sordiff is fetching into {self.path}."
                raise Locked(message, advice="Wait until it has ended and try again.") from error
            yield

    def find_partial(self, url: str) -> Partial:
        """The part of this address."""
        return Partial(self._parts, url)

    def list_receipts(self) -> list[Receipt]:
        """Those of the files that are there, in the order in which they were fetched."""
        found = [_read_receipt(path) for path in self.path.glob(f"*{_RECEIPT}")]
        present = [receipt for receipt in found if receipt is not None and self._has(receipt)]
        # Of two of one moment, the name with a number behind the day is the later one.
        return sorted(present, key=lambda one: (one.fetched_at, len(one.file), one.file))

    def find_known(self, url: str) -> Receipt | None:
        """The newest file of this address, its bytes still those that came."""
        address = identify_url(url)
        of_url = [receipt for receipt in self.list_receipts() if receipt.address == address]
        return of_url[-1] if of_url and self._is_as_it_came(of_url[-1]) else None

    def find_same(self, sha256: str) -> Receipt | None:
        """The file that has the same bytes, from wherever it came."""
        same = [receipt for receipt in self.list_receipts() if receipt.sha256 == sha256]
        return same[-1] if same and self._is_as_it_came(same[-1]) else None

    def take_in(self, partial: Partial, version: Version, now: datetime) -> Receipt:
        """Give what has come its name, for good; parts of other addresses are forgotten."""
        receipt = Receipt(
            file=self._choose_name(partial.url, now),
            url=show_url(partial.url),
            address=identify_url(partial.url),
            fetched_at=now.isoformat(timespec="microseconds"),
            size=partial.size,
            sha256=hash_file(partial.path),
            version=version,
        )
        self._write_receipt(receipt)
        sync_path(partial.path)
        partial.path.replace(self.path / receipt.file)
        sync_path(self.path)
        self.forget_parts()
        return receipt

    def note_version(self, receipt: Receipt, version: Version) -> None:
        """The server calls the same bytes something else by now."""
        self._write_receipt(replace(receipt, version=version))

    def note_taken(self, file: Path, at: str) -> None:
        """Note that `sordiff run` has ingested the file, or refused it."""
        for receipt in self.list_receipts():
            if receipt.file == file.name and receipt.taken_at is None:
                self._write_receipt(replace(receipt, taken_at=at))

    def list_waiting(self) -> list[Path]:
        """The files that no `run` has taken yet, in the order in which they were fetched."""
        waiting = [receipt for receipt in self.list_receipts() if receipt.taken_at is None]
        return [self.path / one.file for one in waiting if self._is_as_it_came(one)]

    def remove_older(self, keep: int) -> None:
        """Remove files that were taken, all but the newest `keep`."""
        for receipt in self.list_receipts()[:-keep]:
            if receipt.taken_at is not None:
                (self.path / receipt.file).unlink(missing_ok=True)
                self._receipt_path(receipt.file).unlink(missing_ok=True)

    def forget_parts(self) -> None:
        """Remove whatever was left half fetched."""
        with suppress(FileNotFoundError):
            for path in self._parts.iterdir():
                path.unlink(missing_ok=True)

    def _has(self, receipt: Receipt) -> bool:
        with suppress(OSError):
            return (self.path / receipt.file).stat().st_size == receipt.size
        return False

    def _is_as_it_came(self, receipt: Receipt) -> bool:
        return hash_file(self.path / receipt.file) == receipt.sha256

    def _choose_name(self, url: str, now: datetime) -> str:
        """`Sor-2026-11-28.zip`: as the address calls it, and the day on which it was fetched."""
        name = Path(unquote(urlsplit(url).path)).name
        stem, _, ending = name.partition(".")
        stem = _UNUSUAL.sub("-", stem).strip("-")[:_LONGEST_STEM] or _DEFAULT_STEM
        ending = "".join(f".{_UNUSUAL.sub('', part)}" for part in ending.split(".") if part)
        day = now.astimezone(COPENHAGEN).date().isoformat()
        return first_free(self.path, (f"{stem}-{day}{more}{ending}" for more in _counted()))

    def _receipt_path(self, file: str) -> Path:
        return self.path / f"{file}{_RECEIPT}"

    def _write_receipt(self, receipt: Receipt) -> None:
        content = msgspec.json.format(msgspec.json.encode(receipt)) + b"\n"
        write_atomically(self._receipt_path(receipt.file), content)


def first_free(folder: Path, names: Iterable[str]) -> str:
    """The first of the names that no file in the folder has."""
    return next(name for name in names if not (folder / name).exists())


def hash_file(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _counted() -> Iterator[str]:
    """Nothing, then -2, then -3, and so on."""
    yield ""
    number = 2
    while True:
        yield f"-{number}"
        number += 1


def _read_receipt(path: Path) -> Receipt | None:
    try:
        receipt = msgspec.json.decode(path.read_bytes(), type=Receipt)
    except (OSError, *UNREADABLE):
        return None
    return receipt if Path(receipt.file).name == receipt.file else None
