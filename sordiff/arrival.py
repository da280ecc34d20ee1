"""What a file that came from outside is, before anybody reads it as a snapshot."""

from typing import Literal

from msgspec import Struct


class Arrival(Struct, frozen=True, kw_only=True):
    """The verdict on a file that was fetched.

    `snapshot`: whole, and of a kind that sordiff reads. `unfinished`: of such a kind, but its end
    is missing, as while it is written. `foreign`: something else, such as an HTML page. `reason`:
    part of a sentence that says why it is no snapshot; empty for one.
    """

    kind: Literal["snapshot", "unfinished", "foreign"]
    reason: str = ""
