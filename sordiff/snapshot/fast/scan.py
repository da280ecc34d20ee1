"""Every record of a file judged by a look, on two cores where the file is worth it.

The stretches are independent but for the owner that is open between them; where a stretch begins
with the end of its owner, the second half can therefore be judged by itself, by a child process.
"""

import codecs
import os
import re
from collections.abc import Callable
from typing import Final

import msgspec
from msgspec import Struct
from xxhash import xxh3_128_digest

from sordiff.model import Kind, SorId
from sordiff.snapshot.fast.all_records import begin_record, finish
from sordiff.snapshot.fast.record_pattern import Recogniser
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.record_summary import Glance
from sordiff.snapshot.fast.root_frame import Frame
from sordiff.snapshot.fast.split_records import (
    INSTITUTION_END,
    Bytes,
    Cut,
    closing,
    demand_end,
    piece,
    subtrees,
)
from sordiff.snapshot.fast.worker_process import PassOn, in_a_child
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import LETTERS, Nesting, begins_below

# Below this a second process is not worth its start.
_WORTH_A_CHILD: Final = 16 * 1024**2
_OWNER_ENDS: Final = re.compile(rb"[ \t\r\n]*</InstitutionOwnerEntity>")
_CHUNK: Final = 64 * 1024  # larger ones leave the allocator with tens of megabytes
_ANY_OWNER: Final = SorId("?")
# So many units a child holds before it passes them on: what two processes hold counts twice.
_AT_A_TIME: Final = 4_000


class Place(Struct, frozen=True, gc=False, array_like=True):
    """Where a unit stands: its record in the file, its kind, the unit above it."""

    glance: Glance
    start: int
    end: int
    kind: Kind
    above: SorId | None


class Stretch(Struct, frozen=True, gc=False, array_like=True):
    """A subtree of the file with its digest, its units, and the owners before and after it."""

    start: int
    end: int
    last: bool
    digest: bytes
    units: list[SorId]
    below: SorId | None
    leaves: SorId | None


class Judgement(Struct, array_like=True):
    """The units of a part of the file, and its stretches."""

    places: list[Place]
    stretches: list[Stretch]


_DECODER: Final = msgspec.msgpack.Decoder(Judgement)


def judge_file(content: Bytes, frame: Frame) -> Judgement:
    """Judge all records; UnsureError where the plain road must read the file."""
    middle = _middle(content, frame.begin)
    if middle is None:
        return _judge(content, frame, frame.begin, len(content))

    def second_half(pass_on: PassOn) -> None:
        def take(found: Judgement) -> None:
            pass_on(msgspec.msgpack.encode(found))

        take(_judge(content, frame, middle, len(content), take))

    with in_a_child(second_half) as child:
        found = _judge(content, frame, frame.begin, middle)
        if not child.ended_well():
            raise UnsureError("the second half")
        for part in child.found():
            more = _DECODER.decode(part)
            found.places += more.places
            found.stretches += more.stretches
    return found


def _middle(content: Bytes, begin: int) -> int | None:
    """Where the second half begins: behind the last institution of an owner."""
    if len(content) < _WORTH_A_CHILD or (os.cpu_count() or 1) < 2:  # noqa: PLR2004  # two halves
        return None
    place = (begin + len(content)) // 2
    while (found := content.find(INSTITUTION_END, place)) >= 0:
        place = found + len(INSTITUTION_END)
        if _OWNER_ENDS.match(content, place):
            return place
    return None


def _judge(
    content: Bytes,
    frame: Frame,
    begin: int,
    stop: int,
    passed_on: Callable[[Judgement], None] | None = None,
) -> Judgement:
    """Judge a part; what is found is passed on from time to time where somebody takes it."""
    _demand_utf8(content, begin, stop)
    look = _Look(content, frame)
    found = Judgement([], [])
    nesting = Nesting(None if begin == frame.begin else _ANY_OWNER)
    with memoryview(content) as view:
        for start, end, last in subtrees(content, begin, stop):
            ids: list[SorId] = []
            below, position, ended = None, start, start
            while told := look.at(position, end):
                cut, glance = told
                position = cut.end
                if cut.ended:
                    demand_end(ended, cut.record)
                    ended = cut.start
                if not ids:
                    below = begins_below(nesting, cut.ended)
                begin_record(nesting, cut)
                above = nesting.above
                found.places.append(Place(glance, cut.record, cut.end, cut.kind, above))
                nesting.begin(LETTERS[cut.kind], glance.sor_id)
                ids.append(glance.sor_id)
            demand_end(ended, end)
            finish(nesting, closing(content, position, end, last=last), last=last)
            if ids:
                digest = xxh3_128_digest(view[start:end])
                found.stretches.append(Stretch(start, end, last, digest, ids, below, nesting.owner))
            if passed_on is not None and len(found.places) >= _AT_A_TIME:
                passed_on(found)
                found = Judgement([], [])
    return found


class _Look:
    """Looks at the pieces of a file: most are recognised, of the others the record is read."""

    def __init__(self, content: Bytes, frame: Frame) -> None:
        self._content = content
        self._recognise = Recogniser(content, frame.root_tag, frame.namespaces).recognise
        self._reader = RecordReader(frame)

    def at(self, start: int, end: int) -> tuple[Cut, Glance] | None:
        """The piece that begins here with its glance; None where no record follows."""
        content = self._content
        recognised = self._recognise(content, start, end)
        if recognised is not None:
            return recognised
        cut = piece(content, start, end)
        if cut is None:
            return None
        return cut, self._reader.glance(content[cut.record : cut.end], cut.kind)


def _demand_utf8(content: Bytes, begin: int, stop: int) -> None:
    """What is recognised is not decoded, so that this is seen to for all of it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(begin, stop, _CHUNK):
            decoder.decode(content[start : min(start + _CHUNK, stop)])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise UnsureError("not UTF-8") from error
