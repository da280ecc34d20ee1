"""Hostile code lists, in the zip or by --data-types: refused whole with the snapshot, under 1 GiB."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.product import assert_refused, environment, sordiff
from tests.making.archives import Entry, deflated, gzip_repeated, repeated, zipped
from tests.unit.small_snapshot import GOOD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECONDS, MEGABYTES = 60, 1024
MIB = b" " * 2**20
SOR = Entry(name=b"Sor.xml", packed=deflated(GOOD.encode()))
HIDDEN = "hemmelig"


def beside(content: bytes) -> bytes:
    return zipped([SOR, Entry(name=b"SorDataTypes.xml", packed=deflated(content))])


ZIPS: dict[str, Callable[[], bytes]] = {
    "3 GiB": lambda: zipped(
        [SOR, Entry(name=b"SorDataTypes.xml", packed=repeated(b"<a>", MIB, 3072))]
    ),
    "3 GiB that say 1 MB": lambda: zipped(
        [SOR, Entry(name=b"sordatatypes.XML", packed=repeated(b"<a>", MIB, 3072), size=10**6)]
    ),
    "nested elements": lambda: beside(b"<a>" * 100_000),
    "a DOCTYPE": lambda: beside(b"<!DOCTYPE a>\n<a/>"),
    "cut off": lambda: beside(b"<a><b Id='1' Name='x'/>"),
    "outside": lambda: zipped([SOR, Entry(name=b"../SorDataTypes.xml", packed=deflated(b"<a/>"))]),
}
FILES: dict[str, Callable[[str], bytes]] = {
    "gzip of 300 MiB": lambda _: gzip_repeated(b"<a>", MIB, 300),
    "nested elements": lambda _: b"<a>" * 100_000,
    "billion laughs": lambda _: (
        b"<!DOCTYPE a [<!ENTITY l0 'ha'>"
        + b"".join(b"<!ENTITY l%d '%s'>" % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
        + b"]><a>&l11;</a>"
    ),
    "an external entity": lambda uri: (
        f"<!DOCTYPE a [<!ENTITY s SYSTEM '{uri}'>]><a><b Id='1' Name='&s;'/></a>".encode()
    ),
    "nothing": lambda _: b"",
    "no XML": lambda _: bytes(range(256)),
}


@pytest.mark.parametrize("make", ZIPS.values(), ids=ZIPS.keys())
def test_in_the_zip(tmp_path: Path, make: Callable[[], bytes]) -> None:
    (tmp_path / "Sor.zip").write_bytes(make())
    refused(tmp_path, "Sor.zip")


@pytest.mark.parametrize("make", FILES.values(), ids=FILES.keys())
def test_by_its_own_path(tmp_path: Path, make: Callable[[str], bytes]) -> None:
    (tmp_path / "Sor.xml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "secret").write_text(HIDDEN, encoding="utf-8")
    (tmp_path / "types").write_bytes(make((tmp_path / "secret").as_uri()))
    refused(tmp_path, "Sor.xml", "--data-types", "types")


def refused(folder: Path, *words: str) -> None:
    done = sordiff("ingest", *words, folder=folder, limit=SECONDS, env=environment(bare=True))
    assert_refused(done, words[-1])
    assert done.err.count("\n") == 1
    assert len(done.err) < 1000
    assert HIDDEN not in done.err
    assert done.megabytes < MEGABYTES
    assert not (folder / "sordiff.db").exists()
