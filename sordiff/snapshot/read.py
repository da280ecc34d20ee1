"""A snapshot read and judged whole in one pass: every unit, or every reason to refuse.

The bytes stream through the SHA-256, the size limit and the parser together, so that what is
identified, what is judged and what is read are the same bytes. Units are handed out only when the
last byte has been judged: half a snapshot looks like a mass closing.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from lxml import etree
from msgspec import Struct

from sordiff.errors import Problem, SnapshotRefused
from sordiff.findings import Finding
from sordiff.list_shape import ListShape
from sordiff.model import Classification, Header, SorId, Unit
from sordiff.snapshot.fast.all_records import read_whole
from sordiff.snapshot.fast.changed_subtrees import Touched, read_touched
from sordiff.snapshot.fast.root_frame import Frame, read_frame
from sordiff.snapshot.format.data_types import read_lists
from sordiff.snapshot.format.field_mapping import UNMAPPED, FieldMapping
from sordiff.snapshot.format.field_places import Place
from sordiff.snapshot.format.prolog import read_prolog
from sordiff.snapshot.format.text import NotSorError
from sordiff.snapshot.plain.tree_reader import TreeReader
from sordiff.snapshot.source.files import (
    ADVICE,
    SIZE_LIMIT,
    ByteStream,
    open_snapshot,
    read_data_types,
    refusal,
    sayable,
)
from sordiff.snapshot.source.mapped_file import Mapped, mapped_snapshot, unchanged
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import SubtreeChanges, SubtreeIndex

# Of what the parser says, which may quote the file.
_LONGEST_SAID: Final = 200
# So many bytes without the end of a unit are not a register; it bounds what hostile files can
# make the parser keep. A genuine unit has two to ten kilobytes.
_LONGEST_WITHOUT_UNIT: Final = 1024**2


Progress = Callable[[str, int], None]


class Snapshot(Struct, frozen=True, kw_only=True):
    """A snapshot that was judged whole and is good.

    `lists` are the classifications delivered with it; `warnings` what the user must hear of;
    `data_types_sha256` is None where none came. Where only the touched subtrees were read,
    `touched` holds what they have and `units` is empty. `index` is what the next night needs to do
    so; None where the plain road read the file. `lines`, where each unit stands in the file,
    `findings`, and `noted`, the places of elements that say something, are known to the plain road
    alone.
    """

    file: str
    header: Header
    units: dict[SorId, Unit]
    lists: dict[str, Classification]
    warnings: tuple[str, ...]
    data_types_sha256: str | None
    touched: Touched | None = None
    index: SubtreeChanges | None = None
    lines: dict[SorId, int] = {}
    findings: tuple[Finding, ...] = ()
    noted: frozenset[Place] = frozenset()

    @property
    def count(self) -> int:
        """How many units it has."""
        return len(self.units) if self.touched is None else self.touched.count


class JudgedStream:
    """A stream that hashes and counts what passes, and stops what can't be a register."""

    def __init__(self, stream: ByteStream, name: str) -> None:
        """Read the prolog, judge it, and keep it to be given out first."""
        self._stream = stream
        self._name = name
        self._head = read_prolog(stream, name)
        self._hash = hashlib.sha256()
        self.size = 0
        self.lines = 0
        self.ended = False
        self.unit_ended_at = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes; a refusal where there are too many, or too many without a unit."""
        if self._head:
            chunk, self._head = self._head[:size], self._head[size:]
        else:
            chunk = self._stream.read(size)
        self.ended = not chunk
        self.lines += chunk.count(b"\n")
        self._hash.update(chunk)
        self.size += len(chunk)
        if self.size > SIZE_LIMIT:
            raise refusal(self._name, "too_large", "it unpacks to more than 2 GiB")
        if self.size - self.unit_ended_at > _LONGEST_WITHOUT_UNIT:
            message = "more than 1 MiB without a unit: this is not the SOR register"
            raise refusal(self._name, "not_sor", message)
        return chunk

    def drain(self) -> None:
        """Read what the parser left, so that the hash is of the whole content."""
        while self.read(65_536):
            self.unit_ended_at = self.size

    @property
    def sha256(self) -> str:
        """The digest of all that was read."""
        return self._hash.hexdigest()


class Reading(Struct, frozen=True, kw_only=True):
    """How a snapshot is to be read.

    `data_types`: a SorDataTypes.xml beside it; `shapes`: how its lists are named; `mapping`:
    further names of elements; `progress`, if given, hears the file's name and the bytes read so
    far; `plain`: read everything, in one pass; `noting`: note where it says something (plain road).
    """

    data_types: Path | None = None
    shapes: dict[str, ListShape] = {}
    mapping: FieldMapping = UNMAPPED
    progress: Progress | None = None
    plain: bool = False
    noting: bool = False


def read_snapshot(
    path: Path, how: Reading | None = None, index: SubtreeIndex | None = None
) -> Snapshot:
    """Read a snapshot, or raise SnapshotRefused with all problems found.

    With the index of the last accepted snapshot, only the touched subtrees are read.
    """
    how = how or Reading()
    if not how.plain:
        with mapped_snapshot(path) as mapped:
            if mapped is not None:
                with suppress(UnsureError):
                    return _read_mapped(mapped, how, index)
    return _read_plainly(path, how)


def _read_mapped(mapped: Mapped, how: Reading, index: SubtreeIndex | None) -> Snapshot:
    """By the fast road; UnsureError where it can't be sure of the file."""
    touched = whole = None
    mapped.begin_hashing()
    with unchanged(mapped):
        frame = read_frame(mapped.content, mapped.name, how.mapping)
        if index is not None and index.root == frame.reading:
            touched = read_touched(mapped.content, frame, index)
        else:
            whole = read_whole(mapped.content, frame, _told(how, mapped.name))
        header = header_of(frame, mapped)
    changes = touched.index if touched else None
    if whole is not None:
        changes = SubtreeChanges(root=frame.reading, gone=(), come=tuple(whole.subtrees), anew=True)
    return completed(
        mapped.name,
        header,
        mapped.data_types,
        how,
        units=whole.units if whole else {},
        touched=touched,
        index=changes,
    )


