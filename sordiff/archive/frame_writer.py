"""Adds the frames of a night: whole, or as patches of the nights that they lean on."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import replace

from sordiff.archive.base_cache import BaseCache
from sordiff.archive.frame_files import Packed, Restorer, write_frame
from sordiff.archive.frames import Base, can_be_base
from sordiff.archive.parts import Part
from sordiff.archive.places import STEPS, base_step, find_place
from sordiff.archive.records import CONTENT, Frame

# A patch that saves less is of a night in another form: the next ones lean on that night.
_WORTH: Final = 2


class _Below(NamedTuple):
    """What a frame leans on."""

    frame: Frame
    base: Base


class FrameWriter:
    """Writes frames into the folder of an archive; the lines of the manifest are others' work."""

    def __init__(
        self,
        folder: Path,
        frames: Mapping[str, Frame],
        restorer: Restorer,
        cache: BaseCache,
    ) -> None:
        """`frames`: those that are there, in the order in which they were added."""
        self._folder = folder
        self._frames = frames
        self._restorer = restorer
        self._cache = cache

    def write(self, day: str, part: Part) -> Frame:
        """Write the frame of a file: as a patch where that is worth it, else whole."""
        content = part.content
        step, below = self._find_below(part)
        ending = "" if part.series == CONTENT else f"-{part.series}"
        stem = f"nights/{day[:4]}/{day}-{content.sha256[:8]}{ending}"
        packed: Packed | None = None
        if below is not None:
            packed = write_frame(self._folder / f"{stem}.zst.zst", content, below.base)
            if packed.size * _WORTH > self._whole_below(below.frame).packed_size:
                (self._folder / f"{stem}.zst.zst").unlink()
                packed = None
        if packed is None or below is None:
            step, below = 0, None
            packed = write_frame(self._folder / f"{stem}.zst", content, None)
        if part.is_register and _next_base_step(step) == step:
            self._cache.put(content.sha256, content.read())
        return Frame(
            file=f"{stem}.zst" if below is None else f"{stem}.zst.zst",
            series=part.series,
            sha256=content.sha256,
            size=content.size,
            packed_sha256=packed.sha256,
            packed_size=packed.size,
            leans_on=None if below is None else below.frame.sha256,
            step=step,
            packed_twice=below is not None,
        )

    def mend(self, frame: Frame, part: Part) -> Frame:
        """Write a damaged frame anew; it leans on what it leaned on, which must be sound."""
        below, base = frame.leans_on, None
        if below is not None:
            base = Base(self._restorer.read(self._frames, below))
            self._restorer.forget()
        # Earlier builds had patches that were packed once.
        is_renamed = base is not None and not frame.packed_twice
        file = f"{frame.file}.zst" if is_renamed else frame.file
        packed = write_frame(self._folder / file, part.content, base)
        return replace(
            frame,
            file=file,
            packed_sha256=packed.sha256,
            packed_size=packed.size,
            packed_twice=base is not None,
        )

    def _find_below(self, part: Part) -> tuple[int, _Below | None]:
        """Its step, and what it leans on."""
        step, frame = find_place(self._frames, part.series)
        if frame is None or not can_be_base(min(frame.size, part.content.size)):
            return 0, None
        return step, _Below(frame, self._read_base(frame, step, is_register=part.is_register))

    def _read_base(self, frame: Frame, step: int, *, is_register: bool) -> Base:
        """From the cache, else restored; then it is put there, if the next night leans on it, too.

        Only the base stays in memory.
        """
        content = self._cache.find(frame.sha256) if is_register else None
        if content is None:
            content = self._restorer.read(self._frames, frame.sha256)
            if is_register and _next_base_step(step) == frame.step:
                self._cache.put(frame.sha256, content)
        self._restorer.forget()
        return Base(content)

    def _whole_below(self, frame: Frame) -> Frame:
        while frame.leans_on is not None:
            frame = self._frames[frame.leans_on]
        return frame


def _next_base_step(step: int) -> int | None:
    """The step on which the night after that of a step leans."""
    return base_step(step + 1) if step + 1 < STEPS else None
