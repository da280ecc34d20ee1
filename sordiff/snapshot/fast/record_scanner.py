"""The scan of a part of a file: most records by the pattern, many at once; odd ones are read."""

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import compress
from operator import methodcaller
from typing import Final, cast

from sordiff.model import Day, Gln, Kind, SorId
from sordiff.snapshot.fast.record_columns import ScannedPart, count_day
from sordiff.snapshot.fast.record_pattern import START_GROUP, RecordPattern
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.record_summary import RecordSummary
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.split_records import (
    Content,
    check_distance,
    find_record,
    read_closing_tags,
)
from sordiff.snapshot.fast.wrapper_letters import LETTERS, WrapperLetters
from sordiff.snapshot.format.limits import MAX_DEPTH, MAX_RECORD_LENGTH
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import KIND_LETTERS

_Match = re.Match[bytes]
_AT_ONCE: Final = 512
# A part of so many records is handed on: what two processes hold counts twice.
_PART_SIZE: Final = 8_192
_BELOW_OWNER: Final = KIND_LETTERS[Kind.OWNER]
_find_start: Final = methodcaller("start", START_GROUP)


class _DayCounts(dict[bytes | None, int]):
    """Bytes of a day, or None -> the day as a number, see `count_day`."""

    def __missing__(self, day: bytes | None) -> int:
        counted = self[day] = count_day(None if day is None else Day(day.decode()))
        return counted


class _PartBuilder:
    """The columns of a part that is being scanned."""

    def __init__(self, days: _DayCounts) -> None:
        self._days = days
        self.ids: list[SorId] = []
        self.letters: list[str] = []
        self.steps, self.starts, self.ends = array("I"), array("Q"), array("Q")
        self._to, self._first_from, self._number_to = array("I"), array("I"), array("I")
        self._numbered: list[int] = []
        self._numbers: list[Gln] = []

    def add_matches(self, columns: Sequence[tuple[bytes, ...]]) -> None:
        """Add what the groups of the pattern say, from the id on."""
        ids, _, numbers, number_to, to, first_from = columns
        first, count = len(self.ids), self._days.__getitem__
        self.ids += cast("list[SorId]", b" ".join(ids).decode().split(" "))
        self._to.extend(map(count, to))
        self._first_from.extend(map(count, first_from))
        self._number_to.extend(map(count, number_to))
        self._numbered += compress(range(first, len(self.ids)), numbers)
        self._numbers += (Gln(number.decode()) for number in numbers if number)

    def add_summary(self, summary: RecordSummary) -> None:
        """Add what the reader found in an odd record."""
        if summary.number is not None:
            self._numbered.append(len(self.ids))
            self._numbers.append(summary.number)
        self.ids.append(summary.sor_id)
        for column, day in (
            (self._to, summary.to),
            (self._first_from, summary.first_from),
            (self._number_to, summary.number_to),
        ):
            column.append(count_day(day))

    def build(self) -> ScannedPart:
        """The part; nothing is added to it any more."""
        return ScannedPart(
            ids=self.ids,
            letters="".join(self.letters),
            steps=self.steps.tobytes(),
            starts=self.starts.tobytes(),
            ends=self.ends.tobytes(),
            to=self._to.tobytes(),
            first_from=self._first_from.tobytes(),
            number_to=self._number_to.tobytes(),
            numbered=self._numbered,
            numbers=self._numbers,
        )


class RecordScanner:
    """Scans one part of a file; used once."""

    def __init__(self, content: Content, frame: RootFrame, pattern: RecordPattern) -> None:
        """The pattern is that of the file."""
        self._content = content
        self._frame = frame
        self._pattern = pattern
        self._reader = RecordReader(frame, few=True)
        self._wrappers = WrapperLetters("")
        # The number of the unit whose wrapper is open at each depth, from 1 on; 0 is the root.
        self._open_rows = [0] * (MAX_DEPTH + 1)
        self._row = 0
        self._position = self._last_end = 0
        self._days = _DayCounts()
        self._part = _PartBuilder(self._days)

    def scan(self, begin: int, stop: int, take: Callable[[ScannedPart], None]) -> None:
        """Scan from one place to another, and give the records part by part.

        A place that is not that of the first record lies behind the last institution of an owner.
        UnsureError if the plain road must read the file.
        """
        if begin != self._frame.records_start:
            self._wrappers = WrapperLetters(_BELOW_OWNER)
        self._position = self._last_end = begin
        while self._add_ordinary(stop) or self._add_odd(stop):
            if len(self._part.ids) >= _PART_SIZE:
                take(self._part.build())
                self._part = _PartBuilder(self._days)
        check_distance(self._last_end, stop)
        last = stop == len(self._content)
        closed = read_closing_tags(self._content, self._position, stop, last=last)
        if self._wrappers.end(closed) != ("" if last else _BELOW_OWNER):
            raise UnsureError("wrappers that are not nested")
        take(self._part.build())

    def _add_ordinary(self, stop: int) -> bool:
        """Add the records from this place on that the pattern knows, up to so many at once."""
        match, content = self._pattern.compiled.match, self._content
        begin = position = self._position
        matches: list[_Match] = []
        ends: list[int] = []
        while len(ends) < _AT_ONCE and (found := match(content, position, stop)):
            end = found.end()
            if end - position > MAX_RECORD_LENGTH:
                break
            position = end
            ends.append(end)
            matches.append(found)
        if matches:
            self._add(matches, [begin, *ends])
        return bool(matches)

    def _add(self, matches: Sequence[_Match], bounds: Sequence[int]) -> None:
        """Add records that follow each other; `bounds`: where each begins, and the last ends."""
        closed, names, _, *columns = zip(*map(_Match.groups, matches), strict=True)
        starts = [*map(_find_start, matches)]
        for begin, start in zip(compress(bounds, closed), compress(starts, closed), strict=True):
            self._check_distance(begin, start)
        part = self._part
        part.add_matches(columns)
        part.letters += map(LETTERS.__getitem__, names)
        part.starts.extend(starts)
        part.ends.extend(bounds[1:])
        self._nest(closed, names)
        self._position = bounds[-1]

    def _add_odd(self, stop: int) -> bool:
        """Add the record at this place, which the pattern does not know; False if there is none."""
        record = find_record(self._content, self._position, stop)
        if record is None:
            return False
        content = self._content[record.record_start : record.end]
        if record.closed:
            self._check_distance(record.start, record.record_start)
        part, letter = self._part, KIND_LETTERS[record.kind]
        part.add_summary(self._reader.summarise(content, record.kind))
        part.letters.append(letter)
        part.starts.append(record.record_start)
        part.ends.append(record.end)
        depth = self._wrappers.move(record.closed, letter)
        self._row += 1
        self._open_rows[depth + 1] = self._row
        part.steps.append(self._row - self._open_rows[depth] if depth else 0)
        self._position = record.end
        return True

    def _nest(self, closed: Iterable[bytes], names: Iterable[bytes]) -> None:
        """Close these wrappers and open those of the records, each in its turn."""
        move, rows, row = self._wrappers.move_by_tags, self._open_rows, self._row
        add = self._part.steps.append
        for end_tags, name in zip(closed, names, strict=True):
            depth = move(end_tags, name)
            row += 1
            rows[depth + 1] = row
            add(row - rows[depth] if depth else 0)
        self._row = row

    def _check_distance(self, begin: int, start: int) -> None:
        """Wrappers end between these places."""
        check_distance(self._last_end, start)
        self._last_end = begin
