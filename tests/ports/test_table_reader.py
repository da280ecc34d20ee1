"""The contract of a reader, kept by each table on both roads."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING

import pytest

from sordiff.snapshot import ReadOptions, read_snapshot
from tests.making import tables
from tests.ports.reader_suite import *  # noqa: F403  # its tests
from tests.ports.reader_suite import DAY, OWNER, KindOfFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sordiff.snapshot import Snapshot
    from tests.making.plain import PlainRegister


def _write_daily(register: PlainRegister) -> bytes:
    return tables.write_sor2(tables.sor2_rows(register))


def _write_states(register: PlainRegister) -> bytes:
    """With an earlier state of the first unit that has a first day."""
    rows = tables.sor2_rows(register)
    first = next(row for row in rows if row["FromDate"])
    return tables.write_sor2([*rows, first | {"EntityName": "Før", "FromDate": "1999-01-01"}])


def _write_old(register: PlainRegister) -> bytes:
    return tables.write_old(tables.old_rows(tables.latin_only(register)))


_WRITERS = {
    "sor2-daily": _write_daily,
    "sor2-complete": _write_states,
    "sor-csv": _write_old,
}
# What is not in the columns of SOR2, and of sor.csv.
_UNSAID = {"provider_number"}, {"first_from"}
_DETAILS = {"location_number/internal_only", "location_number/inactive"}


def _read(path: Path, *, plain: bool) -> Snapshot:
    return read_snapshot(path, ReadOptions(plain=plain, snapshot_date=DAY))


def _says(name: str, sor_id: str, path: str) -> bool:
    is_old = name == "sor-csv"
    if is_old and (sor_id, path) == (OWNER, "name"):
        return False  # it has a delimiter
    return path not in _UNSAID[is_old] | _DETAILS


def _list_cuts(content: bytes) -> Iterator[int]:
    """Where a row is cut; a file that ends with a whole row can't be told from a whole one."""
    return (
        length for length in range(0, len(content) - 2, 89) if content[length - 1 : length] != b"\n"
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(f"{hashlib.sha256(content).hexdigest()} {DAY}".encode()).hexdigest()


@pytest.fixture(params=[(v, plain) for v in _WRITERS for plain in (True, False)], ids=str)
def kind(request: pytest.FixtureRequest) -> KindOfFile:
    name, plain = request.param
    return KindOfFile(
        name=name,
        version=name,
        write=_WRITERS[name],
        read=partial(_read, plain=plain),
        digest=_digest,
        says=partial(_says, name),
        cuts=_list_cuts,
    )
