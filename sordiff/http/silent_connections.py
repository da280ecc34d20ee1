"""Connections on which nothing moves: no whole request comes, or nobody takes the answer.

uvicorn waits without end for the first request of a connection, however slowly something drips, for
the rest of one that began, and for a client that reads no more.
"""

import asyncio
import time
from collections.abc import Iterable
from typing import Final, Protocol
from weakref import WeakKeyDictionary

LONGEST_SILENCE_SECONDS: Final = 20.0


class RequestCycle(Protocol):
    """A request that is being answered, or was."""

    response_complete: bool


class SilentConnection(Protocol):
    """A connection of uvicorn's; `cycle` is its newest request, None before the first."""

    cycle: RequestCycle | None
    transport: asyncio.Transport


class SilentConnections:
    """Since when each connection has asked nothing, or has taken nothing of its answer."""

    def __init__(self, longest_seconds: float) -> None:
        self._longest = longest_seconds
        self._silent: WeakKeyDictionary[SilentConnection, tuple[tuple[int, int], float]] = (
            WeakKeyDictionary()
        )

    def close_oldest(self, connections: Iterable[SilentConnection]) -> None:
        """Close those that were silent for too long.

        One that is being answered is silent only while it does not take what waits for it.
        """
        now = time.monotonic()
        for connection in tuple(connections):
            cycle = connection.cycle
            is_answered = cycle is not None and not cycle.response_complete
            left = connection.transport.get_write_buffer_size()
            if is_answered and not left:
                self._silent.pop(connection, None)
                continue
            seen = id(cycle), left
            last, since = self._silent.get(connection, (seen, now))
            if last != seen:
                since = now
            self._silent[connection] = (seen, since)
            if now - since > self._longest:
                # To close it would first send what nobody takes.
                (connection.transport.abort if left else connection.transport.close)()
