"""Events, run events and state records as lines: whole CloudEvents, as `sordiff events` prints."""

from collections.abc import Iterable, Iterator

from sordiff.event_sink import EventRow, RunEvent, StateRecord
from sordiff.wire import JsonEvents, build_type


def encode_event_lines(rows: Iterable[EventRow], source: str, time: str) -> Iterator[bytes]:
    """The events of a run, in their order."""
    known: dict[str, JsonEvents] = {}
    for event_id, name, subject, sequence, data in rows:
        events = known.get(name)
        if events is None:
            events = known[name] = JsonEvents(source, build_type(name), time)
        yield events.encode(event_id, subject, sequence, data)


def encode_run_event(event: RunEvent, source: str) -> bytes:
    """What is published of a run itself; the source is its subject."""
    events = JsonEvents(source, build_type(event.name), event.time)
    return events.encode(event.id, source, None, event.data)


class StateLines:
    """State records as lines."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._known: dict[tuple[str, str], JsonEvents] = {}

    def encode(self, record: StateRecord) -> bytes:
        """The state of one unit or one location number, which has a value."""
        assert record.value is not None, "what is gone has no line"  # noqa: S101
        kind = record.type, record.time
        events = self._known.get(kind)
        if events is None:
            events = self._known[kind] = JsonEvents(self._source, *kind)
        return events.encode(record.id, record.key, record.sequence, record.value)
