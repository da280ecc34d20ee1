"""A pattern that takes some columns out of many lines at once.

It knows only lines of the right width in which quotes stand nowhere but in guards. A line that it
does not know is split by itself.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final, TypeAlias

# The numbers of adjacent columns that are taken together.
Group: TypeAlias = tuple[int, ...]
# The cells of one group, a row each.
Column: TypeAlias = Sequence[bytes]

GUARD_START: Final = b'"=""'
_GUARD_END: Final = b'"""'
_GUARDED: Final = '(?:"=""[^;"\\r\\n]++"""|[^;"\\r\\n]*+)'
_STRICT: Final = '[^;"\\r\\n]*+'
_ANY: Final = "[^;]*+"


class RowPattern:
    """Takes two groups of columns or more; in the columns `guarded` guards may stand."""

    def __init__(
        self, width: int, groups: Sequence[Group], guarded: AbstractSet[int], *, returns: bool
    ) -> None:
        """`returns`: each line has a carriage return before its line feed."""
        inside = {column for group in groups for column in group}
        # The other guarded columns are taken for their quotes alone.
        taken = sorted([*groups, *((column,) for column in guarded - inside)])
        self._order = [taken.index(group) for group in groups]
        self._quoted = [place for place, group in enumerate(taken) if not guarded.isdisjoint(group)]
        self._returns = returns
        self._find = re.compile(_write_pattern(width, taken, guarded, returns=returns)).findall

    def take(self, text: bytes) -> list[Column] | None:
        """The cells of each group as written, with `;` between them; None if a line is not known.

        `text`: lines, each with its line feed.
        """
        count = text.count(b"\n")
        if text.count(b"\r") != (count if self._returns else 0):
            return None
        rows = self._find(text)
        # Each row that was found begins a line and ends with a line feed. As there are so many
        # rows as line feeds, no row has two of them, and no line is left out.
        if len(rows) != count:
            return None
        columns: list[Column] = [*zip(*rows, strict=True)]
        quotes = sum(b"".join(columns[place]).count(b'"') for place in self._quoted)
        return [columns[place] for place in self._order] if quotes == text.count(b'"') else None


def _write_pattern(
    width: int, taken: Sequence[Group], guarded: AbstractSet[int], *, returns: bool
) -> bytes:
    first, last = {group[0] for group in taken}, {group[-1] for group in taken}
    # Where quotes are counted, there are none but those of guards.
    strict = {column for group in taken if not guarded.isdisjoint(group) for column in group}
    parts = ["(?m)^"]
    for column in range(width):
        is_last = column == width - 1
        cell = _GUARDED if column in guarded else _STRICT if column in strict or is_last else _ANY
        parts += ("(" if column in first else "", cell, ")" if column in last else "")
        parts.append("" if is_last else ";")
    parts.append("\r\n" if returns else "\n")
    return "".join(parts).encode()


def strip_guards(cells: Column) -> bytes:
    """The cells of one column without their guards, with line feeds between them."""
    joined = b"\n".join(cells)
    if b'"' not in joined:
        return joined
    return joined.replace(GUARD_START, b"").replace(_GUARD_END, b"")
