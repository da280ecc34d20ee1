"""Whether everything in an archive comes out as it was kept, and which nights a damage costs."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sordiff.archive.frame_files import Restorer, is_as_written
from sordiff.archive.records import Frame, KeptNight
from sordiff.errors import ArchiveFailed
from sordiff.report import Fault, Verification


def verify_frames(
    folder: Path, frames: Mapping[str, Frame], nights: Iterable[KeptNight]
) -> Verification:
    """Restore each frame once, in the order in which they lean on each other."""
    kept = list(nights)
    faults = [
        Fault(file=frames[key].file, reason=reason, nights=tuple(_nights_on(frames, key, kept)))
        for key, reason in _find_faults(folder, frames)
    ]
    return Verification(
        nights=len(kept),
        frames=len(frames),
        size=sum(frame.size for frame in frames.values()),
        packed_size=sum(frame.packed_size for frame in frames.values()),
        faults=tuple(faults),
    )


def needed_by(frames: Mapping[str, Frame], keys: Iterable[str]) -> set[str]:
    """These contents, and all that they lean on."""
    needed: set[str] = set()
    for wanted in keys:
        key: str | None = wanted
        while key is not None and key not in needed:
            needed.add(key)
            key = frames[key].leans_on if key in frames else None
    return needed


def _find_faults(folder: Path, frames: Mapping[str, Frame]) -> Iterator[tuple[str, str]]:
    """The contents whose own frame is at fault; what leans on a damaged one is not looked at."""
    sound = {key for key, frame in frames.items() if is_as_written(folder, frame)}
    restorer = Restorer(folder)
    # Those that lean on one night come one after the other, so that it is restored once.
    for key, frame in sorted(frames.items(), key=lambda one: (one[1].leans_on or "", one[1].file)):
        if key not in sound:
            yield key, "it is missing, or not as it was written"
        elif frame.leans_on is not None and frame.leans_on not in frames:
            yield key, "what it leans on is missing from the manifest"
        elif not needed_by(frames, [key]) <= sound:
            continue
        else:
            try:
                restorer.prove(frames, key)
            except ArchiveFailed as error:
                yield key, error.message


def _nights_on(frames: Mapping[str, Frame], key: str, nights: Iterable[KeptNight]) -> list[str]:
    """The days of all nights that can't be restored without this content."""
    return sorted({night.day for night in nights if key in needed_by(frames, night.keys)})
