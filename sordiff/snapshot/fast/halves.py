"""The two halves of a large file, so that a second process can read one of them.

Subtrees depend on each other only by the owner that is open between them. A subtree that begins
with the end of its owner does not, so that a worker process can read the file from there.
"""

import re
from typing import Final

from sordiff.model import SorId
from sordiff.snapshot.fast.split_records import INSTITUTION_END, Content
from sordiff.subtrees import Nesting
from sordiff.worker_process import has_second_core

# In bytes; for less a second process is not worth its start.
_MIN_SIZE_FOR_WORKER: Final = 16 * 1024**2
_OWNER_END: Final = re.compile(rb"[ \t\r\n]*</InstitutionOwnerEntity>")
_UNKNOWN_OWNER: Final = SorId("?")


def is_worth_worker(size: int) -> bool:
    """Whether a second process is worth its start for a file of this size."""
    return size >= _MIN_SIZE_FOR_WORKER and has_second_core()


def find_middle(content: Content, begin: int, share: float = 0.5) -> int | None:
    """The offset of the second part, behind the last institution of an owner; None: no parts.

    `share`: how much of the file the first part is to have.
    """
    if not is_worth_worker(len(content)):
        return None
    place = begin + int((len(content) - begin) * share)
    while (found := content.find(INSTITUTION_END, place)) >= 0:
        place = found + len(INSTITUTION_END)
        if _OWNER_END.match(content, place):
            return place
    return None


def start_nesting(begin: int, records_start: int) -> Nesting:
    """What is open where a half begins: at the second one an owner that it does not know."""
    return Nesting(None if begin == records_start else _UNKNOWN_OWNER)
