"""A new kind of file is a reader in one list: recognised by its content, whatever its name."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from sordiff.model import Day, Header, Kind, SorId, Unit
from sordiff.snapshot import read_snapshot, readers
from sordiff.snapshot.readers import Reader, choose_reader
from sordiff.snapshot.snapshot import ReadOptions, SnapshotContent
from sordiff.snapshot.source.streams import ByteStream
from tests.unit.small_snapshot import GOOD, UNITS, read

MARK = b"sor ids\n"


def read_ids(
    stream: ByteStream, name: str, _: ReadOptions, progress: Callable[[int], None] | None
) -> SnapshotContent:
    """A kind of file that has one SOR id a line, after its mark."""
    content = b""
    while chunk := stream.read(4):
        content += chunk
        if progress is not None:
            progress(len(content))
    ids = [SorId(line) for line in content.removeprefix(MARK).decode().split()]
    return SnapshotContent(
        header=Header(
            snapshot_date=Day("2024-09-02"),
            created_at="2024-09-02T01:00:00+02:00",
            instant="2024-09-01T23:00:00.000000000000Z",
            version="ids",
            sha256=name,
            size=len(content),
        ),
        units={sor_id: Unit(sor_id=sor_id, kind=Kind.OWNER) for sor_id in ids},
    )


@pytest.fixture
def _ids_are_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = Reader(recognises=lambda head: head.startswith(MARK), read_stream=read_ids)
    monkeypatch.setattr(readers, "READERS", (ids, *readers.READERS))


@pytest.mark.usefixtures("_ids_are_a_kind")
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_the_reader_is_chosen_by_the_content(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "Sor.xml"
    content = MARK + b"\n".join(b"%d" % number for number in range(40_000))
    path.write_bytes(pack(content))
    snapshot = read_snapshot(path)
    assert (snapshot.count, snapshot.header.size) == (40_000, len(content))
    assert snapshot.header.sha256 == snapshot.file == str(path)
    assert snapshot.data_types_sha256 is None


@pytest.mark.usefixtures("_ids_are_a_kind")
def test_the_others_are_still_read_as_xml(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD).units.keys() == UNITS


def test_xml_takes_what_nobody_recognises() -> None:
    assert choose_reader(b"PDF <a/>") is readers.READERS[-1]
    # But where there is no markup at all, XML would only be missed.
    assert choose_reader(b"PDF") is not readers.READERS[-1]
