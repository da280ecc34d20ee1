"""The calls that are disturbed: each with the folder that it finds, and with what puts everything in order afterwards."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.faults.layer import Plan
from tests.faults.tries import call_with_faults
from tests.older_changelogs import take_back

if TYPE_CHECKING:
    from collections.abc import Callable

_NIGHTS: Final = sorted((Path(__file__).parents[2] / "fixtures" / "demo").glob("*.zip"))
_ARCHIVE: Final = '[archive]\ndir = "archive"\n'
_FOLDER: Final = '[publish]\nto = ["ndjson:out"]\n'
_HOLDING: Final = '[alarms.counts]\n"unit.created" = { count = 0 }\n'
Words = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Situation:
    """prepare: fills the folder. words: the call. code: that of an undisturbed one.

    then: calls that follow it where it was disturbed and where it was not, such as those of the next morning.
    names: the changelogs that it writes. steps: how many transactions it needs for that.
    """

    name: str
    words: Words
    prepare: Callable[[Path], None]
    code: int = 0
    then: tuple[Words, ...] = ()
    names: tuple[str, ...] = ("sordiff.db",)
    steps: int = 1


def _lay(*before: Words, nights: int = 3, settings: str = "") -> Callable[[Path], None]:
    """A folder with nights and settings, after these calls."""

    def prepare(folder: Path) -> None:
        for number, night in enumerate(_NIGHTS[:nights], start=1):
            shutil.copy(night, folder / f"{number}.zip")
        if settings:
            (folder / "sordiff.toml").write_text(settings)
        for words in before:
            ended = call_with_faults(folder, words, Plan())
            assert ended.code in {0, 3}, ended

    return prepare


def _lay_old(folder: Path) -> None:
    _lay(("ingest", "1.zip", "2.zip"))(folder)
    with closing(sqlite3.connect(folder / "sordiff.db", isolation_level=None)) as connection:
        take_back(connection, 14)
    (folder / "sordiff.db.mark").unlink()


_TWO: Final = ("ingest", "1.zip", "2.zip")
_HELD: Final = ("ingest", "1.zip", "2.zip")
SITUATIONS: Final = (
    Situation(name="first night", words=("ingest", "1.zip"), prepare=_lay()),
    Situation(name="a night", words=("ingest", "3.zip"), prepare=_lay(_TWO)),
    Situation(
        name="a night, archived",
        words=("ingest", "3.zip"),
        prepare=_lay(_TWO, settings=_ARCHIVE),
    ),
    Situation(
        name="first night, archived",
        words=("ingest", "1.zip"),
        prepare=_lay(settings=_ARCHIVE),
    ),
    Situation(
        name="a held night",
        words=("ingest", "2.zip"),
        prepare=_lay(("ingest", "1.zip"), settings=_HOLDING + _ARCHIVE),
        code=3,
    ),
    Situation(
        name="accept",
        words=("ingest", "2.zip", "--accept", "--reason", "announced"),
        prepare=_lay(("ingest", "1.zip"), settings=_HOLDING + _ARCHIVE),
    ),
    Situation(
        name="release",
        words=("release", "2", "--reason", "checked"),
        prepare=_lay(_HELD, settings=_HOLDING + _ARCHIVE),
        then=(("ingest", "3.zip", "--accept", "--reason", "announced"),),
    ),
    Situation(
        name="reject",
        words=("reject", "2", "--reason", "wrong"),
        prepare=_lay(_HELD, settings=_HOLDING + _ARCHIVE),
        then=(("ingest", "3.zip", "--accept", "--reason", "announced"),),
    ),
    Situation(
        name="retract",
        words=("retract", "2", "--reason", "wrong"),
        prepare=_lay(_TWO, ("publish",), settings=_ARCHIVE + _FOLDER),
        then=(("ingest", "3.zip"), ("publish",)),
        steps=5,
    ),
    Situation(
        name="correct",
        words=("ingest", "--correct", "2", "--reason", "right", "3.zip"),
        prepare=_lay(_TWO, settings=_ARCHIVE),
        then=(("ingest", "3.zip"),),
    ),
    Situation(
        name="rebaseline",
        words=("ingest", "--rebaseline", "3.zip"),
        prepare=_lay(_TWO),
    ),
    Situation(
        name="publish",
        words=("publish",),
        prepare=_lay(
            ("ingest", "1.zip", "2.zip"),
            ("publish",),
            ("ingest", "3.zip"),
            settings=_FOLDER,
        ),
        steps=4,
    ),
    Situation(
        name="backup",
        words=("backup", "copy.db"),
        prepare=_lay(_TWO),
        names=("sordiff.db", "copy.db"),
    ),
    Situation(name="an older changelog", words=("ingest", "3.zip"), prepare=_lay_old, steps=2),
    Situation(
        name="rebuild",
        words=("rebuild", "--archive", "archive", "--db", "again.db"),
        prepare=_lay(_TWO, settings=_ARCHIVE),
        then=(("ingest", "3.zip", "--db", "again.db"),),
        names=("again.db",),
    ),
    Situation(
        name="archive prune",
        words=("archive", "prune", "--keep", "1"),
        prepare=_lay(("ingest", "1.zip", "2.zip", "3.zip"), settings=_ARCHIVE),
    ),
)
