"""A folder with snapshots and a changelog in it, and the commands on them."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any, TypeVar
from unittest.mock import patch

from tests.cli.calling import called
from tests.cli.product import Done, Ended, environment, sordiff
from tests.making.plain import PlainEntry, PlainList
from tests.making.xml import Layout, write_data_types, write_snapshot, write_zip

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.making.elements import Version
    from tests.making.plain import PlainRegister

_D = TypeVar("_D", bound=Done)
DATABASE = "sordiff.db"
LAYOUT = Layout(bom=True)


def contents(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every table's rows; the database itself is only read."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: sorted(
                connection.execute(f'SELECT * FROM "{name}"').fetchall(),  # noqa: S608  # its own names
                key=repr,
            )
            for (name,) in sorted(names)
        }


def types(**texts: str) -> list[PlainList]:
    """One list EntityType with the codes t1, t2, … and these texts."""
    return [
        PlainList(
            name="EntityType",
            entries=[PlainEntry(code=code, text=text) for code, text in texts.items()],
        )
    ]


class Workplace:
    """The folder; its files are called by their names, as a user in the folder would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / DATABASE

    def put(self, register: PlainRegister, name: str = "", *, version: Version = 2) -> str:
        """Write a night as .xml, as .zip where it has lists; the name of the file."""
        content = write_snapshot(register, version=version, layout=LAYOUT)
        stem = name or f"{register.snapshot_date}_{register.created_at[11:13]}"
        if register.lists is None:
            (self.folder / f"{stem}.xml").write_bytes(content)
            return f"{stem}.xml"
        lists = write_data_types(register.lists, layout=LAYOUT)
        return write_zip(self.folder / f"{stem}.zip", content, lists).name

    def sordiff(
        self, *arguments: str, code: int | None = 0, env: Mapping[str, str] | None = None
    ) -> Done:
        """Any command, called in this process; that it leaves with this code is part of the test."""
        begun = time.monotonic()
        with patch.dict(os.environ, environment() if env is None else env, clear=True):
            left = called(self.folder, *arguments)
        seconds = time.monotonic() - begun
        done = Done(code=left.exit, out=left.stdout, err=left.stderr, seconds=seconds)
        return _expected(done, code, arguments)

    def process(self, *arguments: str, code: int | None = 0, **how: Any) -> Ended:
        """Any command as a process of its own: to be killed, limited, or timed from its start.

        Also where no broker lets it in: what a client leaves open that never came to work would, in this process,
        be held against the test that comes next.
        """
        return _expected(sordiff(*arguments, folder=self.folder, **how), code, arguments)

    def ingest(self, *arguments: str, code: int | None = 0) -> Done:
        """`sordiff ingest`."""
        return self.sordiff("ingest", *arguments, code=code)

    def events(self, *arguments: str) -> list[dict[str, Any]]:
        """`sordiff events`, read."""
        return self.sordiff("events", *arguments).lines

    def told(self, *arguments: str) -> list[tuple[str, str]]:
        """(short type, subject) of the recorded events."""
        return [(short(event), event["subject"]) for event in self.events(*arguments)]

    def runs(self) -> list[dict[str, Any]]:
        """The runs as they stand in the database, with what their snapshot is."""
        with closing(sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            query = "SELECT * FROM runs ORDER BY id"
            return [dict(row) for row in connection.execute(query).fetchall()]

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything in the changelog; empty where there is none."""
        return contents(self.database) if self.database.exists() else {}


def _expected(done: _D, code: int | None, arguments: tuple[str, ...]) -> _D:
    assert code is None or done.code == code, f"{arguments} left with {done.code}: {done.err}"
    assert "Traceback" not in done.err
    return done


def short(event: dict[str, Any]) -> str:
    """`sordiff.unit.created.v1` -> `unit.created`."""
    name: str = event["type"]
    assert name.startswith("sordiff.")
    assert name.endswith(".v1")
    return name[len("sordiff.") : -len(".v1")]
