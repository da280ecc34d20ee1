"""What a command gives, on stdout or in the file of `-o`."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from sordiff.cli.output import write_chunks
from sordiff.errors import SordiffError


def demand_no_terminal(file: Path | None, form: str, *, is_binary: bool) -> None:
    """Refuse to write to a terminal what it can't show."""
    if file is None and is_binary and sys.stdout.isatty():
        raise SordiffError(f"A terminal can't show {form}.", advice="Give a file with -o.")


def write_result(chunks: Iterable[bytes], file: Path | None) -> None:
    """Write to stdout, or whole into a file in place of what was there."""
    if file is None:
        write_chunks(chunks)
    else:
        write_whole_file(file, chunks)


def write_whole_file(file: Path, chunks: Iterable[bytes]) -> None:
    """Write a file whole, or leave what was there; SordiffError if it can't be written."""
    new = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        with new.open("wb") as stream:
            stream.writelines(chunks)
        new.replace(file)
    except OSError as error:
        new.unlink(missing_ok=True)
        message = f"The result could not be written to {file}: {error.strerror}."
        raise SordiffError(message, advice="Give a file in a folder that is there.") from error
