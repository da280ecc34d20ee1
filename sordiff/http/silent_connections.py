"""Connections on which no whole request comes: they are closed, however slowly something drips.

uvicorn waits without end for the first request of a connection, and for the rest of one that began.
"""

import asyncio
import time
from collections.abc import Iterable
from typing import Final, Protocol
from weakref import WeakKeyDictionary

LONGEST_SILENCE_SECONDS: Final = 20.0


class _Cycle(Protocol):
    """A request that is being answered, or was."""

    response_complete: bool


class SilentConnection(Protocol):
    """A connection of uvicorn's; `cycle` is its newest request, None before the first."""

    cycle: _Cycle | None
    transport: asyncio.Transport


class SilentConnections:
    """Since when each connection has asked nothing."""

    def __init__(self, longest_seconds: float) -> None:
        self._longest = longest_seconds
        self._silent: WeakKeyDictionary[SilentConnection, tuple[int, float]] = WeakKeyDictionary()

    def close_oldest(self, connections: Iterable[SilentConnection]) -> None:
        """Close those that were silent for too long; one that is being answered is not silent."""
        now = time.monotonic()
        for connection in tuple(connections):
            cycle = connection.cycle
            if cycle is not None and not cycle.response_complete:
                self._silent.pop(connection, None)
                continue
            last, since = self._silent.get(connection, (0, now))
            if last != id(cycle):
                since = now
            self._silent[connection] = (id(cycle), since)
            if now - since > self._longest:
                connection.transport.close()
