"""What is recognised at a stroke is what the reader finds in the record, or nothing."""

import random
import re
from collections.abc import Iterator

import pytest

from sordiff.model import Kind
from sordiff.snapshot.fast import scan
from sordiff.snapshot.fast.record_pattern import RecordPatterns
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.record_summary import RecordSummary
from sordiff.snapshot.fast.root_frame import RootFrame, read_root_frame
from sordiff.snapshot.fast.split_records import (
    RecordSlice,
    find_record,
    find_subtrees,
    split_subtree,
)
from sordiff.snapshot.source.unsure import UnsureError
from tests.making.growing import random_register
from tests.making.xml import Layout, write_snapshot
from tests.roads.roads import plainly

Place = tuple[int, int, int, str, Kind]
Told = tuple[Place, RecordSummary] | None


def _place(cut: RecordSlice) -> Place:
    return cut.start, cut.record_start, cut.end, cut.closed, cut.kind


def _read(content: bytes, frame: RootFrame, start: int, end: int) -> Told:
    """What the reader says of the piece that begins here."""
    try:
        cut = find_record(content, start, end)
        if cut is None:
            return None
        record = content[cut.record_start : cut.end]
        record.decode()
        return _place(cut), RecordReader(frame).summarise(record, cut.kind)
    except (UnsureError, UnicodeDecodeError):
        return None


def _recognised(recogniser: RecordPatterns, content: bytes, start: int, end: int) -> Told:
    found = recogniser.match_record(content, start, end)
    return None if found is None else (_place(found[0]), found[1])


def _starts(content: bytes, frame: RootFrame) -> Iterator[tuple[int, int]]:
    for start, end, last in find_subtrees(content, frame.records_start):
        for cut in split_subtree(content, start, end, last=last)[0]:
            yield cut.start, end


def _written(seed: int, version: int, units: int) -> bytes:
    register = plainly(random_register(random.Random(seed), units=units))
    return write_snapshot(register, version=version, layout=Layout())  # type: ignore[arg-type]


@pytest.mark.parametrize("version", [1, 2])
def test_what_is_recognised_is_what_is_read(version: int) -> None:
    recognised = pieces_in_all = 0
    for seed in range(25):
        content = _written(seed, version, 60)
        frame = read_root_frame(content, "Sor.xml")
        recogniser = RecordPatterns(content, frame.root_tag, frame.namespaces)
        for start, end in _starts(content, frame):
            told = _recognised(recogniser, content, start, end)
            pieces_in_all += 1
            if told is not None:
                recognised += 1
                assert told == _read(content, frame, start, end)
    assert recognised > pieces_in_all / 5


def test_a_byte_more_or_less_is_recognised_rightly_or_not_at_all() -> None:
    rng = random.Random(1)
    told = 0
    for seed in range(12):
        content = _written(seed, 2, 12)
        frame = read_root_frame(content, "Sor.xml")
        recogniser = RecordPatterns(content, frame.root_tag, frame.namespaces)
        places = list(_starts(content, frame))
        for _ in range(400):
            start, _ = rng.choice(places)
            end = content.find(b"Entity>", start + 40) + 7
            place = rng.randrange(start, end)
            byte = bytes([rng.choice(b"<>&/x1 \"'-\xc3\xef\n\x00")])
            cut = rng.choice([0, 1, 1, 9])
            spoiled = content[:place] + rng.choice([byte, b""]) + content[place + cut :]
            found = _recognised(recogniser, spoiled, start, len(spoiled))
            if found is None:
                continue
            record = spoiled[found[0][1] : found[0][2]]
            if re.search(rb"[\x80-\xff]", record) and not _is_utf8(record):
                continue  # of all bytes together this is demanded
            told += 1
            assert found == _read(spoiled, frame, start, len(spoiled))
    assert told > 100


def _is_utf8(record: bytes) -> bool:
    try:
        record.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_two_halves_are_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    content = _written(3, 2, 120)
    frame = read_root_frame(content, "Sor.xml")
    alone = scan.scan_file(content, frame)
    monkeypatch.setattr(scan, "_MIN_SIZE_FOR_WORKER", 0)
    assert scan._find_middle(content, frame.records_start) is not None
    together = scan.scan_file(content, frame)
    assert together.records == alone.records
    assert together.subtrees == alone.subtrees


def test_a_fault_in_the_second_half_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "_MIN_SIZE_FOR_WORKER", 0)
    content = _written(3, 2, 120)
    place = content.rindex(b"</sor1:EntityName>")
    frame = read_root_frame(content, "Sor.xml")
    for fault in (b"&", b"\x00", b"\xff", b"<x>"):
        with pytest.raises(UnsureError):
            scan.scan_file(content[:place] + fault + content[place:], frame)
