"""What can go wrong, told once: each error carries its facts, its exit code and the next step.

The library that failed is known only where it is called; there its exception is translated into one
of these. From there up nothing is caught before the command line, which prints and leaves.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import ClassVar, Final, NamedTuple


class Exit(IntEnum):
    """The exit codes of the contract."""

    DONE = 0
    DIFFERENCES = 1
    FAILED = 2
    HELD = 3
    NOT_PUBLISHED = 4
    REFUSED = 5
    LOCKED = 6
    TOO_OLD = 7
    NOT_FETCHED = 8
    INTERRUPTED = 130


# What is raised at bytes that are not what they should be (the errors of msgspec and of UTF-8 are
# ValueErrors), and at what is nested too deeply.
UNREADABLE: Final = (ValueError, RecursionError)

_WORST_FIRST: Final = (
    Exit.FAILED,
    Exit.LOCKED,
    Exit.REFUSED,
    Exit.NOT_FETCHED,
    Exit.HELD,
    Exit.NOT_PUBLISHED,
)


def worst(codes: Iterable[Exit]) -> Exit:
    """The one with which `sordiff run` leaves, of those of its steps."""
    found = set(codes)
    return next((code for code in _WORST_FIRST if code in found), Exit.DONE)


class Problem(NamedTuple):
    """One reason to refuse a file: `code` is stable, `line` counts from 1 where it is known."""

    code: str
    message: str
    file: str
    line: int | None = None

    def __str__(self) -> str:
        """`file:line: message`, as compilers write it."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}"


class SordiffError(Exception):
    """A failure that the user can act on: one sentence, and what to do next."""

    exit_code: ClassVar[Exit] = Exit.FAILED

    def __init__(self, message: str, *, advice: str = "") -> None:
        """Keep the sentence and the advice apart, so that each can be shown in its place."""
        super().__init__(message)
        self.message = message
        self.advice = advice


class SnapshotRefused(SordiffError):
    """The snapshot was judged whole and is not taken; nothing was changed."""

    exit_code = Exit.REFUSED

    def __init__(self, file: str, problems: tuple[Problem, ...], *, advice: str) -> None:
        """`problems`: all that were found, in order of line."""
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(f"{file} is refused: {count}", advice=advice)
        self.file = file
        self.problems = problems


class SnapshotMissing(SordiffError):
    """The file of a snapshot is not there, or can't be read."""

    def __init__(self, file: str, cause: OSError, *, advice: str) -> None:
        """`cause`: what the system says of it."""
        super().__init__(f"{file} can't be read: {cause.strerror}.", advice=advice)
        self.file = file
        self.is_absent = isinstance(cause, FileNotFoundError)


class NotASnapshot(SnapshotRefused):
    """What was fetched is something else; it is kept aside, and nothing was changed."""

    def __init__(self, url: str, reason: str, kept: str) -> None:
        """`kept`: the path of what came."""
        message = f"what came is no snapshot but {reason}; it is kept as {kept}"
        problem = Problem(code="not_a_snapshot", message=message, file=url)
        advice = "Look at it, and at the headers beside it."
        super().__init__(url, (problem,), advice=advice)


class NotFetched(SordiffError):
    """Nothing could be fetched from any of the addresses; safe to repeat."""

    exit_code = Exit.NOT_FETCHED

    def __init__(self, message: str, *, url: str, advice: str) -> None:
        """`url`: the first of the addresses."""
        super().__init__(message, advice=advice)
        self.url = url


class Locked(SordiffError):
    """Another sordiff is at work on the same changelog, or in the same folder."""

    exit_code = Exit.LOCKED


class NotPublished(SordiffError):
    """Recorded, but not all published: the broker is away, slow, or at odds; safe to repeat."""

    exit_code = Exit.NOT_PUBLISHED


class PublishingRefused(SordiffError):
    """Publishing can't go on until somebody has put something right; nothing was sent."""


class ChangelogMissing(SordiffError):
    """A reading command was given a database that does not exist."""


class ChangelogFailed(SordiffError):
    """SQLite could not do what was asked: a full disk, a file that is no database, a busy one."""


class ArchiveFailed(SordiffError):
    """The archive is damaged, misses a night, or could not be written."""


class InternalContradiction(SordiffError):
    """The events found do not lead from the old state to the new one: a fault of sordiff itself."""
