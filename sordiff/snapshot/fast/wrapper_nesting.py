"""The wrappers around the records, closed and checked on the way through a file.

Whatever is not nested as in an ordinary file raises UnsureError: the plain road reads it then.
"""

from sordiff.model import Kind
from sordiff.snapshot.fast.split_records import RecordSlice
from sordiff.snapshot.format.limits import MAX_DEPTH
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import Nesting


def close_before_record(nesting: Nesting, record: RecordSlice) -> None:
    """Close the wrappers that end before a record; its place must then be a lawful one."""
    nested = nesting.close_wrappers(record.closed)
    depth = nesting.depth
    if not nested or depth >= MAX_DEPTH:
        raise UnsureError("wrappers that are not nested")
    # A remembered subtree names the outermost unit and takes it for an owner.
    if not depth and record.kind is not Kind.OWNER:
        raise UnsureError("no owner at the root")


def close_after_records(nesting: Nesting, closed: str, *, last: bool) -> None:
    """Close the wrappers that end behind the last record of a subtree.

    An owner stays open, but at the end of the tree nothing does.
    """
    if not nesting.close_wrappers(closed) or nesting.depth != (0 if last else 1):
        raise UnsureError("wrappers that are not nested")
