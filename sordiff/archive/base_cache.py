"""The unpacked night that the next ones lean on, kept outside the archive: a file to be lost."""

from contextlib import suppress
from hashlib import sha256
from mmap import mmap
from pathlib import Path
from typing import Final

from sordiff.archive.frame_files import load

_SUFFIX: Final = ".base"


class BaseCache:
    """One night in a folder, by its SHA-256; without a folder there is none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def find(self, key: str) -> bytes | mmap | None:
        """A content that is there and whole; None where it is not."""
        if self._folder is None:
            return None
        with suppress(OSError):
            content = load(self._folder / f"{key}{_SUFFIX}")
            if sha256(content).hexdigest() == key:
                return content
        return None

    def put(self, key: str, content: bytes | mmap) -> None:
        """Keep a content in place of the one before; where there is no room, none is kept."""
        if self._folder is None:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            for path in self._folder.glob(f"*{_SUFFIX}"):
                path.unlink()
            path = self._folder / f"{key}{_SUFFIX}"
            try:
                path.write_bytes(content)
            except OSError:
                path.unlink(missing_ok=True)
