"""A damaged archive is refused, wherever the damage lies and whichever library finds it."""

import gzip
import io
import random
import zipfile
from pathlib import Path

import pytest

from sordiff.errors import SnapshotRefused
from tests.making.archives import Entry, deflated, zipped
from tests.unit.small_snapshot import GOOD, UNITS, problems, read, said

TYPES = b"<T><E><EId>1</EId><EName>a</EName></E><E><EId>2</EId><EName>b</EName></E></T>"


def small_zip(method: int, content: bytes = GOOD.encode(), name: str = "Sor.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
        archive.writestr(zipfile.ZipInfo("SorDataTypes.xml"), TYPES, compress_type=method)
    return out.getvalue()


ARCHIVES = {
    "stored": small_zip(zipfile.ZIP_STORED),
    "deflated": small_zip(zipfile.ZIP_DEFLATED),
    "gzip": gzip.compress(GOOD.encode(), mtime=0),
    "zip in gzip": gzip.compress(small_zip(zipfile.ZIP_DEFLATED), mtime=0),
}


@pytest.mark.parametrize("content", ARCHIVES.values(), ids=ARCHIVES.keys())
def test_each_container_holds_the_same_snapshot(tmp_path: Path, content: bytes) -> None:
    snapshot = read(tmp_path, content)
    assert snapshot.units.keys() == UNITS
    assert snapshot.header.sha256 == read(tmp_path, GOOD).header.sha256


@pytest.mark.parametrize("content", ARCHIVES.values(), ids=ARCHIVES.keys())
def test_an_archive_cut_off_anywhere_is_refused(tmp_path: Path, content: bytes) -> None:
    for length in range(0, len(content), 7):
        assert problems(tmp_path, content[:length]), length
    assert problems(tmp_path, content[:-1])


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_wrong_byte_anywhere_is_refused_or_harmless(tmp_path: Path, name: str) -> None:
    whole = ARCHIVES[name]
    good = read(tmp_path, GOOD).header.sha256
    rng = random.Random(name)
    refused = 0
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] = rng.choice([0, 255, whole[place] ^ 1, whole[place] ^ 128])
        try:
            assert read(tmp_path, bytes(damaged)).header.sha256 == good, place
        except SnapshotRefused:
            refused += 1
    assert refused > len(whole) // 3


@pytest.mark.parametrize("name", ["Sor.xml", "SorDataTypes.xml"])
def test_a_wrong_crc_is_refused(tmp_path: Path, name: str) -> None:
    entries = {"Sor.xml": deflated(GOOD.encode()), "SorDataTypes.xml": deflated(TYPES)}
    content = zipped(
        [
            Entry(name=file.encode(), packed=packed, crc=1 if file == name else None)
            for file, packed in entries.items()
        ]
    )
    assert said(tmp_path, content) == [("archive.damaged", None)]


def test_a_wrong_crc_at_the_end_of_a_long_file_is_refused(tmp_path: Path) -> None:
    packed = deflated(GOOD.encode() + b" \n" * 500_000)
    good = zipped([Entry(name=b"Sor.xml", packed=packed)])
    assert read(tmp_path, good).units.keys() == UNITS
    bad = zipped([Entry(name=b"Sor.xml", packed=packed, crc=packed.crc ^ 1)])
    assert said(tmp_path, bad) == [("archive.damaged", None)]


@pytest.mark.parametrize("size", [0, 10, len(GOOD.encode()) - 1])
def test_a_zip_that_says_it_is_smaller_is_refused(tmp_path: Path, size: int) -> None:
    content = zipped([Entry(name=b"Sor.xml", packed=deflated(GOOD.encode()), size=size)])
    assert problems(tmp_path, content)


@pytest.mark.parametrize("size", [2**31 + 1, 3 * 2**30, 2**32 + 5, 2**62])
def test_a_zip_that_says_it_is_too_large_is_refused(tmp_path: Path, size: int) -> None:
    content = zipped([Entry(name=b"Sor.xml", packed=deflated(GOOD.encode()), size=size)])
    assert said(tmp_path, content) == [("too_large", None)]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_unpacks_without_a_bound_is_not_read(tmp_path: Path, method: int) -> None:
    assert said(tmp_path, small_zip(method)) == [("archive.method", None)]


@pytest.mark.parametrize("method", [1, 6, 9, 93, 97, 99, 65535])
def test_a_method_that_nobody_knows_is_refused(tmp_path: Path, method: int) -> None:
    content = zipped([Entry(name=b"Sor.xml", packed=deflated(GOOD.encode()), method=method)])
    assert problems(tmp_path, content)


def test_a_gzip_file_in_members_is_one_file(tmp_path: Path) -> None:
    content = GOOD.encode()
    members = gzip.compress(content[:500]) + gzip.compress(content[500:])
    assert read(tmp_path, members).units.keys() == UNITS
    assert problems(tmp_path, members[:-20])
    assert problems(tmp_path, gzip.compress(content) + b"more")


def test_only_one_gzip_around(tmp_path: Path) -> None:
    once = gzip.compress(GOOD.encode())
    assert said(tmp_path, gzip.compress(once)) == [("archive.nested", None)]
    assert problems(tmp_path, small_zip(zipfile.ZIP_DEFLATED, once))
    assert problems(tmp_path, small_zip(zipfile.ZIP_DEFLATED, small_zip(zipfile.ZIP_STORED)))
    assert problems(tmp_path, gzip.compress(gzip.compress(small_zip(zipfile.ZIP_STORED))))
    assert problems(tmp_path, gzip.compress(b""))


def test_a_zip_inside_a_gzip_is_unpacked_up_to_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sordiff.snapshot.source.files.SIZE_LIMIT", 100)
    assert said(tmp_path, ARCHIVES["zip in gzip"]) == [("too_large", None)]
