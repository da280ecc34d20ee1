"""The fast road: all records of a mapped file, or only those of its touched subtrees."""

from collections.abc import Callable

from sordiff.collection import pause_collection
from sordiff.model import Header
from sordiff.row_index import KnownRows
from sordiff.snapshot.fast.changed_subtrees import read_touched_units
from sordiff.snapshot.fast.root_frame import RootFrame, read_root_frame
from sordiff.snapshot.snapshot import ReadOptions, SnapshotContent
from sordiff.snapshot.source.mapped_file import MappedFile, require_unchanged
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import SubtreeChanges, SubtreeIndex


def read_mapped_xml(
    mapped: MappedFile,
    index: SubtreeIndex | KnownRows | None,
    options: ReadOptions,
    progress: Callable[[int], None] | None,
) -> SnapshotContent:
    """Read Sor.xml; UnsureError if the plain road must read it.

    An index that was made under another root start tag, or by another mapping of fields, or of the
    rows of a table, is of no use: then all records are read. Records of another file, the `known`
    of the options, are of use to the plain road alone.
    """
    if options.known is not None:
        raise UnsureError("another file is known")
    mapped.start_hashing()
    with require_unchanged(mapped), pause_collection():
        frame = read_root_frame(mapped.content, mapped.name, options.mapping)
        known = None if isinstance(index, KnownRows) else index
        if known is not None and known.root == frame.reading_key:
            touched = read_touched_units(mapped.content, frame, known)
            header = build_header(frame, mapped)
            return SnapshotContent(header=header, touched=touched, index=touched.index)
        from sordiff.snapshot.fast.all_records import read_all_records  # a night does without

        found = read_all_records(mapped.content, frame, progress)
        changes = SubtreeChanges(
            root=frame.reading_key,
            removed_rows=(),
            added=tuple(found.subtrees),
            replaces_all=True,
            sizes=found.sizes,
        )
        header = build_header(frame, mapped)
        units = found.units if options.units_in_file else found.units.read_all()
        return SnapshotContent(header=header, units=units, index=changes)


def build_header(frame: RootFrame, mapped: MappedFile) -> Header:
    """The header of a mapped snapshot; waits for its SHA-256."""
    return frame.header_reader.build_header(sha256=mapped.sha256, size=len(mapped.content))
