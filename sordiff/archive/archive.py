"""The archive in a folder: add a night, list, give back, prove, take old ones out."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from sordiff.archive.base_cache import BaseCache
from sordiff.archive.frame_files import Content, Packed, Restorer, load, write_frame
from sordiff.archive.frames import Base, can_be_base
from sordiff.archive.manifest import Manifest
from sordiff.archive.places import find_place
from sordiff.archive.records import (
    CONTENT,
    DoneToRun,
    Frame,
    KeptList,
    KeptNight,
    NewList,
    NewNight,
    Pruned,
    RestoredNight,
    Series,
)
from sordiff.archive.verify import needed_by, verify_frames
from sordiff.errors import ArchiveFailed
from sordiff.report import ArchivedNight, Verification

# A patch that saves less is of a night in another form: the next ones lean on that night.
_WORTH: Final = 2


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

    def list_nights(self) -> list[ArchivedNight]:
        """The nights that are kept, by day."""
        contents = self._manifest.read()
        return [_listed(night, contents.frames) for night in _by_day(contents.nights)]

    def list_done(self) -> list[DoneToRun]:
        """What was done to runs, in its order."""
        return self._manifest.read().done

    def list_kept(self) -> list[KeptNight]:
        """The nights that are kept, in the order in which they were added."""
        return self._manifest.read().nights

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
        self._restore(night.sha256, to)

    def get_lists(self, night: KeptNight, to: Path) -> None:
        """Write the file of lists of a night; of several, each but the first with its number."""
        for number, one in enumerate(night.lists, start=1):
            self._restore(one.sha256, to if number == 1 else to.with_name(f"{to.name}.{number}"))

    def _restore(self, key: str, to: Path) -> None:
        part = to.with_name(f".{to.name}.part")
        with self._told():
            try:
                with part.open("wb") as file:
                    file.writelines(self._iterate(key))
                part.replace(to)
            finally:
                part.unlink(missing_ok=True)

    def restore_each(self, nights: Iterable[KeptNight]) -> Iterator[RestoredNight]:
        """These nights in memory, each proved by the checksum of its frame alone."""
        frames = self._manifest.read().frames
        lists = Restorer(self.folder)
        for night in nights:
            yield RestoredNight(
                night=night,
                content=self._restorer.read(frames, night.sha256),
                lists=tuple(
                    NewList(name=one.name, content=b"".join(lists.iterate(frames, one.sha256)))
                    for one in night.lists
                ),
            )

    def verify(self) -> Verification:
        """Restore everything, and say what is damaged and which nights it costs."""
        contents = self._manifest.read()
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

    def _iterate(self, key: str) -> Iterator[bytes]:
        return self._restorer.iterate(self._manifest.read().frames, key)

    def _write(self, frames: dict[str, Frame], day: str, series: Series, content: Content) -> Frame:
        """Write the frame of a content: as a patch where that is worth it, else whole."""
        ending = "" if series == CONTENT else f"-{series}"
        file = f"nights/{day[:4]}/{day}-{content.sha256[:8]}{ending}.zst"
        step, below = find_place(frames, series)
        packed: Packed | None = None
        if below is not None and can_be_base(min(below.size, len(content.data))):
            base = self._find_base(frames, below, series)
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
            size=len(content.data),
            packed_sha256=packed.sha256,
            packed_size=packed.size,
            leans_on=None if below is None else below.sha256,
            step=step,
        )

    def _find_base(self, frames: dict[str, Frame], below: Frame, series: Series) -> Base:
        """What a new night leans on: from the cache, else restored, and then put there."""
        kept = self._cache.find(below.sha256) if series == CONTENT else None
        if kept is not None:
            return Base(kept)
        content = self._restorer.read(frames, below.sha256)
        if series == CONTENT:
            self._cache.put(below.sha256, content)
        return Base(content)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            message = f"The archive {self.folder} failed: {error.strerror or error}."
            advice = "Make room, and call again: what was archived before is still there."
            raise ArchiveFailed(message, advice=advice) from error


def _parts_of(night: NewNight, content: Path) -> dict[Series, Content]:
    data = load(content)
    known = night.sha256 or sha256(data).hexdigest()
    parts: dict[Series, Content] = {CONTENT: Content(sha256=known, data=data)}
    for number, one in enumerate(night.lists, start=1):
        series = "data-types" if number == 1 else f"data-types-{number}"
        parts[series] = Content(sha256=sha256(one.content).hexdigest(), data=one.content)
    return parts


def _kept(night: NewNight, parts: dict[Series, Content]) -> KeptNight:
    lists = [part for series, part in parts.items() if series != CONTENT]
    return KeptNight(
        day=night.day,
        created_at=night.created_at,
        name=night.name,
        sha256=parts[CONTENT].sha256,
        data_types=night.data_types,
        lists=tuple(
            KeptList(name=one.name, sha256=part.sha256)
            for one, part in zip(night.lists, lists, strict=True)
        ),
        data_types_file=night.data_types_file,
        added_at=night.at,
    )


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
    )


def _find_same(nights: Iterable[KeptNight], kept: KeptNight) -> KeptNight | None:
    return next((night for night in nights if night.keys == kept.keys), None)


def _whole_below(frames: dict[str, Frame], frame: Frame) -> Frame:
    while frame.leans_on is not None:
        frame = frames[frame.leans_on]
    return frame


def _by_day(nights: Iterable[KeptNight]) -> list[KeptNight]:
    return sorted(nights, key=lambda night: (night.day, night.created_at))
