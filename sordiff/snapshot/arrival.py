"""Whether a fetched file is a snapshot, and whole: judged by its content, before it is read.

It is unpacked to its last byte, and its root must be closed. What is in it is not judged here.
"""

import re
from pathlib import Path
from typing import Final

from sordiff.arrival import Arrival
from sordiff.errors import SnapshotRefused
from sordiff.snapshot.source.files import open_snapshot
from sordiff.snapshot.source.peeked_stream import PeekedStream
from sordiff.snapshot.source.streams import ByteStream

_CHUNK: Final = 1024**2
_TAIL: Final = 4096
_ROOT: Final = re.compile(rb"<(?:[\w.-]+:)?SorTree[\s>/]")
_CLOSED: Final = re.compile(rb"</(?:[\w.-]+:)?SorTree\s*>(?:\s|<!--.*?-->|<\?.*?\?>)*\Z", re.DOTALL)
_PAGE: Final = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_TITLE: Final = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_LONGEST_TITLE: Final = 80
# What may heal by waiting: the file is cut off. All else that is refused stays what it is.
_CUT_OFF: Final = "archive.damaged"


def judge_arrival(path: Path) -> Arrival:
    """Judge a file that has come: a snapshot, an unfinished one, or something else."""
    try:
        with open_snapshot(path) as streams:
            return _judge_content(PeekedStream(streams.content))
    except SnapshotRefused as refusal:
        problem = refusal.problems[0]
        is_cut = problem.code == _CUT_OFF
        return Arrival(kind="unfinished" if is_cut else "foreign", reason=problem.message)


def _judge_content(stream: PeekedStream) -> Arrival:
    head = _narrow(stream.head)
    if not head.strip():
        return Arrival(kind="unfinished", reason="it is empty")
    if _PAGE.search(head[:1024]):
        return Arrival(kind="foreign", reason=_describe_page(stream.head))
    if not _ROOT.search(head):
        return Arrival(kind="foreign", reason="a file without a SorTree at its beginning")
    if not _CLOSED.search(_narrow(_read_tail(stream))):
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


def _describe_page(head: bytes) -> str:
    title = _TITLE.search(head)
    if title is None:
        return "an HTML page"
    words = " ".join(title[1].decode("utf-8", "replace").split())[:_LONGEST_TITLE]
    return f'an HTML page with the title "{words}"'