def header_of(frame: Frame, mapped: Mapped) -> Header:
    """What a mapped snapshot says of itself."""
    return frame.header.header(sha256=mapped.sha256, size=len(mapped.content))


def _read_plainly(path: Path, how: Reading) -> Snapshot:
    with open_snapshot(path) as streams:
        stream = JudgedStream(streams.xml, streams.name)
        tree, problems = _parse(stream, streams.name, how, _told(how, path.name))
        if not problems:
            stream.drain()
        types = streams.data_types
    if problems:
        ordered = sorted(problems, key=lambda problem: problem.line or 0)
        raise SnapshotRefused(streams.name, tuple(ordered), advice=ADVICE)
    return completed(
        streams.name,
        tree.header(sha256=stream.sha256, size=stream.size),
        types,
        how,
        units=tree.units,
        lines=tree.lines,
        findings=tuple(tree.judge.findings),
        noted=frozenset(tree.judge.noted or ()),
    )


def _told(how: Reading, name: str) -> Callable[[int], None] | None:
    return None if how.progress is None else partial(how.progress, Path(name).name)


def completed(
    name: str, header: Header, types: bytes | None, how: Reading, **contents: Any
) -> Snapshot:
    """Add the classifications to what was read of the tree."""
    if how.data_types is not None:
        types = read_data_types(how.data_types)
    delivered = read_lists(
        types,
        sayable(how.data_types) if how.data_types else name,
        how.shapes,
        demanded=how.data_types is not None,
    )
    contents["findings"] = (*contents.get("findings", ()), *delivered.findings)
    return Snapshot(
        file=name,
        header=header,
        lists=delivered.lists,
        warnings=delivered.warnings,
        data_types_sha256=None if types is None else hashlib.sha256(types).hexdigest(),
        **contents,
    )


def _parse(
    stream: JudgedStream, name: str, how: Reading, progress: Any
) -> tuple[TreeReader, list[Problem]]:
    events = etree.iterparse(
        stream,
        events=("start", "end"),
        tag=TreeReader.TAGS,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    tree = TreeReader(name, how.mapping, set() if how.noting else None)
    try:
        for event, element in events:
            if event == "start":
                tree.start(element)
            else:
                tree.end(element)
                stream.unit_ended_at = stream.size
                if progress is not None:
                    progress(stream.size)
        tree.finish(events.root)
    except NotSorError as error:
        tree.judge.problems.append(
            Problem(code="not_sor", message=error.message, file=name, line=error.line)
        )
    except etree.XMLSyntaxError as error:
        tree.judge.problems.append(_syntax_problem(error, name, stream))
    return tree, tree.judge.problems


def _syntax_problem(error: etree.XMLSyntaxError, name: str, stream: JudgedStream) -> Problem:
    said = (error.msg or "not XML").split(", line ")[0][:_LONGEST_SAID]
    line = error.lineno or None
    if stream.size == 0:
        return Problem(code="empty", message="the file is empty", file=name, line=None)
    # A fault in the last line, found only when no more bytes came.
    if stream.ended and (line or 0) >= stream.lines and not said.startswith("Start tag expected"):
        message = f"the file is cut off: {said}"
        return Problem(code="cut_off", message=message, file=name, line=line)
    if "encoding" in said:
        message = f"bytes that are not the declared encoding: {said}"
        return Problem(code="encoding", message=message, file=name, line=line)
    if "Excessive depth" in said:
        message = "elements nested more than 256 deep: this is not the SOR register"
        return Problem(code="not_sor", message=message, file=name, line=line)
    return Problem(code="not_well_formed", message=f"not well-formed: {said}", file=name, line=line)
