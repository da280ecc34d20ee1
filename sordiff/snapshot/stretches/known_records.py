"""Owners and records that were read before: the same bytes under the same root are the same units.

When two files are compared, most of the later one is in the earlier one. What it shares is looked
up instead of read, and kept once.
"""

import msgspec
from msgspec import Struct
from xxhash import xxh3_128_digest

from sordiff.model import SorId, Unit


class OwnerRead(Struct, frozen=True, array_like=True, gc=False):
    """An owner that was read: its units in order, and the digests by which it is known again.

    `digest` is that of its stretch, `records` are those of its records, in order of the units; both
    are empty if nobody asks for them.
    """

    digest: bytes
    records: list[bytes]
    units: list[Unit]


class KnownRecords:
    """What was read of the first file that is read with this; every later file is given it.

    `unknown_size`: roughly how many characters of it are kept as unknown.
    """

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._root: bytes | None = None
        self._complete = False
        self.unknown_size = 0
        self._owners: dict[bytes, OwnerRead] = {}
        self._units: dict[bytes, Unit] = {}

    def open(self, root: bytes) -> bool:
        """Whether a file may use it, or fill it if it is the first.

        `root`: what decides how the bytes of a record are read.
        """
        if self._root is None:
            self._root = root
            return True
        return self._complete and self._root == root

    @property
    def is_complete(self) -> bool:
        """Whether a file was read to its end; from then on nothing is added."""
        return self._complete

    def complete(self, unknown_size: int) -> None:
        """Note that a file was read to its end."""
        if not self._complete:
            self._complete, self.unknown_size = True, unknown_size

    def add(self, owner: OwnerRead) -> None:
        """Remember an owner, unless a file was read to its end before."""
        if not self._complete:
            self._owners[owner.digest] = owner
            self._units.update(zip(owner.records, owner.units, strict=True))

    def find_owner(self, digest: bytes) -> OwnerRead | None:
        """The owner whose stretch has this digest."""
        return self._owners.get(digest)

    def find_unit(self, record: bytes, parent_id: SorId | None) -> Unit | None:
        """The unit of a record, below this parent."""
        unit = self._units.get(xxh3_128_digest(record))
        if unit is None or unit.parent_id == parent_id:
            return unit
        return msgspec.structs.replace(unit, parent_id=parent_id)
