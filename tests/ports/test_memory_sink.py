"""The contract of a sink, kept by the one in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sordiff.wire import build_type
from tests.ports.memory_sink import Kept, MemorySink
from tests.ports.sink_suite import *  # noqa: F403  # its tests

if TYPE_CHECKING:
    from sordiff.event_sink import StateTopic
    from tests.ports.sink_suite import Read


class MemoryPlace:
    source = "urn:test:memory"

    def __init__(self) -> None:
        self.kept = Kept()

    def sink(self) -> MemorySink:
        return MemorySink(self.kept)

    def events(self) -> list[Read]:
        rows = sorted(self.kept.events, key=lambda row: row[3])
        return [(build_type(name), subject, data) for _, name, subject, _, data in rows]

    def state(self) -> dict[tuple[StateTopic, str], bytes]:
        return {(topic, key): value for (_, topic, key), value in self.kept.state.items()}


@pytest.fixture
def place() -> MemoryPlace:
    return MemoryPlace()
