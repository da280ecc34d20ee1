"""Read a snapshot: open it, recognise the kind of file, choose the reader, add the code lists.

A snapshot is checked to its last byte before any unit is returned: half a snapshot would look like
a mass closing.
"""

import hashlib
import io
from contextlib import suppress
from pathlib import Path

from msgspec import Struct, structs

from sordiff.row_index import KnownRows
from sordiff.snapshot.classifications.delivered import DeliveredClassifications
from sordiff.snapshot.readers import choose_reader
from sordiff.snapshot.snapshot import ReadOptions, Snapshot, SnapshotContent, bind_progress
from sordiff.snapshot.source.archive_content import ListFile
from sordiff.snapshot.source.beside import BesideEntry, HeldEntry
from sordiff.snapshot.source.files import SnapshotStreams, read_data_types
from sordiff.snapshot.source.mapped_file import MappedFile, map_snapshot
from sordiff.snapshot.source.refusals import build_refusal
from sordiff.snapshot.source.streams import HEAD_LENGTH, HeldContent
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import SubtreeIndex


class HeldBytes(Struct, frozen=True, kw_only=True):
    """A snapshot whose unpacked bytes are in memory, with their SHA-256.

    `name`: the path for messages. `demanded`: the lists came beside the snapshot, not with it.
    `beside`: the tables of the same archive.
    """

    name: str
    content: HeldContent
    sha256: str
    lists: tuple[ListFile, ...]
    demanded: bool
    beside: tuple[HeldEntry, ...] = ()


def read_snapshot(
    path: Path, options: ReadOptions | None = None, index: SubtreeIndex | KnownRows | None = None
) -> Snapshot:
    """Read a snapshot, or raise SnapshotRefused with all problems found.

    With the index of the last accepted snapshot, only the touched subtrees are read.
    """
    options = options or ReadOptions()
    if not options.plain:
        with map_snapshot(path) as mapped:
            if mapped is not None:
                with suppress(UnsureError):
                    return _read_mapped(mapped, options, index)
    from sordiff.snapshot.read_streamed import read_streamed  # the fast road does without

    streams, content = read_streamed(path, options)
    return build_snapshot(streams.name, content, streams.lists, options)


def read_held(
    held: HeldBytes,
    options: ReadOptions | None = None,
    index: SubtreeIndex | KnownRows | None = None,
) -> Snapshot:
    """Read a snapshot as `read_snapshot` does, from bytes in memory."""
    options = options or ReadOptions()
    streams = SnapshotStreams(
        name=held.name, content=io.BytesIO(), lists=held.lists, beside=held.beside
    )
    if not options.plain:
        with suppress(UnsureError):
            mapped = MappedFile(streams, None, held.content, held.sha256)
            content = _read_content(mapped, options, index)
            return _add_held_lists(held, content, options)
    from sordiff.snapshot.read_streamed import read_streamed_bytes  # the fast road does without

    content = read_streamed_bytes(streams, held.content, options)
    return _add_held_lists(held, content, options)


def _add_held_lists(held: HeldBytes, content: SnapshotContent, options: ReadOptions) -> Snapshot:
    lists = held.lists if held.demanded else held.lists + content.list_files
    return _add_lists(held.name, content, lists, options, demanded=held.demanded)


def _read_mapped(
    mapped: MappedFile, options: ReadOptions, index: SubtreeIndex | KnownRows | None
) -> Snapshot:
    content = _read_content(mapped, options, index)
    return build_snapshot(mapped.name, content, mapped.lists, options)


def _read_content(
    mapped: MappedFile, options: ReadOptions, index: SubtreeIndex | KnownRows | None
) -> SnapshotContent:
    """Read by the fast road; UnsureError if it can't be sure of the file."""
    reader = choose_reader(mapped.content[:HEAD_LENGTH])
    if reader.read_mapped is None:
        raise UnsureError("no fast road for this kind of file")
    return reader.read_mapped(mapped, index, options, bind_progress(options, mapped.name))


def _demand_date(name: str, content: SnapshotContent, options: ReadOptions) -> None:
    """Refuse a file that says itself of which day it is, and of another than was given."""
    own, given = content.header.snapshot_date, options.snapshot_date
    if given is not None and own != given:
        message = f"it is of {own}, and was given for {given}"
        advice = "Leave the day out, for the file has its own; nothing was changed."
        raise build_refusal(name, "snapshot_date.other", message, advice=advice)


def build_snapshot(
    name: str, content: SnapshotContent, lists: tuple[ListFile, ...], options: ReadOptions
) -> Snapshot:
    """Add the classifications to what a reader returned.

    `lists`: the files of lists in the archive; one that is given by `options` stands for them all.
    """
    given = options.data_types
    lists += content.list_files
    if given is not None:
        lists = (read_data_types(given),)
    return _add_lists(name, content, lists, options, demanded=given is not None)


def _add_lists(
    name: str,
    content: SnapshotContent,
    lists: tuple[ListFile, ...],
    options: ReadOptions,
    *,
    demanded: bool,
) -> Snapshot:
    day = content.header.snapshot_date
    delivered = DeliveredClassifications()
    if lists:
        from sordiff.snapshot.classifications.read_classifications import read_classifications

        delivered = read_classifications(lists, name, options.layout, day, demanded=demanded)
    _demand_date(name, content, options)
    return join_lists(name, content, delivered, digest_lists(lists))


def join_lists(
    name: str, content: SnapshotContent, delivered: DeliveredClassifications, sha256: str | None
) -> Snapshot:
    """What a reader returned, with the classifications that were read beside it."""
    served = {listed.serves for listed in delivered.lists.values()}
    fields = structs.asdict(content)
    del fields["list_files"]
    fields["warnings"] = (*content.warnings, *delivered.warnings)
    fields["findings"] = (*content.findings, *delivered.findings)
    # A list of its own has every code, and not only those in use.
    lifted = {name: listed for name, listed in content.lists.items() if listed.serves not in served}
    fields["lists"] = {**lifted, **delivered.lists}
    return Snapshot(file=name, data_types_sha256=sha256, **fields)


def digest_beside(beside: tuple[BesideEntry, ...]) -> str | None:
    """The digest of the tables of an archive that say something of its units."""
    if not beside:
        return None
    from sordiff.snapshot.tables.side_tables import SideTables  # XML alone does without

    return SideTables(beside, {}).digest


def digest_lists(lists: tuple[ListFile, ...], beside: tuple[BesideEntry, ...] = ()) -> str | None:
    """The SHA-256 of the file of lists; of several, that of their digests.

    `beside`: the tables of the same archive, some of which are lists.
    """
    if beside:
        from sordiff.snapshot.tables.side_tables import SideTables  # XML alone does without

        lists += SideTables(beside, {}).lists
    digests = [hashlib.sha256(file.content).hexdigest() for file in lists]
    if len(digests) < 2:  # noqa: PLR2004  # one file has its own
        return digests[0] if digests else None
    return hashlib.sha256("".join(digests).encode()).hexdigest()
