"""The command line called within the test's own process, where a process of its own is not the point; and the changelog as anybody may open it."""

from __future__ import annotations

import io
import os
import sqlite3
import sys
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from sordiff.cli import main
from tests.contract.validating import validate_line

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Called:
    """How a call ended, and what it said."""

    exit: int
    stdout: str
    stderr: str


def called(folder: Path, *arguments: str | Path) -> Called:
    """`sordiff ARGUMENTS` in this folder, from the parsing of the words to the exit code."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    before = os.getcwd()  # noqa: PTH109  # to come back to
    os.chdir(folder)
    try:
        with (
            redirect_stdout(out),
            redirect_stderr(err),
            patch.object(sys, "argv", ["sordiff", *map(str, arguments)]),
        ):
            code = _left_with()
    finally:
        os.chdir(before)
    return Called(exit=code, stdout=_text(out), stderr=_text(err))


def _left_with() -> int:
    with pytest.raises(SystemExit) as left:
        main()
    assert isinstance(left.value.code, int)
    return left.value.code


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


def good(folder: Path, *arguments: str | Path) -> str:
    """What a call that must leave with 0 wrote to stdout."""
    done = called(folder, *arguments)
    assert done.exit == 0, (arguments, done)
    return done.stdout


def events(folder: Path, *arguments: str | Path) -> list[dict[str, Any]]:
    """The recorded events that `sordiff events` prints."""
    return lines(good(folder, "events", *arguments))


def lines(text: str) -> list[dict[str, Any]]:
    """CloudEvents as JSON lines, each held against its schema, and read."""
    return [validate_line(line) for line in text.split("\n") if line]


def said(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Type and subject of each event."""
    return [
        (event["type"].removeprefix("sordiff.").removesuffix(".v1"), event["subject"])
        for event in found
    ]


def rows(folder: Path, query: str, database: str = "sordiff.db") -> list[tuple[Any, ...]]:
    """What the changelog answers to a query, as somebody with SQLite sees it."""
    with closing(sqlite3.connect(folder / database)) as connection, connection:
        return connection.execute(query).fetchall()


def dump(folder: Path, database: str = "sordiff.db") -> list[str]:
    """All that a changelog holds, as statements."""
    with closing(sqlite3.connect(folder / database)) as connection:
        return list(connection.iterdump())
