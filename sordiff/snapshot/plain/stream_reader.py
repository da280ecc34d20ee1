"""The plain road: the whole file through the parser in one pass, with every problem collected."""

from collections.abc import Callable
from typing import Final

from sordiff.errors import Problem, SnapshotRefused
from sordiff.snapshot.format.text import NotSorError
from sordiff.snapshot.loaded_lxml import etree
from sordiff.snapshot.plain.checked_stream import CheckedStream
from sordiff.snapshot.plain.tree_reader import TreeReader
from sordiff.snapshot.snapshot import ReadOptions, SnapshotContent
from sordiff.snapshot.source.refusals import ADVICE
from sordiff.snapshot.source.streams import ByteStream

# The parser's messages may quote the file.
_MAX_PARSER_MESSAGE: Final = 200
# The roots of SorDataTypes.xml and SorDataTypeCodes.xml, which a shell's Sor*.xml takes along.
_LISTS: Final = ("SorDataTypes", "SorDataTypeCodes")
_LISTS_ADVICE: Final = (
    "These are code lists: name the file with --data-types beside a snapshot; nothing was changed."
)


def read_xml_stream(
    stream: ByteStream, name: str, options: ReadOptions, progress: Callable[[int], None] | None
) -> SnapshotContent:
    """Read Sor.xml; SnapshotRefused with all problems, in order of their lines."""
    checked = CheckedStream(stream, name)
    tree = TreeReader(name, options.mapping, set() if options.note_places else None)
    _parse_stream(checked, name, tree, progress)
    problems = tree.context.problems
    if problems:
        ordered = sorted(problems, key=lambda problem: problem.line or 0)
        advice = _LISTS_ADVICE if tree.root_name in _LISTS else ADVICE
        raise SnapshotRefused(name, tuple(ordered), advice=advice)
    checked.drain()
    return SnapshotContent(
        header=tree.build_header(sha256=checked.sha256, size=checked.size),
        units=tree.units,
        lines=tree.lines if options.note_lines else {},
        findings=tuple(tree.context.findings),
        noted_places=frozenset(tree.context.noted_places or ()),
    )


def _parse_stream(
    stream: CheckedStream, name: str, tree: TreeReader, progress: Callable[[int], None] | None
) -> None:
    events = etree.iterparse(
        stream,
        events=("start", "end"),
        tag=TreeReader.TAGS,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        for event, element in events:
            if event == "start":
                tree.start_element(element)
            else:
                tree.end_element(element)
                stream.unit_ended_at = stream.size
                if progress is not None:
                    progress(stream.size)
        tree.finish_tree(events.root)
    except NotSorError as error:
        tree.context.problems.append(
            Problem(code="not_sor", message=error.message, file=name, line=error.line)
        )
    except etree.XMLSyntaxError as error:
        tree.context.problems.append(_describe_syntax_error(error, name, stream))


def _describe_syntax_error(
    error: etree.XMLSyntaxError, name: str, stream: CheckedStream
) -> Problem:
    said = (error.msg or "not XML").split(", line ")[0][:_MAX_PARSER_MESSAGE]
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
