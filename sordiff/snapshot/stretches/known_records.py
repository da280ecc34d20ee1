"""Records that were read before: the same bytes under the same root are the same unit.

When two files are compared, most of the later one is in the earlier one. What it shares is looked
up instead of read, and kept once.
"""

from collections.abc import Sequence

import msgspec
from xxhash import xxh3_128_digest

from sordiff.model import SorId, Unit


class KnownRecords:
    """The units of the first file that is read with this, by the bytes of their records.

    Every later file takes from it what it has. `root`: what decides how bytes are read.
    """

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._root: bytes | None = None
        self._complete = False
        self._owners: dict[bytes, Sequence[Unit]] = {}
        self._units: dict[bytes, Unit] = {}

    def open(self, root: bytes) -> "KnownRecords | None":
        """What a file with this root may use, or fill if it is the first; else None."""
        if self._root is None:
            self._root = root
            return self
        return self if self._complete and self._root == root else None

    def complete(self) -> None:
        """The first file was read to its end: from now on nothing is added."""
        self._complete = True

    def find_owner(self, digest: bytes) -> Sequence[Unit] | None:
        """The units of an owner whose stretch has this digest."""
        return self._owners.get(digest)

    def add_owner(self, digest: bytes, units: Sequence[Unit]) -> None:
        """Remember the units of a stretch, unless a file was read to its end before."""
        if not self._complete:
            self._owners[digest] = units

    def find_unit(self, record: bytes, parent_id: SorId | None) -> Unit | None:
        """The unit of a record, below this parent."""
        unit = self._units.get(xxh3_128_digest(record))
        if unit is None or unit.parent_id == parent_id:
            return unit
        return msgspec.structs.replace(unit, parent_id=parent_id)

    def add_unit(self, record: bytes, unit: Unit) -> None:
        """Remember the unit of a record, unless a file was read to its end before."""
        if not self._complete:
            self._units[xxh3_128_digest(record)] = unit
