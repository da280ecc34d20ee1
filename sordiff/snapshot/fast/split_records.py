"""Where the subtrees of a snapshot begin and end, and the records in them, without parsing.

Why a literal end tag can be trusted: a stretch is cut at `</HealthInstitutionEntity>`, and is then
either known byte for byte, from a snapshot in which it was read, or taken to pieces of which every
byte is accounted for: bare tags of wrappers, white space, and records that are each well-formed
by themselves. A literal inside a comment, a CDATA section or an attribute leaves pieces that are
not, and the file then takes the plain road.
"""

import re
from collections.abc import Iterator
from mmap import mmap
from typing import Final

from sordiff.model import Kind
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import KIND_LETTERS

Content = bytes | mmap
INSTITUTION_END: Final = b"</HealthInstitutionEntity>"
FIRST_OWNER: Final = b"<InstitutionOwnerEntity>"
_KINDS: Final = {
    b"InstitutionOwner": Kind.OWNER,
    b"HealthInstitution": Kind.INSTITUTION,
    b"OrganizationalUnit": Kind.ORGANIZATIONAL_UNIT,
}
RECORD_NAMES: Final = {kind: name.decode() for name, kind in _KINDS.items()}
_ANY_RECORD: Final = b"(?:" + b"|".join(_KINDS) + b")"
_WRAPPER_ENDS: Final = rb"[ \t\r\n]*((?:</" + _ANY_RECORD + rb"Entity>[ \t\r\n]*)*)"
_RECORD_START: Final = re.compile(
    _WRAPPER_ENDS + b"<(" + b"|".join(_KINDS) + rb")Entity>[ \t\r\n]*(?=<\2[ \t\r\n>])"
)
_SUBTREE_END: Final = re.compile(_WRAPPER_ENDS)
_END_TAGS: Final = {name: b"</" + name + b">" for name in _KINDS}
_INITIALS: Final = {name[:1]: KIND_LETTERS[kind] for name, kind in _KINDS.items()}
_TREE_END: Final = re.compile(rb"[ \t\r\n]*</SorTree>[ \t\r\n]*")
# The plain road refuses a MiB in which no unit ends. It counts in chunks, and the header as well.
_MAX_BYTES_WITHOUT_END: Final = 896 * 1024


class RecordSlice:
    """One piece of the file: from `start` to `end`, the record from `record` to `end`."""

    __slots__ = ("closed", "end", "kind", "record_start", "start")

    def __init__(self, start: int, record_start: int, end: int, closed: str, kind: Kind) -> None:
        """The offsets, the letters of the wrappers that end in it, and the kind of its unit."""
        self.start = start
        self.record_start = record_start
        self.end = end
        self.closed = closed
        self.kind = kind


def find_subtrees(
    content: Content, begin: int, stop: int | None = None
) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each subtree from one offset to another, and whether it is the tree's last.

    Where they stop before the end of the content, they do so behind an institution.
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
    """The pieces of a subtree, and the letters of the wrappers that end behind the last record."""
    found: list[RecordSlice] = []
    ended = start
    while cut := find_record(content, start, end):
        found.append(cut)
        start = cut.end
        if cut.closed:
            check_distance(ended, cut.record_start)
            ended = cut.start
    check_distance(ended, end)
    return found, read_closing_tags(content, start, end, last=last)


def check_distance(ended: int, place: int) -> None:
    """Demand that from the last end of a unit to the next it is not far."""
    if place - ended > _MAX_BYTES_WITHOUT_END:
        raise UnsureError("too much without the end of a unit")


def find_record(content: Content, start: int, end: int) -> RecordSlice | None:
    """The piece that begins here; None where no record follows."""
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
    ended = wrapper_letters(opened[1]) if opened[1] else ""
    return RecordSlice(start, opened.end(), record_end, ended, _KINDS[name])


def read_closing_tags(content: Content, start: int, end: int, *, last: bool) -> str:
    """The letters of the wrappers that end behind the last record, with which all must be told."""
    found = _SUBTREE_END.match(content, start, end)
    rest = found.end() if found else start
    if last:
        ending = _TREE_END.match(content, rest, end)
        rest = ending.end() if ending else rest - 1
    if rest != end or found is None:
        raise UnsureError("something beside the records")
    return wrapper_letters(found[1])


def wrapper_letters(tags: bytes) -> str:
    """The letters of wrappers by their end tags."""
    return "".join(_INITIALS[tag[:1]] for tag in tags.split(b"</")[1:])
