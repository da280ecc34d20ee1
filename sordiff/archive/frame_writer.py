"""Adds the frames of a night: whole, or as patches of the nights that they lean on."""

from collections.abc import Mapping
from mmap import mmap
from pathlib import Path
from typing import Final

from msgspec import Struct

from sordiff.archive.base_cache import BaseCache
from sordiff.archive.frame_files import Packed, Restorer, write_frame
from sordiff.archive.frames import Base, can_be_base
from sordiff.archive.parts import Part
from sordiff.archive.places import STEPS, base_step, find_place
from sordiff.archive.records import CONTENT, Frame

# A patch that saves less is of a night in another form: the next ones lean on that night.
_WORTH: Final = 2


class _Below(Struct, frozen=True, kw_only=True):
    """What a frame leans on."""

    frame: Frame
    content: bytes | mmap


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
            packed = write_frame(self._folder / f"{stem}.zst.zst", content, Base(below.content))
            if packed.size * _WORTH > self._whole_below(below.frame).packed_size:
                (self._folder / f"{stem}.zst.zst").unlink()
                packed = None
        if packed is None or below is None:
            step, below = 0, None
            packed = write_frame(self._folder / f"{stem}.zst", content, None)
        if part.is_register:
            self._remember(step, content.sha256, content.data, below)
        return Frame(
            file=f"{stem}.zst" if below is None else f"{stem}.zst.zst",
            series=part.series,
            sha256=content.sha256,
            size=len(content.data),
            packed_sha256=packed.sha256,
            packed_size=packed.size,
            leans_on=None if below is None else below.frame.sha256,
            step=step,
            packed_twice=below is not None,
        )

    def _find_below(self, part: Part) -> tuple[int, _Below | None]:
        """Its step, and what it leans on: from the cache, else restored."""
        step, frame = find_place(self._frames, part.series)
        if frame is None or not can_be_base(min(frame.size, len(part.content.data))):
            return 0, None
        content = self._cache.find(frame.sha256) if part.is_register else None
        if content is None:
            content = self._restorer.read(self._frames, frame.sha256)
        return step, _Below(frame=frame, content=content)

    def _remember(self, step: int, key: str, content: bytes | mmap, below: _Below | None) -> None:
        """Put into the cache what the next night leans on, where it is at hand."""
        next_base = base_step(step + 1) if step + 1 < STEPS else None
        if next_base == step:
            self._cache.put(key, content)
        elif below is not None and next_base == below.frame.step:
            self._cache.put(below.frame.sha256, below.content)

    def _whole_below(self, frame: Frame) -> Frame:
        while frame.leans_on is not None:
            frame = self._frames[frame.leans_on]
        return frame
