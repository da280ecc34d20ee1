"""The files of a night: the register, its lists, and the tables beside it; each in its series."""

import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from msgspec import Struct

from sordiff.archive.frame_files import Content, hash_file
from sordiff.archive.records import CONTENT, KeptFile, KeptNight, NewFile, NewNight, Series
from sordiff.temporary_file import open_temporary_file

# A series is part of the name of a file.
_UNUSUAL: Final = re.compile(r"[^a-z0-9.]+")


class Part(Struct, frozen=True, kw_only=True):
    """A file of a night."""

    name: str
    series: Series
    content: Content
    is_register: bool = False


class Parts(Struct, frozen=True, kw_only=True):
    """All files of a night."""

    register: Part
    lists: tuple[Part, ...]
    beside: tuple[Part, ...]

    @property
    def each(self) -> tuple[Part, ...]:
        """All of them."""
        return (self.register, *self.lists, *self.beside)

    def describe(self, night: NewNight) -> KeptNight:
        """The night as it is kept."""
        return KeptNight(
            day=night.day,
            created_at=night.created_at,
            name=night.name,
            sha256=self.register.content.sha256,
            data_types=night.data_types,
            lists=_name_files(self.lists),
            data_types_file=night.data_types_file,
            added_at=night.at,
            table=night.table,
            known_as=night.known_as,
            beside=_name_files(self.beside),
        )


@contextmanager
def open_own(content: Path, *, is_own: bool) -> Iterator[Path]:
    """A file that nobody else can change while the block runs: that one, or a copy of it."""
    if is_own:
        yield content
        return
    with open_temporary_file() as file:
        shutil.copyfile(content, file.name)
        yield Path(file.name)


def read_parts(night: NewNight, content: Path) -> Parts:
    """The files of a night; `content`: that of the register, which nobody else can change."""
    return Parts(
        register=Part(
            name=content.name,
            series=night.table or CONTENT,
            content=Content(
                sha256=night.sha256 or hash_file(content),
                size=content.stat().st_size,
                source=content,
            ),
            is_register=True,
        ),
        lists=tuple(
            _hash_file(one, "data-types" if number == 1 else f"data-types-{number}")
            for number, one in enumerate(night.lists, start=1)
        ),
        beside=tuple(_hash_file(one, _name_series(one.name)) for one in night.beside),
    )


def _hash_file(file: NewFile, series: Series) -> Part:
    known = sha256(file.content).hexdigest()
    content = Content(sha256=known, size=len(file.content), source=file.content)
    return Part(name=file.name, series=series, content=content)


def _name_series(name: str) -> Series:
    """A table leans on tables of its name."""
    return f"beside-{_UNUSUAL.sub('-', name.casefold())}"


def _name_files(parts: Iterable[Part]) -> tuple[KeptFile, ...]:
    return tuple(KeptFile(name=one.name, sha256=one.content.sha256) for one in parts)
