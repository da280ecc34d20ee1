"""A list that can't be read as what it seems to be."""

from typing import Final

from sordiff.errors import SordiffError

# Far more than a list of a hundred thousand lines; a larger one is no list.
MOST_BYTES: Final = 256 << 20
MOST_CELL: Final = 1 << 17


class ListRefused(SordiffError):
    """The list was read whole and is not taken; nothing was judged."""


def too_large(name: str) -> ListRefused:
    """The refusal of a list that would fill the memory."""
    return ListRefused(
        f"{name} is larger than {MOST_BYTES >> 20} MiB.", advice="Cut it into several lists."
    )
