"""A record pattern matches what the reader finds in the record, or nothing."""

import random
import re
from collections.abc import Iterator

import pytest

from sordiff.model import Day, Gln, Kind, SorId
from sordiff.snapshot.fast import halves, scan
from sordiff.snapshot.fast.all_records import read_all_records
from sordiff.snapshot.fast.record_pattern import START_GROUP, RecordPattern
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.record_summary import RecordSummary
from sordiff.snapshot.fast.root_frame import RootFrame, read_root_frame
from sordiff.snapshot.fast.split_records import (
    RecordSlice,
    find_record,
    find_subtrees,
    split_subtree,
    wrapper_letters,
)
from sordiff.snapshot.format.element_names import RECORD_KINDS
from sordiff.snapshot.source.unsure import UnsureError
from tests.making.growing import random_register
from tests.making.xml import Layout, write_snapshot
from tests.roads.roads import plainly

Place = tuple[int, int, int, str, Kind]
Found = tuple[Place, RecordSummary] | None


def _place(record_slice: RecordSlice) -> Place:
    return (
        record_slice.start,
        record_slice.record_start,
        record_slice.end,
        record_slice.closed,
        record_slice.kind,
    )


def _read(content: bytes, frame: RootFrame, start: int, end: int) -> Found:
    """What the reader says of the record from this offset."""
    try:
        record_slice = find_record(content, start, end)
        if record_slice is None:
            return None
        record = content[record_slice.record_start : record_slice.end]
        record.decode()
        return _place(record_slice), RecordReader(frame).summarise(record, record_slice.kind)
    except (UnsureError, UnicodeDecodeError):
        return None


def _match(pattern: RecordPattern, content: bytes, start: int, end: int) -> Found:
    found = pattern.compiled.match(content, start, end)
    if found is None:
        return None
    closed, name, _, sor_id, _, number, number_to, to, first_from = found.groups()
    place = (
        found.start(),
        found.start(START_GROUP),
        found.end(),
        wrapper_letters(closed),
        RECORD_KINDS[name.decode()],
    )
    summary = RecordSummary(
        SorId(sor_id.decode()),
        _day(to),
        _day(first_from),
        None if number is None else Gln(number.decode()),
        _day(number_to),
    )
    return place, summary


def _day(written: bytes | None) -> Day | None:
    return None if written is None else Day(written.decode())


def _starts(content: bytes, frame: RootFrame) -> Iterator[tuple[int, int]]:
    for start, end, last in find_subtrees(content, frame.records_start):
        for record_slice in split_subtree(content, start, end, last=last)[0]:
            yield record_slice.start, end


def _written(seed: int, version: int, units: int) -> bytes:
    register = plainly(random_register(random.Random(seed), units=units))
    return write_snapshot(register, version=version, layout=Layout())  # type: ignore[arg-type]


@pytest.mark.parametrize("version", [1, 2])
def test_what_is_recognised_is_what_is_read(version: int) -> None:
    recognised = all_records = 0
    for seed in range(25):
        content = _written(seed, version, 60)
        frame = read_root_frame(content, "Sor.xml")
        pattern = RecordPattern(content, frame.root_tag, frame.namespaces)
        for start, end in _starts(content, frame):
            found = _match(pattern, content, start, end)
            all_records += 1
            if found is not None:
                recognised += 1
                assert found == _read(content, frame, start, end)
    assert recognised > all_records / 5


def test_a_byte_more_or_less_is_recognised_rightly_or_not_at_all() -> None:
    rng = random.Random(1)
    matched = 0
    for seed in range(12):
        content = _written(seed, 2, 12)
        frame = read_root_frame(content, "Sor.xml")
        pattern = RecordPattern(content, frame.root_tag, frame.namespaces)
        places = list(_starts(content, frame))
        for _ in range(400):
            start, _ = rng.choice(places)
            end = content.find(b"Entity>", start + 40) + 7
            place = rng.randrange(start, end)
            byte = bytes([rng.choice(b"<>&/x1 \"'-\xc3\xef\n\x00")])
            skipped = rng.choice([0, 1, 1, 9])
            spoiled = content[:place] + rng.choice([byte, b""]) + content[place + skipped :]
            found = _match(pattern, spoiled, start, len(spoiled))
            if found is None:
                continue
            record = spoiled[found[0][1] : found[0][2]]
            if re.search(rb"[\x80-\xff]", record) and not _is_utf8(record):
                continue  # of all bytes together this is demanded
            matched += 1
            assert found == _read(spoiled, frame, start, len(spoiled))
    assert matched > 100


def _is_utf8(record: bytes) -> bool:
    try:
        record.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_two_halves_are_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    content = _written(3, 2, 120)
    frame = read_root_frame(content, "Sor.xml")
    alone, read_alone = scan.scan_file(content, frame), read_all_records(content, frame, None)
    _read_in_halves(monkeypatch)
    assert halves.find_middle(content, frame.records_start) is not None
    assert vars(scan.scan_file(content, frame)) == vars(alone)
    told: list[int] = []
    assert read_all_records(content, frame, told.append) == read_alone
    assert told == sorted(told)
    assert told[-1] <= len(content)


def test_a_fault_in_the_second_half_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    _read_in_halves(monkeypatch)
    content = _written(3, 2, 120)
    place = content.rindex(b"</sor1:EntityName>")
    frame = read_root_frame(content, "Sor.xml")
    for fault in (b"&", b"\x00", b"\xff", b"<x>"):
        spoiled = content[:place] + fault + content[place:]
        with pytest.raises(UnsureError):
            scan.scan_file(spoiled, frame)
        with pytest.raises(UnsureError):
            read_all_records(spoiled, frame, None)


def test_one_id_in_both_halves_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    _read_in_halves(monkeypatch)
    content = _written(3, 2, 120)
    frame = read_root_frame(content, "Sor.xml")
    ids = re.findall(rb"SorIdentifier>(\d+)<", content)
    place = content.rindex(b">" + ids[-1] + b"<") + 1
    twice = content[:place] + ids[0] + content[place + len(ids[-1]) :]
    with pytest.raises(UnsureError, match="twice"):
        read_all_records(twice, frame, None)


def _read_in_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read small files in two processes, too, also where there is one core."""
    monkeypatch.setattr(halves, "_MIN_SIZE_FOR_WORKER", 0)
    monkeypatch.setattr(halves, "has_second_core", lambda: True)
