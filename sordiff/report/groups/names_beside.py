"""New names are grouped by a worker process, while this one reads the units that they are of."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import msgspec

from sordiff.report.change import Change
from sordiff.report.groups import OF_NAMES, NameGroups, WaitForNames, group_names
from sordiff.report.groups.levels import FoundGroup
from sordiff.worker_process import SendPart, run_in_worker

# Fewer are grouped before a worker has begun.
_MANY_NAMES: Final = 5_000

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(dict[str, tuple[list[FoundGroup], list[int]]])


def has_many_names(changes: Sequence[Change]) -> bool:
    """Whether a worker is done with the new names among changes sooner than this process."""
    return sum(change.type in OF_NAMES for change in changes) > _MANY_NAMES


@contextmanager
def group_names_beside(changes: Sequence[Change]) -> Iterator[WaitForNames]:
    """Group the new names among changes while the block runs.

    It gets what waits for the groups; these are None where the worker has failed.
    """

    def work(send: SendPart) -> NameGroups:
        groups = group_names(changes)
        send(_ENCODER.encode(groups))
        return groups

    with run_in_worker(work) as worker:

        def wait() -> NameGroups | None:
            if not worker.wait_for_success():
                return None
            return _DECODER.decode(b"".join(worker.read_parts()))

        yield wait
