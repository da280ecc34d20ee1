"""When a snapshot was made, read from the start of the file alone: its day, and the instant."""

from copy import deepcopy
from pathlib import Path
from typing import Final, TypeAlias

from sordiff.errors import SordiffError
from sordiff.model import Day, Header
from sordiff.snapshot.format.text import NotSorError, parse_instant
from sordiff.snapshot.loaded_lxml import etree
from sordiff.snapshot.plain.checked_stream import CheckedStream
from sordiff.snapshot.plain.stream_reader import read_xml_stream
from sordiff.snapshot.plain.tree_reader import TreeReader
from sordiff.snapshot.snapshot import ReadOptions
from sordiff.snapshot.source.content_kind import TABLES, recognise
from sordiff.snapshot.source.files import open_snapshot
from sordiff.snapshot.source.peeked_stream import PeekedStream

# SnapshotDate and the instant of CreatedAtTime in UTC: snapshots sort by the pair.
Moment: TypeAlias = tuple[Day, str]

_CHUNK: Final = 65_536


def read_moment(path: Path, day: Day | None = None) -> Moment | None:
    """The moment of a snapshot; None if the file can't be read, or does not say it.

    `day`: what was given as the day of a table, which has none of its own.
    """
    try:
        return _read_start(path, day) or _read_all(path)
    except (SordiffError, OSError):
        return None


def _read_start(path: Path, day: Day | None) -> Moment | None:
    """From what stands before the first unit."""
    with open_snapshot(path) as streams:
        stream = PeekedStream(streams.content)
        if recognise(stream.head).kind in TABLES:
            return _find_start_of(day)
        return _find_header(CheckedStream(stream, streams.name), streams.name)


def _find_start_of(day: Day | None) -> Moment | None:
    """The moment of a table: its night begins with the day."""
    found = None if day is None else parse_instant(f"{day}T00:00:00")
    return None if day is None or found is None else (day, found[1])


def _find_header(stream: CheckedStream, name: str) -> Moment | None:
    """The moment if the header stands before the first wrapper of a unit."""
    parser = etree.XMLPullParser(("start",), tag=TreeReader.TAGS, remove_comments=True)
    try:
        while chunk := stream.read(_CHUNK):
            parser.feed(chunk)
            for _, element in parser.read_events():
                root = element.getparent()
                if root is not None:
                    return _read_header(root, element, name)
    except (NotSorError, etree.XMLSyntaxError):
        return None
    return None


def _read_header(root: etree._Element, wrapper: etree._Element, name: str) -> Moment | None:
    """What the root says before this wrapper, which has only begun."""
    bare = etree.Element(root.tag, root.attrib, root.nsmap)
    bare.extend(deepcopy(child) for child in wrapper.itersiblings(preceding=True))
    reader = TreeReader(name)
    reader.read_header(bare)
    if reader.context.problems:
        return None
    return _moment_of(reader.build_header(sha256="", size=0))


def _read_all(path: Path) -> Moment | None:
    """From the whole file, whose header stands behind its units."""
    with open_snapshot(path) as streams:
        stream = PeekedStream(streams.content)
        if recognise(stream.head).kind in TABLES:
            return None
        return _moment_of(read_xml_stream(stream, streams.name, ReadOptions(), None).header)


def _moment_of(header: Header) -> Moment:
    return header.snapshot_date, header.instant
