"""A temporary file with a name, which others open by it, and which is gone afterwards."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


@contextmanager
def open_temporary_file() -> Iterator[IO[bytes]]:
    """A new file that only this user can read; OSError where it can't be made.

    That it can't be removed is no failure of what was done with it: the system does so later.
    """
    with tempfile.NamedTemporaryFile(prefix="sordiff-", delete=False) as file:
        try:
            yield file
        finally:
            with suppress(OSError):
                Path(file.name).unlink()
