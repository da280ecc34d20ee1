"""The standard streams when nobody can be told: closed, on a full disk, with a reader that is gone.

What can't be said is no failure of the command: the exit code tells of the command, and its steps
go on. What can't be written to stdout is one, since that is the data.
"""

import os
import select
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

_STDERR_NUMBER = 2


def open_missing_streams() -> None:
    """Stand in for standard streams that were closed on the way in.

    Their numbers must be taken before a file is opened: it would get one of them, and what a
    library writes to "stderr" would land in that file.
    """
    number = os.open(os.devnull, os.O_RDWR)
    while number <= _STDERR_NUMBER:
        number = os.dup(number)
    os.close(number)
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()


def write_message(text: str) -> None:
    """Write to stderr; where that fails, be silent from then on."""
    try:
        sys.stderr.buffer.write(text.encode("utf-8", errors="replace"))
        sys.stderr.flush()
    except (OSError, ValueError):
        abandon(sys.stderr)


def abandon(stream: TextIO) -> None:
    """Write into nothing from now on, so that what is buffered fails nowhere either."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def is_reader_gone() -> bool:
    """Whether whoever read stdout has closed it: then a broken pipe is theirs, and no failure."""
    with suppress(OSError, ValueError):
        poll = select.poll()
        poll.register(sys.stdout.fileno(), select.POLLOUT)
        return any(events & select.POLLERR for _, events in poll.poll(0))
    return False


def flush_output() -> None:
    """Write out what stdout still buffers; give the stream up and raise OSError if that fails."""
    try:
        sys.stdout.flush()
    except OSError:
        abandon(sys.stdout)
        raise


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")
