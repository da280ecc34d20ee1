"""The rows of an accepted table by their digests, by which equal rows need not be read again.

All this is valid only under the key under which the table was read: its header, its encoding and
the names of its columns.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from msgspec import Struct

from sordiff.model import SorId

DIGEST_LENGTH: Final = 16
# No row has it: in place of the digest of a row that is to be read again.
NO_DIGEST: Final = bytes(DIGEST_LENGTH)
# The field of the unit, the code, and the text beside it.
CodeText: TypeAlias = tuple[str, str, str | None]


class RowIndex(Struct, frozen=True, kw_only=True, gc=False):
    """One entry for each row in `ids`, `digests`, `parents` and `said`.

    `digests`: the digests of all rows, one behind the other; empty where none were made, and such
    an index is not kept. `parents`: the parent of the unit.
    `said`: the place in `code_texts` of what the row says of codes.
    `ways`: column of days -> how its days are written, where there are any. `mentioned`: the units
    without a row, of which the rows of other units say something.
    """

    key: bytes
    ids: list[SorId]
    digests: bytes
    parents: list[SorId | None]
    said: list[int]
    code_texts: list[tuple[CodeText, ...]]
    ways: dict[str, str]
    mentioned: list[SorId]

    def list_digests(self) -> list[bytes]:
        """The digest of each row."""
        digests, length = self.digests, DIGEST_LENGTH
        return [digests[start : start + length] for start in range(0, len(digests), length)]


class KnownRows(Struct, frozen=True, kw_only=True):
    """The rows of the last accepted snapshot, and whether that has a unit, also without a row."""

    rows: RowIndex
    has_unit: Callable[[SorId], bool]
