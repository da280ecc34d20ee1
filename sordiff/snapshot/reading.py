"""A snapshot read and judged whole in one pass: every unit, or every reason to refuse.

The bytes stream through the SHA-256, the size limit and the parser together, so that what is
identified, what is judged and what is read are the same bytes. Units are handed out only when the
last byte has been judged: half a snapshot looks like a mass closing.
"""

import hashlib
from pathlib import Path
from typing import Any, Final

from lxml import etree
from msgspec import Struct

from sordiff.errors import Problem, SnapshotRefused
from sordiff.findings import Finding
from sordiff.list_shape import ListShape
from sordiff.model import Classification, Header, SorId, Unit
from sordiff.snapshot.data_types import read_lists
from sordiff.snapshot.files import (
    ADVICE,
    SIZE_LIMIT,
    ByteStream,
    open_snapshot,
    read_data_types,
    refusal,
    sayable,
)
from sordiff.snapshot.prolog import read_prolog
from sordiff.snapshot.text import NotSorError
from sordiff.snapshot.tree import TreeReader

# Of what the parser says, which may quote the file.
_LONGEST_SAID: Final = 200
# So many bytes without the end of a unit are not a register; it bounds what hostile files can
# make the parser keep. A genuine unit has two to ten kilobytes.
_LONGEST_WITHOUT_UNIT: Final = 1024**2


class Snapshot(Struct, frozen=True, kw_only=True):
    """A snapshot that was judged whole and is good.

    `lists` are the classifications delivered with it; `lines` where each unit stands in the file;
    `warnings` what the user must hear of; `data_types_sha256` is None where none came.
    """

    file: str
    header: Header
    units: dict[SorId, Unit]
    lists: dict[str, Classification]
    lines: dict[SorId, int]
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...]
    data_types_sha256: str | None


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


def read_snapshot(
    path: Path,
    *,
    data_types: Path | None = None,
    shapes: dict[str, ListShape] | None = None,
    progress: Any = None,
) -> Snapshot:
    """Read a snapshot, or raise SnapshotRefused with all problems found.

    `progress`, if given, is called with the number of bytes read so far.
    """
    with open_snapshot(path) as streams:
        stream = JudgedStream(streams.xml, streams.name)
        tree, problems = _parse(stream, streams.name, progress)
        if not problems:
            stream.drain()
        types = streams.data_types
    if problems:
        ordered = sorted(problems, key=lambda problem: problem.line or 0)
        raise SnapshotRefused(streams.name, tuple(ordered), advice=ADVICE)
    if data_types is not None:
        types = read_data_types(data_types)
    delivered = read_lists(
        types,
        sayable(data_types) if data_types else streams.name,
        shapes or {},
        demanded=data_types is not None,
    )
    return Snapshot(
        file=streams.name,
        header=tree.header(sha256=stream.sha256, size=stream.size),
        units=tree.units,
        lists=delivered.lists,
        lines=tree.lines,
        findings=(*tree.judge.findings, *delivered.findings),
        warnings=delivered.warnings,
        data_types_sha256=None if types is None else hashlib.sha256(types).hexdigest(),
    )


def _parse(stream: JudgedStream, name: str, progress: Any) -> tuple[TreeReader, list[Problem]]:
    events = etree.iterparse(
        stream,
        events=("start", "end"),
        tag=TreeReader.TAGS,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    tree = TreeReader(name)
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
