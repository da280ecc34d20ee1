"""A chain of random nights recorded as a user would, with what each night's own file says kept beside."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sordiff.register import Register
from sordiff.report import Outcome
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.service.ingest.read_snapshot import build_register
from sordiff.settings import Settings
from sordiff.snapshot import read_snapshot
from sordiff.store.changelog import SqliteChangelog
from tests.laws.pairs import files
from tests.making.xml import write_zip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sordiff.model import Classification
    from tests.laws.pairs import Version
    from tests.making.plain import PlainRegister


@dataclass(frozen=True)
class Told:
    """A recorded night: its run, and the register as its file has it."""

    run: int
    register: Register


@contextmanager
def recorded(
    chain: Sequence[PlainRegister],
    versions: Sequence[Version],
    rebaselines: Sequence[bool],
) -> Iterator[tuple[Path, list[Told]]]:
    """A changelog of these nights, and what each says; lists that a night lacks stay as they were."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        database = folder / "sordiff.db"
        told: list[Told] = []
        lists: dict[str, Classification] = {}
        for place, night in enumerate(chain):
            path = write_zip(folder / f"{place}.zip", *files(night, versions[place]))
            options = IngestOptions(
                recorded_at="2030-01-01T00:00:00+00:00",
                user="a test",
                reason="a law",
                accept=not rebaselines[place],
                rebaseline=place > 0 and rebaselines[place],
            )
            [result] = ingest_snapshots([path], SqliteChangelog(database), Settings(), options)
            if result.outcome is not Outcome.RECORDED:
                continue
            register = build_register(read_snapshot(path))
            lists = {**lists, **register.lists}
            told.append(Told(result.run_id, register.with_lists(lists)))
        yield database, told
