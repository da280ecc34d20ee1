"""The unpacked night that the next ones lean on, kept outside the archive: a file to be lost."""

import shutil
from contextlib import suppress
from mmap import mmap
from pathlib import Path
from typing import Final

from isal import isal_zlib

from sordiff.archive.frame_files import map_own

_SUFFIX: Final = ".base"
_PART: Final = ".part"
# A cache is not what fills a disk: so many nights fit beside it.
_LEFT_FREE: Final = 3
# https://bford.info/cachedir/
_TAG: Final = b"Signature: 8a477f597d28d172789f06886806bc55\n"


class BaseCache:
    """One night in a folder, by its SHA-256; without a folder there is none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def find(self, key: str) -> bytes | mmap | None:
        """A content that is there and whole; None where it is not.

        Its name has a checksum: that of the SHA-256 would take as long as the patch.
        """
        if self._folder is None:
            return None
        with suppress(OSError):
            for path in self._folder.glob(f"{key}-*{_SUFFIX}"):
                content = map_own(path)
                if path.name == _name(key, content):
                    return content
                path.unlink()
        return None

    def put(self, key: str, content: bytes | mmap) -> None:
        """Keep a content in place of the one before; where there is no room, none is kept."""
        if self._folder is None:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            _mark(self._folder)
            path = self._folder / _name(key, content)
            if path.exists():
                return
            for old in (*self._folder.glob(f"*{_SUFFIX}"), *self._folder.glob(f"*{_PART}")):
                old.unlink()
            if shutil.disk_usage(self._folder).free < _LEFT_FREE * len(content):
                return
            part = path.with_suffix(_PART)
            try:
                part.write_bytes(content)
                part.replace(path)
            except OSError:
                part.unlink(missing_ok=True)


def _mark(folder: Path) -> None:
    """Say to backup programs that this folder need not be copied."""
    tag = folder / "CACHEDIR.TAG"
    if not tag.exists():
        tag.write_bytes(_TAG)


def _name(key: str, content: bytes | mmap) -> str:
    return f"{key}-{isal_zlib.crc32(content):08x}{_SUFFIX}"
