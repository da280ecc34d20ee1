"""The archive in a folder: add a night, list, give back, prove, take old ones out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from mmap import mmap
from pathlib import Path

from sordiff.archive.base_cache import BaseCache
from sordiff.archive.frame_files import Restorer, is_as_written
from sordiff.archive.frame_writer import FrameWriter
from sordiff.archive.kept_memory import keeping_memory
from sordiff.archive.manifest import Manifest
from sordiff.archive.parts import Parts, open_own, read_parts
from sordiff.archive.records import (
    DoneToRun,
    Frame,
    KeptFile,
    KeptNight,
    Names,
    NewFile,
    NewNight,
    Pruned,
    RestoredNight,
)
from sordiff.archive.verify import needed_by, verify_frames
from sordiff.errors import ArchiveFailed
from sordiff.report import ArchivedNight, Verification


class Archive:
    """The archive in a folder; the folder is made with the first night."""

    def __init__(self, folder: Path, cache: Path | None = None) -> None:
        """`cache`: a folder where the night that the next ones lean on lies unpacked."""
        self.folder = folder
        self._cache = BaseCache(cache)
        self._manifest = Manifest(folder)
        self._restorer = Restorer(folder)

    @classmethod
    def open(cls, folder: Path, cache: Path | None = None) -> "Archive":
        """The archive in that folder; nothing is read yet."""
        return cls(folder, cache)

    def demand(self) -> None:
        """ArchiveFailed where there is no archive, or its manifest is damaged."""
        if not self._manifest.path.exists():
            message = f"There is no archive at {self.folder}."
            raise ArchiveFailed(message, advice="`sordiff archive add` makes one.")
        self._manifest.read()

    def add(self, night: NewNight, content: Path) -> KeptNight:
        """Keep a night; `content` is unpacked. What is kept already is not kept twice.

        Of a night that is kept, what is damaged or missing is written anew. Killed at any moment,
        or out of room, it loses nothing that was kept before, and the next call adds the night.
        """
        return self.add_each([night], content)[0]

    def add_each(
        self, nights: Sequence[NewNight], content: Path, *, is_own: bool = False
    ) -> list[KeptNight]:
        """Keep several nights of the same files, which differ by their day.

        `is_own`: nobody else can write to the content meanwhile.
        """
        with (
            self._told(),
            self._manifest.locked(),
            open_own(content, is_own=is_own) as own,
            keeping_memory(),
        ):
            contents = self._manifest.read()
            parts = read_parts(nights[0], own)
            described = [parts.describe(night) for night in nights]
            there = [_find_same(contents.nights, night) for night in described]
            new = [night for night, known in zip(described, there, strict=True) if known is None]
            writer = FrameWriter(self.folder, contents.frames, self._restorer, self._cache)
            # A new night is not lost because of an old damage: only a known one is mended.
            if new:
                lines: list[Frame | KeptNight] = [
                    *_write_missing(writer, new[0].day, parts, contents.frames),
                    *new,
                ]
            else:
                lines = self._mend_damaged(writer, parts, contents.frames)
            if lines:
                self._manifest.append(lines, contents)
            return [known or night for night, known in zip(described, there, strict=True)]

    def _mend_damaged(
        self, writer: FrameWriter, parts: Parts, frames: dict[str, Frame]
    ) -> list[Frame | KeptNight]:
        """Write anew what is not as it was written; the frames that are others than before."""
        known = {part.content.sha256: part for part in parts.each}
        damaged = [key for key in known if not is_as_written(self.folder, frames[key])]
        mended = [writer.mend(frames[key], known[key]) for key in damaged]
        return [frame for frame in mended if frame != frames[frame.sha256]]

    def note(
        self, tell: Callable[[list[DoneToRun], Names | None], Iterable[DoneToRun | Names]]
    ) -> None:
        """Note what was done to runs, and names; `tell` says it, given what is noted already."""
        with self._told(), self._manifest.locked():
            contents = self._manifest.read()
            lines = list(tell(contents.done, contents.names))
            if lines:
                self._manifest.append(lines, contents)

    def list_nights(self) -> list[ArchivedNight]:
        """The nights that are kept, by day."""
        contents = self._manifest.read()
        return [_listed(night, contents.frames) for night in _by_day(contents.nights)]

    def list_done(self) -> list[DoneToRun]:
        """What was done to runs, in its order."""
        return self._manifest.read().done

    def find_names(self) -> Names | None:
        """The names of the changelog, where it has others than its own."""
        return self._manifest.read().names

    def list_kept(self) -> list[KeptNight]:
        """The nights that are kept, in the order in which they were added."""
        return self._manifest.read().nights

    def find(self, which: str) -> KeptNight:
        """The newest night of a day, or that of a SHA-256; ArchiveFailed where there is none."""
        nights = _by_day(self._manifest.read().nights)
        found = [night for night in nights if which in {night.day, night.sha256, night.run_sha256}]
        if not found:
            message = f"There is no night {which} in the archive {self.folder}."
            raise ArchiveFailed(message, advice="`sordiff archive list` lists them.")
        return found[-1]

    def get(self, night: KeptNight, to: Path) -> None:
        """Write the content of a night, byte for byte; a file is there whole or not at all."""
        self._restore(night.sha256, to)

    def get_beside(self, night: KeptNight, folder: Path) -> None:
        """Write the tables that came with a night into a folder, under their names."""
        with self._told():
            folder.mkdir(parents=True, exist_ok=True)
        for one in night.beside:
            self._restore(one.sha256, folder / Path(one.name).name)

    def get_lists(self, night: KeptNight, to: Path) -> None:
        """Write the file of lists of a night; of several, each but the first with its number."""
        for number, one in enumerate(night.lists, start=1):
            self._restore(one.sha256, to if number == 1 else to.with_name(f"{to.name}.{number}"))

    def _restore(self, key: str, to: Path) -> None:
        part = to.with_name(f".{to.name}.part")
        with self._told(), keeping_memory():
            try:
                with part.open("wb") as file:
                    self._restorer.copy(self._manifest.read().frames, key, file)
                part.replace(to)
            finally:
                part.unlink(missing_ok=True)

    def restore_each(self, nights: Iterable[KeptNight]) -> Iterator[RestoredNight]:
        """These nights in memory, each proved by the checksum of its frame alone."""
        frames = self._manifest.read().frames
        others = Restorer(self.folder)

        def restore_files(files: Iterable[KeptFile]) -> tuple[NewFile, ...]:
            return tuple(
                NewFile(name=one.name, content=others.read_proved(frames, one.sha256))
                for one in files
            )

        content: tuple[str, bytes | mmap] | None = None
        for night in nights:
            if content is None or content[0] != night.sha256:  # of a history all are one file
                content = None  # its memory is for the next but one
                content = night.sha256, self._restorer.read(frames, night.sha256)
            yield RestoredNight(
                night=night,
                content=content[1],
                lists=restore_files(night.lists),
                beside=restore_files(night.beside),
            )

    def verify(self) -> Verification:
        """Restore everything, and say what is damaged and which nights it costs."""
        contents = self._manifest.read()
        with keeping_memory():
            return verify_frames(self.folder, contents.frames, contents.nights)

    def prune(self, keep: int, at: str) -> list[KeptNight]:
        """Take out all but the newest nights and what they lean on; give back what is gone."""
        with self._told(), self._manifest.locked():
            contents = self._manifest.read()
            nights = _by_day(contents.nights)
            newest = nights[max(0, len(nights) - keep) :]
            keys = [key for night in newest for key in night.keys]
            needed = needed_by(contents.frames, keys)
            gone = tuple(key for key in contents.frames if key not in needed)
            if gone:
                self._manifest.append([Pruned(sha256=gone, at=at)], contents)
            self._remove_unlisted(contents.frames)
            left = set(contents.nights)
            return [night for night in nights if night not in left]

    def _remove_unlisted(self, frames: dict[str, Frame]) -> None:
        """The files that no line names: pruned ones, and those of a call that was killed."""
        listed = {self.folder / frame.file for frame in frames.values()}
        for path in sorted(self.folder.glob("nights/*/*")):
            if path not in listed:
                path.unlink()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            message = f"The archive {self.folder} failed: {error.strerror or error}."
            advice = "Make room, and call again: what was archived before is still there."
            raise ArchiveFailed(message, advice=advice) from error


def _listed(night: KeptNight, frames: dict[str, Frame]) -> ArchivedNight:
    frame = frames[night.sha256]
    return ArchivedNight(
        day=night.day,
        created_at=night.created_at,
        name=night.name,
        sha256=night.sha256,
        size=frame.size,
        packed_size=frame.packed_size,
        file=frame.file,
        leans_on=None if frame.leans_on is None else frames[frame.leans_on].file,
        lists=tuple(frames[one.sha256].file for one in night.lists),
        table=night.table,
        beside=tuple(frames[one.sha256].file for one in night.beside),
    )


def _write_missing(
    writer: FrameWriter, day: str, parts: Parts, frames: dict[str, Frame]
) -> list[Frame]:
    """Write the files of a night that are not there yet."""
    missing = {
        part.content.sha256: part for part in parts.each if part.content.sha256 not in frames
    }
    return [writer.write(day, part) for part in missing.values()]


def _find_same(nights: Iterable[KeptNight], kept: KeptNight) -> KeptNight | None:
    known = (kept.keys, kept.run_sha256)
    return next((night for night in nights if (night.keys, night.run_sha256) == known), None)


def _by_day(nights: Iterable[KeptNight]) -> list[KeptNight]:
    return sorted(nights, key=lambda night: (night.day, night.created_at))
