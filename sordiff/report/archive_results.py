"""What the archive, the proof of a changelog and its rebuilding hand to the renderers."""

from msgspec import Struct


class ArchivedNight(Struct, frozen=True, kw_only=True):
    """A night in the archive; sizes are in bytes. `leans_on`: a file; None: the frame is whole."""

    day: str
    created_at: str
    name: str
    sha256: str
    size: int
    packed_size: int
    file: str
    leans_on: str | None
    data_types: str | None


class Fault(Struct, frozen=True, kw_only=True):
    """A file that is missing or damaged, why, and the days of the nights that it costs."""

    file: str
    reason: str
    nights: tuple[str, ...]


class Verification(Struct, frozen=True, kw_only=True):
    """What was looked at, and what is wrong; sizes are in bytes, unpacked and on the disk."""

    nights: int
    frames: int
    size: int
    packed_size: int
    faults: tuple[Fault, ...]
