"""The connections between the nodes of a cluster, which can be severed while its clients reach every node.

Before each listener that the nodes use among themselves stands a forwarder. Who connects is known by the client id of
the first request: `raft-client-1`, `broker-1-fetcher-0`, `1`. What is sent over a severed link is kept back until the
link is mended, as it is with TCP when packets are lost.
"""

from __future__ import annotations

import asyncio
import re
import struct
import threading
from contextlib import suppress
from typing import Self

from tests.kafka.broker import free_ports

# Size, API, version, correlation id, and the length of the client id that follows.
_HEAD = struct.Struct(">ihhih")
_LISTENERS = ("PLAINTEXT", "INTERNAL", "CONTROLLER")
_HOST = "127.0.0.1"


class Links:
    """Between all nodes; as a context, which forwards."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._severed: frozenset[int] = frozenset()
        self._mended = asyncio.Event()
        self._mended.set()
        self._controllers: dict[int, int] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def sever(self, node: int) -> None:
        """Between it and all others, both ways."""
        self._severed = frozenset({node})
        self._loop.call_soon_threadsafe(self._mended.clear)

    def mend(self) -> None:
        self._severed = frozenset()
        self._loop.call_soon_threadsafe(self._mended.set)

    @property
    def voters(self) -> str:
        """The controllers as they reach each other."""
        found = sorted(self._controllers.items())
        return ",".join(f"{node}@{_HOST}:{port}" for node, port in found)

    def forward(self, node: int, *, clients: int, controller: int) -> dict[str, str]:
        """The settings of a node with these ports, so that the others reach it through here."""
        inner, public, public_controller = free_ports(3)
        ports = dict(zip(_LISTENERS, (clients, inner, controller), strict=True))
        told = dict(zip(_LISTENERS, (clients, public, public_controller), strict=True))
        for behind, before in ((inner, public), (controller, public_controller)):
            asyncio.run_coroutine_threadsafe(
                self._listen(node, before, behind), self._loop
            ).result()
        self._controllers[node] = public_controller
        return {
            "listeners": ",".join(f"{name}://{_HOST}:{port}" for name, port in ports.items()),
            "advertised.listeners": ",".join(
                f"{name}://{_HOST}:{port}" for name, port in told.items()
            ),
            "listener.security.protocol.map": ",".join(f"{name}:PLAINTEXT" for name in _LISTENERS),
            "inter.broker.listener.name": "INTERNAL",
        }

    async def _listen(self, node: int, before: int, behind: int) -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._serve(node, behind, reader, writer)
            writer.close()

        await asyncio.start_server(serve, _HOST, before)

    async def _serve(
        self, node: int, behind: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = await reader.readexactly(_HEAD.size)
        name = await reader.readexactly(_HEAD.unpack(head)[-1])
        number = re.search(rb"\d+", name)
        assert number, f"no node calls itself {name!r}"
        ends = frozenset({int(number[0]), node})
        await self._await_open(ends)
        inner_reader, inner_writer = await asyncio.open_connection(_HOST, behind)
        inner_writer.write(head + name)
        pumps = [
            asyncio.create_task(self._pump(ends, reader, inner_writer)),
            asyncio.create_task(self._pump(ends, inner_reader, writer)),
        ]
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pumps:
            pump.cancel()
        inner_writer.close()

    async def _pump(
        self, ends: frozenset[int], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self._await_open(ends)
                writer.write(data)
                await writer.drain()

    async def _await_open(self, ends: frozenset[int]) -> None:
        while len(ends) > 1 and ends & self._severed:
            await self._mended.wait()
