"""The subtrees of a snapshot and the records in them, found by their tags without parsing.

Why a literal end tag can be trusted: the file is cut at `</HealthInstitutionEntity>`. What lies
between two cuts is known byte for byte from a snapshot that was read, or it is split further. Then
every byte is accounted for: bare tags of wrappers, white space, and records that are each
well-formed. A literal inside a comment, a CDATA section or an attribute leaves something that is
not well-formed, and the file takes the plain road.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from mmap import mmap
from typing import Final

from sordiff.model import Kind
from sordiff.snapshot.format.element_names import RECORD_KINDS
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import KIND_LETTERS

Content = bytes | mmap
INSTITUTION_END: Final = b"</HealthInstitutionEntity>"
FIRST_OWNER: Final = b"<InstitutionOwnerEntity>"
_KINDS: Final = {name.encode(): kind for name, kind in RECORD_KINDS.items()}
RECORD_NAMES: Final = {kind: name for name, kind in RECORD_KINDS.items()}
_ANY_RECORD: Final = b"(?:" + b"|".join(_KINDS) + b")"
_WRAPPER_ENDS: Final = rb"[ \t\r\n]*((?:</" + _ANY_RECORD + rb"Entity>[ \t\r\n]*)*)"
_RECORD_START: Final = re.compile(
    _WRAPPER_ENDS + b"<(" + b"|".join(_KINDS) + rb")Entity>[ \t\r\n]*(?=<\2[ \t\r\n>])"
)
_SUBTREE_END: Final = re.compile(_WRAPPER_ENDS)
_END_TAGS: Final = {name: b"</" + name + b">" for name in _KINDS}
_LETTER_BY_INITIAL: Final = {name[:1]: KIND_LETTERS[kind] for name, kind in _KINDS.items()}
_TREE_END: Final = re.compile(rb"[ \t\r\n]*</SorTree>[ \t\r\n]*")
# The plain road refuses a MiB without the end of a unit. It counts in chunks, with the header.
_MAX_BYTES_WITHOUT_END: Final = 896 * 1024


class RecordSlice:
    """A record and the end tags of wrappers before it, as offsets; used instead of a copy.

    It goes from `start` to `end`; the record itself begins at `record_start`. `closed` has a letter
    for each wrapper that ends in it.
    """

    __slots__ = ("closed", "end", "kind", "record_start", "start")

    def __init__(self, start: int, record_start: int, end: int, closed: str, kind: Kind) -> None:
        """`kind` is the kind of the record's unit."""
        self.start = start
        self.record_start = record_start
        self.end = end
        self.closed = closed
        self.kind = kind


def find_subtrees(
    content: Content, begin: int, stop: int | None = None
) -> Iterator[tuple[int, int, bool]]:
    """Yield start and end of each subtree, and whether it is the last one of the tree.

    A `stop` before the end of the content must lie behind an institution.
    """
    find, length, start = content.find, len(INSTITUTION_END), begin
    stop = len(content) if stop is None else stop
    while (found := find(INSTITUTION_END, start, stop)) >= 0:
        end = found + length
        yield start, end, False
        start = end
    if stop == len(content):
        yield start, stop, True


def split_subtree(
    content: Content, start: int, end: int, *, last: bool
) -> tuple[list[RecordSlice], str]:
    """The records of a subtree, and the letters of the wrappers that end behind the last one."""
    found: list[RecordSlice] = []
    last_end = start
    while record := find_record(content, start, end):
        found.append(record)
        start = record.end
        if record.closed:
            check_distance(last_end, record.record_start)
            last_end = record.start
    check_distance(last_end, end)
    return found, read_closing_tags(content, start, end, last=last)


def check_distance(last_end: int, offset: int) -> None:
    """Raise UnsureError if the last end of a unit lies too far back."""
    if offset - last_end > _MAX_BYTES_WITHOUT_END:
        raise UnsureError("too much without the end of a unit")


def find_record(content: Content, start: int, end: int) -> RecordSlice | None:
    """The record from this offset, with the end tags before it; None if no record follows."""
    opened = _RECORD_START.match(content, start, end)
    if opened is None:
        return None
    name = opened[2]
    tag = _END_TAGS[name]
    record_end = content.find(tag, opened.end(), end)
    if record_end < 0:
        raise UnsureError("a record without its end")
    record_end += len(tag)
    check_distance(start, record_end)
    closed = wrapper_letters(opened[1]) if opened[1] else ""
    return RecordSlice(start, opened.end(), record_end, closed, _KINDS[name])


def read_closing_tags(content: Content, start: int, end: int, *, last: bool) -> str:
    """The letters of the wrappers that end behind the last record; nothing else may stand there."""
    found = _SUBTREE_END.match(content, start, end)
    rest = found.end() if found else start
    if last:
        ending = _TREE_END.match(content, rest, end)
        rest = ending.end() if ending else rest - 1
    if rest != end or found is None:
        raise UnsureError("something beside the records")
    return wrapper_letters(found[1])


@lru_cache(maxsize=4_096)
def wrapper_letters(tags: bytes) -> str:
    """The letters of the wrappers that these end tags close: I, S and O."""
    return "".join(_LETTER_BY_INITIAL[tag[:1]] for tag in tags.split(b"</")[1:])
