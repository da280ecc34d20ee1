"""What takes longest of a large night and needs nothing of the changelog: a worker process does it.

Of a night of a great import that is the proof that its events tell everything, who carries which
field, and its events as JSON.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Final

import msgspec
from msgspec import Struct

from sordiff.changelog.records import EncodedEvent
from sordiff.coverage import Coverage, update_coverage
from sordiff.events import Event
from sordiff.model import Kind
from sordiff.replay import Adoption
from sordiff.service.ingest.compare import Comparison, prove_events
from sordiff.wire import Origin, build_event_id, encode_positioned
from sordiff.worker_process import compute_beside

# For fewer a second process is not worth its start.
_FEWEST_FOR_WORKER: Final = 20_000
# Events that are sent together.
_AT_ONCE: Final = 500


class NightWork(Struct, kw_only=True):
    """`events`: in their order, each with its place in the run."""

    adoptions: tuple[Adoption, ...]
    coverage: Coverage
    events: list[EncodedEvent]


class _Encoded(Struct, array_like=True):
    """All but the events, on its way between two processes."""

    adoptions: tuple[Adoption, ...]
    carriers: list[tuple[str, Kind, int]]


_FIRST: Final = msgspec.msgpack.Decoder(_Encoded)
_EVENTS: Final = msgspec.msgpack.Decoder(list[EncodedEvent])


@contextmanager
def work_beside(
    comparison: Comparison, reference: Coverage, run_id: int, *, order_known: bool
) -> Iterator[Callable[[], NightWork]]:
    """Do the work while the block runs, if it is large; what is given waits for it.

    `reference`: the coverage of the night before; `run_id`: the run that it is going to be.
    """

    def work() -> NightWork:
        changes, events = comparison.changes, comparison.events
        return NightWork(
            adoptions=prove_events(changes, events, order_known=order_known),
            coverage=update_coverage(reference, changes),
            events=encode_events(comparison.events, comparison.origin, run_id),
        )

    if len(comparison.events) < _FEWEST_FOR_WORKER:
        yield work
        return
    with compute_beside(work, _encode, _decode) as wait:
        yield wait


def encode_events(events: Sequence[Event], origin: Origin, run_id: int) -> list[EncodedEvent]:
    """The events of a run, in their order."""
    return [
        EncodedEvent(build_event_id(event, origin), event.name, event.subject, data)
        for event, data in encode_positioned(events, run_id)
    ]


def _encode(work: NightWork) -> Iterator[bytes]:
    carriers = work.coverage.carriers
    counts = [(path, kind, count) for (path, kind), count in carriers.items()]
    yield msgspec.msgpack.encode(_Encoded(work.adoptions, counts))
    events = iter(work.events)
    while some := [*islice(events, _AT_ONCE)]:
        yield msgspec.msgpack.encode(some)


def _decode(parts: Iterator[bytes]) -> NightWork:
    first = _FIRST.decode(next(parts))
    carriers = {(path, kind): count for path, kind, count in first.carriers}
    return NightWork(
        adoptions=first.adoptions,
        coverage=Coverage(Counter(carriers)),
        events=[event for part in parts for event in _EVENTS.decode(part)],
    )
