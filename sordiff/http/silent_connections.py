"""Connections on which nothing moves: no whole request comes, or nobody takes the answer.

uvicorn waits without end for the first request of a connection, however slowly something drips, for
the rest of one that began, its body too, and for a client that reads no more.
"""

import asyncio
import time
from collections.abc import Iterable
from typing import Protocol
from weakref import WeakKeyDictionary


class RequestCycle(Protocol):
    """A request that is being answered, or was; `more_body`: its body is not all here."""

    response_complete: bool
    more_body: bool


class SilentConnection(Protocol):
    """A connection of uvicorn's; `cycle` is its newest request, None before the first."""

    cycle: RequestCycle | None
    transport: asyncio.Transport


# What was seen of a connection: its newest request, and how much of an answer waits to be taken.
_Seen = tuple[RequestCycle | None, int]


class SilentConnections:
    """Since when each connection waits for a whole request, or for somebody to take the answer."""

    def __init__(self, longest_seconds: float) -> None:
        self._longest = longest_seconds
        self._silent: WeakKeyDictionary[SilentConnection, tuple[_Seen, float]] = WeakKeyDictionary()

    def close_oldest(self, connections: Iterable[SilentConnection]) -> None:
        """Close those that were silent for too long.

        A byte now and then makes no request: the time counts until headers and body are all here.
        One that is being answered is silent only while it does not take what waits for it.
        """
        now = time.monotonic()
        for connection in tuple(connections):
            cycle = connection.cycle
            left = connection.transport.get_write_buffer_size()
            if _is_answered(cycle) and not left:
                self._silent.pop(connection, None)
                continue
            last, since = self._silent.get(connection, ((cycle, left), now))
            # The same request, not one that lies where an earlier one lay.
            if last[0] is not cycle or last[1] != left:
                since = now
            self._silent[connection] = ((cycle, left), since)
            if now - since > self._longest:
                # To close it would first send what nobody takes.
                (connection.transport.abort if left else connection.transport.close)()


def _is_answered(cycle: RequestCycle | None) -> bool:
    return cycle is not None and not cycle.response_complete and not cycle.more_body
