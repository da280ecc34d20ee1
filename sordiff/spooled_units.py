"""The units of a snapshot, kept as records in a file and decoded one by one.

The units of a whole register take half a gigabyte as objects; their records take a fifth of it, and
none of the memory.
"""

import mmap
import os
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence, ValuesView
from functools import cached_property
from typing import IO, Any, Final
from weakref import finalize

from sordiff.model import SorId, Unit
from sordiff.overlay import LazyUnits
from sordiff.unit_records import KeptUnit, decode_kept_unit, decode_unit, encode_unit

# In bytes; so much is written at once.
_PIECE: Final = 1024**2
# So many units stay decoded: who looks at a unit looks at those above it, too.
_AT_HAND: Final = 8_192


class _File:
    """A file without a name, which is gone with the last process that knows it.

    Where none can be written, the bytes are kept in memory.
    """

    def __init__(self) -> None:
        self._memory: list[bytes] | None = None
        self._written = 0
        try:
            self._file: IO[bytes] = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # lives on
        except OSError:
            self._memory = []
        else:
            self._close = finalize(self, self._file.close)

    def write(self, piece: bytes) -> None:
        if self._memory is None:
            try:
                self._write(piece)
            except OSError:
                self._memory = [self._map()[:], piece]
        else:
            self._memory.append(piece)

    def _write(self, piece: bytes) -> None:
        with memoryview(piece) as view:
            done = 0
            while done < len(piece):
                done += os.pwrite(self._file.fileno(), view[done:], self._written + done)
        self._written += len(piece)

    def _map(self) -> mmap.mmap | bytes:
        if not self._written:
            return b""
        try:
            return mmap.mmap(self._file.fileno(), self._written, access=mmap.ACCESS_READ)
        except OSError:  # not every disk can do that
            return os.pread(self._file.fileno(), self._written, 0)

    def read_all(self) -> mmap.mmap | bytes:
        """All that was written; a file is mapped, so that its bytes are no memory of a process."""
        if self._memory is not None:
            return b"".join(self._memory)
        content = self._map()
        self._close()  # what is mapped stays
        return content


class UnitSpool:
    """Takes the records of units; `finish` gives the units."""

    def __init__(self) -> None:
        """Nothing is taken yet."""
        self._file = _File()
        self._ids: list[SorId] = []
        self._lengths = array("I")
        self._waiting: list[bytes] = []
        self._waits = 0

    def __len__(self) -> int:
        """How many records were taken, also of one unit."""
        return len(self._ids)

    def add(self, unit: Unit) -> None:
        """Take a unit."""
        self.add_record(unit.sor_id, encode_unit(unit).encode())

    def add_record(self, sor_id: SorId, record: bytes) -> None:
        """Take the record of a unit, as bytes of UTF-8."""
        self._ids.append(sor_id)
        self._lengths.append(len(record))
        self._waiting.append(record)
        self._waits += len(record)
        if self._waits >= _PIECE:
            self._write()

    def _write(self) -> None:
        self._file.write(b"".join(self._waiting))
        self._waiting.clear()
        self._waits = 0

    def finish(self) -> "SpooledUnits":
        """The units that were taken; of several records of one unit the last."""
        self._write()
        return SpooledUnits(self._file.read_all(), self._ids, self._lengths)


class SpooledUnits(LazyUnits):
    """The units of a spool by id, in the order in which they were taken."""

    def __init__(
        self, content: mmap.mmap | bytes, ids: Sequence[SorId], lengths: "array[int]"
    ) -> None:
        """`lengths`: of the records, which lie one behind the other."""
        self._content = content
        self._ids = ids
        self._lengths = lengths
        self._starts = array("Q", bytes(8 * len(lengths)))
        start = 0
        for number, length in enumerate(lengths):
            self._starts[number] = start
            start += length
        self._at_hand: dict[SorId, Unit] = {}

    @cached_property
    def _numbers(self) -> dict[SorId, int]:
        """Made late: what a reader kept until then is gone, and leaves its room to this."""
        return {sor_id: number for number, sor_id in enumerate(self._ids)}

    def _read(self, number: int) -> bytes:
        start = self._starts[number]
        return self._content[start : start + self._lengths[number]]

    def _decode(self, number: int) -> Unit:
        return decode_unit(self._read(number))

    def get(self, sor_id: SorId, default: Any = None) -> Any:
        """The unit, if it is there."""
        unit = self._at_hand.get(sor_id)
        if unit is None:
            number = self._numbers.get(sor_id)
            if number is None:
                return default
            if len(self._at_hand) >= _AT_HAND:
                self._at_hand.clear()
            unit = self._at_hand[sor_id] = self._decode(number)
        return unit

    def values(self) -> ValuesView[Unit]:
        """The units, each decoded when it is asked for."""
        return _DecodedUnits(self)

    def iterate_units(self) -> Iterator[Unit]:
        """The units in their order: as `get` for each of them, with less to do beside decoding."""
        at_hand = self._at_hand
        for sor_id, number in self._numbers.items():
            unit = at_hand.get(sor_id)
            if unit is None:
                if len(at_hand) >= _AT_HAND:
                    at_hand.clear()
                unit = at_hand[sor_id] = self._decode(number)
            yield unit

    def read_all(self) -> dict[SorId, Unit]:
        """All units, decoded."""
        return {sor_id: self._decode(number) for sor_id, number in self._numbers.items()}

    def iterate_kept(self, ids: Iterable[SorId]) -> Iterator[KeptUnit]:
        """What the state holds of these units, which are there."""
        for sor_id in ids:
            yield decode_kept_unit(self._read(self._numbers[sor_id]).decode())

    def __contains__(self, sor_id: object) -> bool:
        return sor_id in self._numbers

    def __iter__(self) -> Iterator[SorId]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


class _DecodedUnits(ValuesView[Unit]):
    """The units of a spool, to look at one by one."""

    _mapping: SpooledUnits

    def __iter__(self) -> Iterator[Unit]:
        return self._mapping.iterate_units()
