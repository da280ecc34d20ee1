"""Whether a fetched file is a snapshot, and whole: judged by its content, before it is read.

It is unpacked to its last byte, and a root element must be closed. What is in it is not judged
here.
"""

import re
from pathlib import Path
from typing import Final

from sordiff.arrival import Arrival
from sordiff.errors import SnapshotRefused, SordiffError
from sordiff.snapshot.source.content_kind import REGISTERS, TABLES, ContentKind, recognise
from sordiff.snapshot.source.files import open_snapshot
from sordiff.snapshot.source.peeked_stream import PeekedStream
from sordiff.snapshot.source.streams import ByteStream

_CHUNK: Final = 1024**2
_TAIL: Final = 4096
_CLOSED: Final = re.compile(rb"</(?:[\w.-]+:)?SorTree\s*>(?:\s|<!--.*?-->|<\?.*?\?>)*\Z", re.DOTALL)
# What may heal by waiting: the file is cut off. All else that is refused stays what it is.
_CUT_OFF: Final = "archive.damaged"
# A beginning of any file may be this.
_BEGINNINGS: Final = frozenset({ContentKind.EMPTY, ContentKind.UNTOLD_XML})


def judge_arrival(path: Path) -> Arrival:
    """Judge a file that has come: a snapshot, an unfinished one, or something else."""
    try:
        with open_snapshot(path) as streams:
            return _judge_content(PeekedStream(streams.content))
    except SnapshotRefused as refusal:
        problem = refusal.problems[0]
        is_cut = problem.code == _CUT_OFF
        return Arrival(kind="unfinished" if is_cut else "foreign", reason=problem.message)


def holds_table(path: Path) -> bool:
    """Whether a file holds a table, which has no date of its own; False where it can't be read."""
    try:
        with open_snapshot(path) as streams:
            return recognise(PeekedStream(streams.content).head).kind in TABLES
    except SordiffError:
        return False


def _judge_content(stream: PeekedStream) -> Arrival:
    content = recognise(stream.head)
    if content.kind in _BEGINNINGS:
        return Arrival(kind="unfinished", reason=f"it is {content}")
    if content.kind not in REGISTERS:
        return Arrival(kind="foreign", reason=str(content))
    tail = _read_tail(stream)
    if content.kind is ContentKind.SOR_XML and not _CLOSED.search(_narrow(tail)):
        return Arrival(kind="unfinished", reason="its end is missing")
    return Arrival(kind="snapshot")


def _read_tail(stream: ByteStream) -> bytes:
    """Read to the end, which also proves that it can be unpacked; give the last bytes."""
    tail = b""
    while chunk := stream.read(_CHUNK):
        tail = (tail + chunk)[-_TAIL:]
    return tail


def _narrow(text: bytes) -> bytes:
    """The letters of tags as single bytes, in UTF-16 and UTF-32 too."""
    return text.replace(b"\0", b"")
