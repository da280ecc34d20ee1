"""The folder of the sink: its files in their order, and how one is written in one step."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Final

from msgspec import Struct

from sordiff.errors import NotPublished, PublishingRefused, SordiffError
from sordiff.event_sink import LOCATION_NUMBERS, UNITS
from sordiff.model import Day
from sordiff.sync import sync_path

STATE: Final = "state"
_NAME: Final = re.compile(
    r"(?P<position>\d{8,})-\d{4}-\d\d-\d\d-run-\d+(?:\.(?P<kind>[a-z_.]+))?\.ndjson", re.ASCII
)
_STATE_NAME: Final = re.compile(rf"(?:{UNITS}|{LOCATION_NUMBERS})\.ndjson")
_UNFINISHED: Final = ".unfinished"
_AGAIN: Final = "Nothing is lost; call again."
_TO_BE_PUT_RIGHT: Final = (
    PermissionError,
    FileNotFoundError,
    FileExistsError,
    NotADirectoryError,
    IsADirectoryError,
)


class RunFile(Struct, frozen=True, kw_only=True, order=True):
    """A file that tells of a run: of all of it, or with a kind one run event beside the events."""

    position: int
    path: Path
    kind: str


def build_file_name(position: int, day: Day, run_id: int, kind: str = "") -> str:
    """`00000042-2024-03-06-run-17.ndjson`; of a run event beside the events, with its kind."""
    return f"{position:08d}-{day}-run-{run_id}{f'.{kind}' if kind else ''}.ndjson"


def list_run_files(folder: Path) -> list[RunFile]:
    """The files of runs and run events, oldest first; whatever else lies there is not looked at."""
    with translate_file_errors(folder, "reading"):
        named = ((path, _NAME.fullmatch(path.name)) for path in folder.iterdir())
        return sorted(
            RunFile(position=int(found["position"]), path=path, kind=found["kind"] or "")
            for path, found in named
            if found
        )


def build_position(files: Sequence[RunFile]) -> str:
    """How many files there are, and a digest of their names, sizes and times; empty of none.

    It stands for the same as long as none of them was added, written or taken away.
    """
    if not files:
        return ""
    digest = blake2b(digest_size=16)
    for file in files:
        with translate_file_errors(file.path, "reading"):
            found = file.path.stat()
        digest.update(f"{file.path.name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return f"{len(files)}:{digest.hexdigest()}"


def read_first_and_last_line(path: Path) -> tuple[bytes, bytes]:
    """The two lines between which a run stands; the same one where there is but one.

    Raises PublishingRefused where the file does not end with a whole line: it was not written so.
    """
    with translate_file_errors(path, "reading"), path.open("rb") as file:
        first = file.readline()
        size, step = file.seek(0, os.SEEK_END), 4096
        while True:
            start = max(0, size - step)
            file.seek(start)
            end = file.read()
            lines = end.split(b"\n")
            if not end.endswith(b"\n"):
                advice = "Put the file back as it was, or publish into an empty folder."
                raise PublishingRefused(f"{path} is cut off. Nothing was sent.", advice=advice)
            if len(lines) > 2 or start == 0:  # noqa: PLR2004  # a whole line, and what is behind it
                return first.rstrip(b"\n"), lines[-2]
            step *= 4


@contextmanager
def write_whole(*paths: Path) -> Iterator[tuple["LineFile", ...]]:
    """Files of one folder, each there with all its lines when the block ends well, else none is.

    All are on the disk before the first takes its name.
    """
    unfinished = {path: path.with_name(f".{path.name}{_UNFINISHED}") for path in paths}
    with translate_file_errors(paths[0], "writing"):
        try:
            with ExitStack() as opened:
                files = [opened.enter_context(part.open("xb")) for part in unfinished.values()]
                yield tuple(LineFile(file.writelines) for file in files)
                for file in files:
                    file.flush()
                    os.fsync(file.fileno())
            for path, part in unfinished.items():
                part.replace(path)
            sync_path(paths[0].parent)
        except BaseException:
            for part in unfinished.values():
                part.unlink(missing_ok=True)
            raise


class LineFile:
    """Takes lines, and counts them."""

    def __init__(self, write: Callable[[Iterable[bytes]], None]) -> None:
        self._write = write
        self.count = 0

    def write(self, lines: Iterable[bytes]) -> None:
        """Write these, each with its line end."""
        self._write(self._ended(lines))

    def _ended(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        for line in lines:
            self.count += 1
            yield line + b"\n"


def remove_unfinished(folder: Path) -> None:
    """Take away what a publisher that died had not finished; what others left stays."""
    with translate_file_errors(folder, "tidying"):
        for own, is_own in ((folder, _NAME.fullmatch), (folder / STATE, _STATE_NAME.fullmatch)):
            for path in own.glob(f".*{_UNFINISHED}"):
                if is_own(path.name.removeprefix(".").removesuffix(_UNFINISHED)):
                    path.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Make the folder where it is missing; the one above must be there."""
    with translate_file_errors(folder, "making"):
        if not folder.is_dir():
            folder.mkdir()
            sync_path(folder.parent)


@contextmanager
def translate_file_errors(path: Path, doing: str) -> Iterator[None]:
    """What the system says, as one sentence: a fault to be put right, or a retry."""
    try:
        yield
    except OSError as error:
        kind: type[SordiffError] = NotPublished
        advice = _AGAIN
        if isinstance(error, _TO_BE_PUT_RIGHT):
            kind, advice = (
                PublishingRefused,
                "It must be a folder that can be written to; the one above must be there.",
            )
        cause = error.strerror or type(error).__name__
        raise kind(f"{path} failed while {doing} it: {cause}.", advice=advice) from error
