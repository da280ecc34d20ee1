"""A call of sordiff in a process of its own whose disk fails as planned, and what the folder holds afterwards."""

from __future__ import annotations

import functools
import gc
import hashlib
import importlib
import os
import re
import resource
import sqlite3
import sys
import tempfile
import traceback
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from sordiff.archive import Archive
from tests.faults.layer import Plan, arm

if TYPE_CHECKING:
    from collections.abc import Sequence

MODULES: Final = (
    "email.message",
    "email.parser",
    "encodings.idna",
    "pwd",
    "quopri",
    "secrets",
    "socket",
    "sordiff.archive",
    "sordiff.cli.archive",
    "sordiff.cli.backup",
    "sordiff.cli.decide",
    "sordiff.cli.ingest",
    "sordiff.cli.ingest_output",
    "sordiff.cli.publish",
    "sordiff.cli.rebuild",
    "sordiff.cli.retract",
    "sordiff.ndjson.sink",
    "sordiff.render.commands.backup",
    "sordiff.render.commands.decisions",
    "sordiff.render.commands.publish",
    "sordiff.render.commands.rebuild",
    "sordiff.service.archive.compare",
    "sordiff.service.archive.keep",
    "sordiff.service.archive.note",
    "sordiff.service.archive.noted_runs",
    "sordiff.service.archive.rebuild",
    "sordiff.service.ingest.decide",
    "sordiff.service.publish.adopt",
    "sordiff.service.publish.publish",
    "sordiff.service.publish.retract",
    "sordiff.settings.layers",
    "sordiff.store.changelog",
    "sqlite_utils",
    "ssl",
    "stdnum.dk.cvr",
    "stdnum.ean",
    "stdnum.verhoeff",
)
_SECONDS: Final = 120
# Beside a changelog, gone after its last connection; and what is nothing but a lock.
_PASSING: Final = ("-wal", "-shm", "-journal", ".lock")
# What spares the next night a parse. Without room for a temporary file a night is parsed whole, and has none.
_INDEX: Final = frozenset({"row_index", "subtree_index", "subtrees"})
# From where a sink is read on: what has arrived is known from the sink itself, wherever one begins.
_READ_ON: Final = "read_"
# A changelog is given its name by lot, and the checks of a manifest depend on it; where a folder of events is read on
# depends on when its files were written.
_DRAWN: Final = re.compile(
    rb'[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|,"check":"[0-9a-f]+"|\d+:[0-9a-f]{32}'
)
_MAGIC: Final = b"SQLite format 3\0"


@dataclass(frozen=True, kw_only=True)
class Ended:
    """code: minus the signal where one ended it. calls: those that were counted, as layer.c tells them."""

    code: int
    out: str
    err: str
    calls: tuple[str, ...]


def load_modules() -> None:
    """Before the first fork, so that no try has to."""
    for module in MODULES:
        importlib.import_module(module)
    gc.freeze()


def call_with_faults(folder: Path, words: Sequence[str], plan: Plan) -> Ended:
    """Call sordiff in this folder, where all that it writes lies, also what is temporary."""
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        tempfile.TemporaryFile() as log,
    ):
        process = os.fork()
        if process == 0:
            _become(folder, words, plan, (out, err, log))
        _, status = os.waitpid(process, 0)
        code = os.waitstatus_to_exitcode(status)
        calls = _text(log).splitlines()
        return Ended(code=code, out=_text(out), err=_text(err), calls=tuple(calls))


def _become(folder: Path, words: Sequence[str], plan: Plan, streams: tuple[IO[bytes], ...]) -> None:
    out, err, log = (stream.fileno() for stream in streams)
    code = 99
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.chdir(folder)
        temporary = folder / "tmp"
        temporary.mkdir(exist_ok=True)
        os.environ["TMPDIR"] = str(temporary)
        tempfile.tempdir = None
        sys.argv = ["sordiff", *words]
        arm(folder, plan, log)
        from sordiff.cli import main

        main()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 98
    except BaseException:  # noqa: BLE001  # it is to be told, not to go on in the copy of the tests
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8", "surrogateescape")


State = dict[str, object]
Rows = dict[str, tuple[str, ...]]


def read_state(folder: Path) -> State:
    """All that lies in a folder, by path: of a database its rows, of any other file its digest."""
    found: State = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_dir() or path.name.endswith(_PASSING):
            continue
        if _is_database(path):
            found[name] = read_rows(path)
        elif path.name == "manifest.jsonl":
            found[name] = tuple(_undrawn(path.read_bytes()).splitlines(keepends=True))
        else:
            found[name] = hashlib.sha256(_undrawn(path.read_bytes())).hexdigest()
    return found


def _undrawn(content: bytes) -> bytes:
    return _DRAWN.sub(b"drawn", content)


def _is_database(path: Path) -> bool:
    """By its first bytes, or by its name: of a new one nothing may be written yet."""
    with path.open("rb") as file:
        return path.suffix == ".db" or file.read(len(_MAGIC)) == _MAGIC


def read_rows(database: Path) -> Rows:
    """Every row of a database, as the next call finds it; that it is whole is judged along the way.

    It is read from a copy, so that what was left is not put in order. One without a run is as none.
    """
    files = [
        database,
        *(database.with_name(f"{database.name}{end}") for end in ("-wal", "-journal")),
    ]
    return _read_rows(*(path.read_bytes() if path.exists() else None for path in files))


def digest_files(folder: Path) -> bytes:
    """Of all bytes that lie in a folder, but for what no later call looks at."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.endswith(("-shm", ".lock")):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode() + content)
    return digest.digest()


# Most tries leave the same bytes as another one.
@functools.lru_cache(maxsize=64)
def _read_rows(*files: bytes | None) -> Rows:
    with tempfile.TemporaryDirectory() as aside:
        copy = Path(aside) / "copy.db"
        for end, content in zip(("", "-wal", "-journal"), files, strict=True):
            if content is not None:
                Path(f"{copy}{end}").write_bytes(content)
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            rows = {name: _sorted(connection, name) for (name,) in named if name not in _INDEX}
            return rows if rows.get("runs") else {}


def _sorted(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    named = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
    kept = ", ".join(f'"{name}"' for name in named if not name.startswith(_READ_ON))
    rows = connection.execute(f'SELECT {kept} FROM "{table}"')  # noqa: S608  # names of ours
    return tuple(sorted(_undrawn(repr(row).encode()).decode() for row in rows))


def demand_sound_archive(folder: Path, files: State) -> None:
    """Every night that its manifest lists comes back; `files`: what lies in it."""
    if (folder / "manifest.jsonl").exists():
        _verify(folder, repr(sorted(files.items())))


@functools.lru_cache(maxsize=64)
def _verify(folder: Path, _files: str) -> None:
    assert Archive.open(folder).verify().faults == ()
