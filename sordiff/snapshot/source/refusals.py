"""The refusal of a file for one reason, with the next step."""

import errno
import gzip
import os
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Final

from sordiff.errors import Problem, SnapshotRefused, SordiffError
from sordiff.snapshot.source.inflate import ISAL_ERROR

ADVICE: Final = "Fetch the file again; nothing was changed."
AS_DELIVERED: Final = "Give the file as the register delivers it; nothing was changed."
# What reading a damaged archive may raise, as the libraries name it.
DAMAGE_ERRORS: Final = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    ISAL_ERROR,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    UnicodeDecodeError,
    ValueError,
    OSError,
)


def printable_path(path: Path) -> str:
    """A path as text that can be printed, also if its name is not UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def build_refusal(
    file: str, code: str, message: str, line: int | None = None, *, advice: str = ADVICE
) -> SnapshotRefused:
    """Build the refusal of a file for one reason."""
    problem = Problem(code=code, message=message, file=file, line=line)
    return SnapshotRefused(file, (problem,), advice=advice)


def build_damage_error(kind: str, name: str, error: Exception) -> SordiffError:
    """A damaged archive is refused; a disk that is full or fails is no fault of the archive."""
    if isinstance(error, OSError) and error.errno not in {None, errno.EINVAL}:
        message = f"{name} could not be unpacked: {error.strerror}."
        return SordiffError(message, advice="Make room (TMPDIR), and call again.")
    said = str(error) or "it ends too early"
    return build_refusal(name, "archive.damaged", f"the {kind} file is cut off or damaged: {said}")
