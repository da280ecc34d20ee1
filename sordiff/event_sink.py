"""Where recorded runs are published: the port that every sink implements.

A sink keeps what it was sent, can read its run events back, and takes each run whole or not at all.
docs/ports.md tells how to write one.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Final, Literal, Protocol, TypeAlias

from msgspec import Struct

from sordiff.model import Day

StateTopic: TypeAlias = Literal["units", "location-numbers"]
UNITS: Final = "units"
LOCATION_NUMBERS: Final = "location-numbers"
# The sink that there was before there were others.
KAFKA: Final = "kafka"
# id, name, subject, sequence, data
EventRow: TypeAlias = tuple[str, str, str, int, bytes]


class RunEvent(Struct, frozen=True, kw_only=True):
    """What is published of a run itself: its name (`run.started`), id, time, and data as JSON."""

    name: str
    id: str
    time: str
    data: bytes


class ArrivedRunEvent(Struct, frozen=True, kw_only=True):
    """A run event that a sink holds: which, of which source, and its data as they lie there."""

    id: str
    type: str
    source: str
    replay: bool
    data: bytes


class ArrivedRunEvents(Struct, frozen=True, kw_only=True):
    """Run events that a sink holds, oldest first.

    `since` is the position behind which they were read; empty where everything was. `position` is
    that of the end.
    """

    events: tuple[ArrivedRunEvent, ...]
    since: str
    position: str


class ArrivedMessage(Struct, frozen=True, kw_only=True, gc=False):
    """An event or a state record as it lies in a topic; data of None is a tombstone."""

    topic: str
    key: str
    id: str
    source: str
    sequence: int | None
    replay: bool
    data: bytes | None


class StateRecord(Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """The state of one unit or one location number.

    `value` is canonical JSON, the data of a CloudEvent of that type and `id`; None is a tombstone:
    what had the key is gone. `sequence` is that of the last run that changed any part of it, `time`
    its CreatedAtTime.
    """

    topic: StateTopic
    key: str
    value: bytes | None
    id: str
    sequence: int
    time: str
    type: str


class OutgoingRun(Struct, frozen=True, kw_only=True):
    """A run to be sent whole, in the order of the fields; what is an iterable is read once.

    `position` only grows from one message of a changelog to the next. `states` is empty where a
    run is sent again.
    """

    position: int
    run_id: int
    day: Day
    started: RunEvent
    events: Iterable[EventRow]
    states: Iterable[StateRecord]
    completed: RunEvent


class OutgoingRunEvent(Struct, frozen=True, kw_only=True):
    """One run event to be sent by itself: held, released, rejected, retracted, or an alert."""

    position: int
    run_id: int
    day: Day
    event: RunEvent


class SinkSession(Protocol):
    """The one publisher of a source, until the block ends.

    Each `send` and `replace_state` gives the number of messages, after all of them are known to be
    there for good; when it raises, none of them is, unless the answer was lost. Whoever continues
    must read the run events first.
    """

    def read_run_events(self, since: str = "") -> ArrivedRunEvents:
        """Every run event that is there for good, of all sources.

        `since` is the position that an earlier call gave, of whatever process: only what came
        behind it is read, if all that it was given for is still there. Else everything is read.
        """

    def send_run(self, run: OutgoingRun) -> int:
        """Send a run: all of it arrives, or none of it."""

    def send_run_event(self, message: OutgoingRunEvent) -> int:
        """Send one run event."""

    def replace_state(self, records: Iterable[StateRecord], last_sequence: int) -> int:
        """Put these records in place of all state of the source; whatever else is there is gone."""


class TopicContents(Protocol):
    """Everything that is committed in the topics of a sink, of all sources, to be proved."""

    @property
    def place(self) -> str:
        """What it is called in a sentence."""

    @property
    def keeps_all(self) -> bool:
        """Whether no event is ever dropped because of its age."""

    def read_run_events(self) -> Iterable[ArrivedRunEvent]:
        """Every run event, oldest first."""

    def read_events(self) -> Iterable[ArrivedMessage]:
        """Every event; those of one key in the order in which they lie there."""

    def read_states(self, topic: StateTopic) -> Iterable[ArrivedMessage]:
        """Every record of a state topic that is still there; those of one key in order."""


class EventSink(Protocol):
    """A place where runs are published."""

    @property
    def name(self) -> str:
        """Under which name the outbox notes what has arrived there."""

    @property
    def place(self) -> str:
        """What it is called in a sentence: `Kafka at localhost:9092`."""

    @property
    def separation(self) -> str:
        """What a changelog needs that shall not mix with what is there, for a sentence."""

    @property
    def is_shared(self) -> bool:
        """Whether unrelated sources may publish there, each on its own."""

    @property
    def takes_state_of_runs(self) -> bool:
        """Whether `send_run` sends the state that a run changed; else it is only sent whole."""

    def prepare(self) -> None:
        """Make the place where that can be done; raise before it is noted that it is used."""

    def begin(self, source: str) -> AbstractContextManager[SinkSession]:
        """Become the one publisher of the source.

        Whoever published it before is shut out, and what was left half sent is undone, before the
        block begins. Raises NotPublished where that may work later, PublishingRefused where
        somebody must put something right first.
        """
