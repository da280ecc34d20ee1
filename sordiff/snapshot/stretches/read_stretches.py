"""Read a snapshot in one pass: ordinary owners by their bytes, and all else by the parser.

What is refused, and what needs the parser from the first byte, raises UnsureError; so whoever reads
such a file element by element says what is wrong, where, and in which words.
"""

from collections.abc import Callable
from typing import Final

from sordiff.collection import pause_collection
from sordiff.errors import SordiffError
from sordiff.model import SorId, Unit
from sordiff.snapshot.format.limits import MAX_UNITS
from sordiff.snapshot.format.text import NotSorError
from sordiff.snapshot.plain.blocks import MAX_UNKNOWN_TEXT
from sordiff.snapshot.plain.checked_stream import CheckedStream
from sordiff.snapshot.snapshot import ReadOptions, SnapshotContent
from sordiff.snapshot.source.peeked_stream import PeekedStream
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.stretches.owner_finder import OwnerFinder
from sordiff.snapshot.stretches.owner_stretches import OwnerStretches
from sordiff.snapshot.stretches.tree_rest import TreeRest

_MAX_HEAD: Final = 65_536


def read_xml_stretches(
    stream: PeekedStream, name: str, options: ReadOptions, progress: Callable[[int], None] | None
) -> SnapshotContent:
    """Read Sor.xml; UnsureError if it must be read element by element."""
    if options.note_places:
        raise UnsureError("the places of elements are asked for")
    try:
        with pause_collection():
            return _read_all(stream, name, options, progress)
    except (SordiffError, NotSorError) as error:
        raise UnsureError(str(error)) from error


def _read_all(
    stream: PeekedStream, name: str, options: ReadOptions, progress: Callable[[int], None] | None
) -> SnapshotContent:
    checked = CheckedStream(stream, name, in_large_pieces=True)
    stretches = OwnerStretches(checked)
    rest = TreeRest(name, options.mapping)
    head = stretches.read_head(_MAX_HEAD)
    finder = OwnerFinder(rest.read_head(head), options)
    units: dict[SorId, Unit] = {}
    count, offset, line = 0, len(head), head.count(b"\n") + 1
    with finder.read_ahead(stream.file):
        for content, start, end in stretches.cut():
            owner = finder.find(content, start, end, offset=offset, line=line)
            lines = content.count(b"\n", start, end)
            offset, line = offset + end - start, line + lines
            if owner is None:
                rest.read_stretch(content, start, end)
            else:
                rest.leave_out(lines)
                units.update((unit.sor_id, unit) for unit in owner.units)
                count += len(owner.units)
            if count > MAX_UNITS:
                raise UnsureError("too many units")
            if progress is not None:
                progress(checked.size)
        rest.finish(stretches.rest, count)
    tree = rest.tree
    units.update(tree.units)
    if tree.context.problems or len(units) != count + len(tree.units):
        raise UnsureError("something to refuse")
    unknown_size = finder.unknown_size + tree.context.unknown_size
    if len(units) > MAX_UNITS or unknown_size > MAX_UNKNOWN_TEXT:
        raise UnsureError("too much")
    header = tree.build_header(sha256=checked.sha256, size=checked.size)
    if "text()" in header.other:  # its length counts with the white space between all owners
        raise UnsureError("text beside the owners")
    finder.finish()
    return SnapshotContent(
        header=header,
        units=units,
        lines={} if finder.lines is None else finder.lines | tree.lines,
        findings=tuple(tree.context.findings),
    )
