"""What takes long of a large night and needs nothing of the changelog: worker processes do it.

Of a night of a great import that is, while it is judged, the proof that its events tell everything,
who carries which field, and the rows of units; and until its state is written, its events as they
are recorded.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final, Self, TypeAlias

import msgspec
from msgspec import Struct

from sordiff.changelog.records import NO_UNITS, EncodedEvent, PreparedEvents, PreparedUnits
from sordiff.computing_beside import compute_beside
from sordiff.coverage.counts import Coverage, update_coverage
from sordiff.events import Event
from sordiff.model import Kind, SorId, Unit
from sordiff.replay import Adoption
from sordiff.service.ingest.compare import Comparison, prove_events
from sordiff.unit_records import encode_unit
from sordiff.wire import Origin, build_event_id, compute_digest, encode_positioned

# For fewer a second process is not worth its start.
_FEWEST_FOR_WORKER: Final = 20_000
# Events, and units, that are prepared together.
_AT_ONCE: Final = 5_000
_UNITS_AT_ONCE: Final = 10_000

# What a changelog prepares: of a run, behind so many of its events, these.
PrepareEvents: TypeAlias = Callable[[int, int, Sequence[EncodedEvent]], bytes]
# Units of which nothing is there.
PrepareUnits: TypeAlias = Callable[[Iterable[Unit]], bytes]
# Who is told the events of a night, and where their ids come from.
HearEvents: TypeAlias = Callable[[Sequence[Event], Origin], None]


class NightWork(Struct, kw_only=True):
    """What is proved and counted of a night.

    `records` and `created`: the units that it touched, and those that came, where a worker had time
    to encode the ones and to prepare the others.
    """

    adoptions: tuple[Adoption, ...]
    coverage: Coverage
    records: dict[SorId, str] = {}
    created: PreparedUnits = NO_UNITS


class _Encoded(Struct, array_like=True):
    """The same on its way between two processes; the prepared units come behind it."""

    adoptions: tuple[Adoption, ...]
    carriers: list[tuple[str, Kind, int]]
    records: dict[SorId, str]
    created: list[SorId]


class _Heading(Struct, array_like=True):
    """What comes before the prepared events of a run."""

    count: int
    digest: str


_WORK: Final = msgspec.msgpack.Decoder(_Encoded)
_HEADING: Final = msgspec.msgpack.Decoder(_Heading)


@contextmanager
def work_beside(
    comparison: Comparison, reference: Coverage, prepare: PrepareUnits, *, order_known: bool
) -> Iterator[Callable[[], NightWork]]:
    """Prove and count while the block runs, if it is much; what is given waits for it.

    `reference`: the coverage of the night before; `prepare`: what prepares units that came.
    """

    def work() -> NightWork:
        changes, events = comparison.changes, comparison.events
        return NightWork(
            adoptions=prove_events(changes, events, order_known=order_known),
            coverage=update_coverage(reference, changes),
        )

    def encode(done: NightWork) -> Iterator[bytes]:
        changes, new = comparison.changes, comparison.changes.new.units
        created = sorted(changes.created)
        others = changes.touched - {*created}
        records = {sor_id: encode_unit(new[sor_id]) for sor_id in others if sor_id in new}
        counts = [(*key, count) for key, count in done.coverage.carriers.items()]
        yield msgspec.msgpack.encode(_Encoded(done.adoptions, counts, records, created))
        for begin in range(0, len(created), _UNITS_AT_ONCE):
            yield prepare(map(new.__getitem__, created[begin : begin + _UNITS_AT_ONCE]))

    if len(comparison.events) < _FEWEST_FOR_WORKER:
        yield work
        return
    with compute_beside(work, encode, _decode) as wait:
        yield wait


class EventEncoder:
    """Encodes the events of a run, in a worker process from when they are known, if there are many.

    Within its block: at its end no worker is left.
    """

    def __init__(self, run_id: int, prepare: PrepareEvents) -> None:
        """`prepare`: what prepares events for their run."""
        self._run_id = run_id
        self._prepare = prepare
        self._beside = ExitStack()
        self._wait: Callable[[], Sequence[EncodedEvent] | PreparedEvents] | None = None

    def __enter__(self) -> Self:
        """Nothing is begun yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Have the worker gone."""
        self._beside.close()

    def begin(self, events: Sequence[Event], origin: Origin) -> None:
        """Let a worker begin, if the events are many; these are all, and it begins but once."""
        if self._wait is not None:
            return

        def encode() -> list[EncodedEvent]:
            return encode_events(events, origin, self._run_id)

        self._wait = encode
        if len(events) >= _FEWEST_FOR_WORKER:
            beside = compute_beside(encode, self._prepare_all, _read_prepared, gives_way=True)
            self._wait = self._beside.enter_context(beside)

    def _prepare_all(self, encoded: list[EncodedEvent]) -> Iterator[bytes]:
        digest = compute_digest(event.data for event in encoded)
        yield msgspec.msgpack.encode(_Heading(len(encoded), digest))
        for before in range(0, len(encoded), _AT_ONCE):
            yield self._prepare(self._run_id, before, encoded[before : before + _AT_ONCE])

    def wait(self) -> Sequence[EncodedEvent] | PreparedEvents:
        """The events with which it began, as they are recorded."""
        return () if self._wait is None else self._wait()


def _read_prepared(parts: Iterator[bytes]) -> PreparedEvents:
    heading = _HEADING.decode(next(parts))
    return PreparedEvents(count=heading.count, digest=heading.digest, parts=parts)


def encode_events(events: Sequence[Event], origin: Origin, run_id: int) -> list[EncodedEvent]:
    """The events of a run, in their order."""
    return [
        EncodedEvent(build_event_id(event, origin), event.name, event.subject, data)
        for event, data in encode_positioned(events, run_id)
    ]


def _decode(parts: Iterator[bytes]) -> NightWork:
    found = _WORK.decode(next(parts))
    carriers = {(path, kind): count for path, kind, count in found.carriers}
    return NightWork(
        adoptions=found.adoptions,
        coverage=Coverage(Counter(carriers)),
        records=found.records,
        created=PreparedUnits(ids=frozenset(found.created), parts=tuple(parts)),
    )
