"""New names are grouped by a worker process, while this one reads the units that they are of."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import msgspec

from sordiff.report.change import Change
from sordiff.report.groups import NameGroups, WaitForNames, group_names, list_names
from sordiff.report.groups.levels import FoundGroup
from sordiff.worker_process import AskedWorker, SendPart, ask_worker

# Fewer are grouped before a worker has answered.
_MANY_NAMES: Final = 5_000

_ENCODER: Final = msgspec.msgpack.Encoder()
_NAMES: Final = msgspec.msgpack.Decoder(list[Change])
_GROUPS: Final = msgspec.msgpack.Decoder(dict[str, tuple[list[FoundGroup], list[int]]])


class NamesBeside:
    """Groups new names beside this process."""

    def __init__(self, worker: AskedWorker | None) -> None:
        """Without a worker nothing is begun."""
        self._worker = worker

    def begin(self, changes: Sequence[Change]) -> WaitForNames | None:
        """Begin to group the new names among changes, if there are many.

        It gives what waits for the groups; these are None where the worker has failed.
        """
        worker = self._worker
        places = [] if worker is None else list_names(changes)
        if worker is None or len(places) <= _MANY_NAMES:
            return None
        worker.ask(_ENCODER.encode([changes[place] for place in places]))

        def wait() -> NameGroups | None:
            parts = [*worker.take_answer()]
            return _place_groups(_GROUPS.decode(parts[0]), places) if parts else None

        return wait


@contextmanager
def begin_to_group_names(*, may_fork: bool) -> Iterator[NamesBeside]:
    """Have a worker that waits for names, if there may be one.

    It is forked while there is little in memory: each value that two processes look at costs a copy
    of its page, which took longer than to send the names.
    """
    if may_fork:
        with ask_worker(_answer) as worker:
            yield NamesBeside(worker)
    else:
        yield NamesBeside(None)


def _answer(question: bytes, send_part: SendPart) -> None:
    send_part(_ENCODER.encode(group_names(_NAMES.decode(question))))


def _place_groups(groups: NameGroups, places: Sequence[int]) -> NameGroups:
    """The groups among all changes, of those among the new names, which lie at these places."""

    def place(group: FoundGroup) -> FoundGroup:
        members = tuple([places[member] for member in group.members])
        return msgspec.structs.replace(group, members=members)

    return {
        fate: ([place(group) for group in found], [places[one] for one in rest])
        for fate, (found, rest) in groups.items()
    }
