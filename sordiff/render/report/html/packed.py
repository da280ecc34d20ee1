"""Rows packed into a page that would be too large with all of them: deflated, as base64.

Rows are much alike: the page of a year is a fifth as large. The script of the page unpacks them
when it was shown; what stands in the page unpacked is there without scripts, too.
"""

import base64
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

# Fast: 26 MB are packed in a twentieth of a second. A slower level makes a page 5 % smaller.
_LEVEL: Final = 1


class Packing(Struct, frozen=True, kw_only=True):
    """A page of more rows than `above` has of each list only the first `plain` as plain HTML."""

    above: int
    plain: int


# 10,000 rows are about 3 MB; of each list the first fifty are shown before one leafs.
PACKING: Final = Packing(above=10_000, plain=50)


def pack_rows(lists: Sequence[Sequence[str]]) -> str:
    """The rows of lists as base64 of a zlib stream: a row a line, an empty line between lists."""
    from isal import isal_zlib

    lines = "\n\n".join("\n".join(rows) for rows in lists)
    return base64.b64encode(isal_zlib.compress(lines.encode(), _LEVEL)).decode()
