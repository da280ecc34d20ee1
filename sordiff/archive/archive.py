"""The archive in a folder: add a night, list, give back, prove, take old ones out."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

from sordiff.archive.frame_files import Content, Packed, Restorer, write_frame
from sordiff.archive.frames import can_be_base
from sordiff.archive.manifest import Manifest
from sordiff.archive.places import find_place
from sordiff.archive.records import DoneToRun, Frame, KeptNight, NewNight, Series
from sordiff.errors import ArchiveFailed

_SUFFIXES: Final[dict[Series, str]] = {"content": "", "data_types": "-data-types"}
# A patch that saves less is of a night in another form: the next ones lean on that night.
_WORTH: Final = 2


class Archive:
    """The archive in a folder; the folder is made with the first night."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._manifest = Manifest(folder)
        self._restorer = Restorer(folder)

    @classmethod
    def open(cls, folder: Path) -> "Archive":
        """The archive in that folder; ArchiveFailed where its manifest is damaged."""
        archive = cls(folder)
        archive._manifest.read()  # its own
        return archive

    def add(self, night: NewNight, content: Path) -> KeptNight:
        """Keep a night; `content` is unpacked. What is kept already is not kept twice.

        Killed at any moment, or out of room, it loses nothing that was kept before, and the next
        call adds the night.
        """
        with self._told(), self._manifest.locked():
            contents = self._manifest.read()
            parts = _parts_of(night, content)
            kept = _kept(night, parts)
            there = _find_same(contents.nights, kept)
            if there is not None:
                return there
            lines = [
                self._write(contents.frames, night.day, series, part)
                for series, part in parts.items()
                if part.sha256 not in contents.frames
            ]
            self._manifest.append([*lines, kept], contents)
            return kept

    def note(self, tell: Callable[[list[DoneToRun]], Iterable[DoneToRun]]) -> None:
        """Note what was done to runs; `tell` says it, given what is noted already."""
        with self._told(), self._manifest.locked():
            contents = self._manifest.read()
            lines = list(tell(contents.done))
            if lines:
                self._manifest.append(lines, contents)

    def list_nights(self) -> list[tuple[KeptNight, Frame]]:
        """The nights that are kept, by day, each with the frame of its content."""
        contents = self._manifest.read()
        return [(night, contents.frames[night.sha256]) for night in _by_day(contents.nights)]

    def list_done(self) -> list[DoneToRun]:
        """What was done to runs, in its order."""
        return self._manifest.read().done

    def find(self, which: str) -> KeptNight:
        """The newest night of a day, or that of a SHA-256; ArchiveFailed where there is none."""
        nights = _by_day(self._manifest.read().nights)
        found = [night for night in nights if which in {night.day, night.sha256}]
        if not found:
            message = f"There is no night {which} in the archive {self.folder}."
            raise ArchiveFailed(message, advice="`sordiff archive list` lists them.")
        return found[-1]

    def get(self, night: KeptNight, to: Path) -> None:
        """Write the content of a night, byte for byte; a file is there whole or not at all."""
        part = to.with_name(f".{to.name}.part")
        with self._told():
            try:
                with part.open("wb") as file:
                    file.writelines(self._iterate(night.sha256))
                part.replace(to)
            finally:
                part.unlink(missing_ok=True)

    def read_data_types(self, night: KeptNight) -> bytes | None:
        """The SorDataTypes.xml of a night; None where none came."""
        return None if night.data_types is None else b"".join(self._iterate(night.data_types))

    def _iterate(self, key: str) -> Iterator[bytes]:
        return self._restorer.iterate(self._manifest.read().frames, key)

    def _write(self, frames: dict[str, Frame], day: str, series: Series, content: Content) -> Frame:
        """Write the frame of a content: as a patch where that is worth it, else whole."""
        file = f"nights/{day[:4]}/{day}-{content.sha256[:8]}{_SUFFIXES[series]}.zst"
        step, below = find_place(frames, series)
        packed: Packed | None = None
        if below is not None and can_be_base(min(below.size, content.size)):
            base = self._restorer.read_base(frames, below.sha256)
            packed = write_frame(self.folder / file, content, base)
            if packed.size * _WORTH > _whole_below(frames, below).packed_size:
                packed = None
        if packed is None or below is None:
            step, below = 0, None
            packed = write_frame(self.folder / file, content, None)
        return Frame(
            file=file,
            series=series,
            sha256=content.sha256,
            size=content.size,
            packed_sha256=packed.sha256,
            packed_size=packed.size,
            leans_on=None if below is None else below.sha256,
            step=step,
        )

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            message = f"The archive {self.folder} failed: {error.strerror or error}."
            advice = "Make room, and call again: what was archived before is still there."
            raise ArchiveFailed(message, advice=advice) from error


def _parts_of(night: NewNight, content: Path) -> dict[Series, Content]:
    def opened_lists() -> BytesIO:
        return BytesIO(night.data_types or b"")

    parts: dict[Series, Content] = {
        "content": Content(
            sha256=night.sha256 or _hash(content),
            size=content.stat().st_size,
            open=lambda: content.open("rb"),
        )
    }
    if night.data_types:
        parts["data_types"] = Content(
            sha256=sha256(night.data_types).hexdigest(),
            size=len(night.data_types),
            open=opened_lists,
        )
    return parts


def _kept(night: NewNight, parts: dict[Series, Content]) -> KeptNight:
    lists = parts.get("data_types")
    return KeptNight(
        day=night.day,
        created_at=night.created_at,
        name=night.name,
        sha256=parts["content"].sha256,
        data_types=None if lists is None else lists.sha256,
        data_types_file=night.data_types_file,
        added_at=night.at,
    )


def _find_same(nights: Iterable[KeptNight], kept: KeptNight) -> KeptNight | None:
    same = (kept.sha256, kept.data_types)
    return next((night for night in nights if (night.sha256, night.data_types) == same), None)


def _whole_below(frames: dict[str, Frame], frame: Frame) -> Frame:
    while frame.leans_on is not None:
        frame = frames[frame.leans_on]
    return frame


def _by_day(nights: Iterable[KeptNight]) -> list[KeptNight]:
    return sorted(nights, key=lambda night: (night.day, night.created_at))


def _hash(path: Path) -> str:
    from hashlib import file_digest

    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
