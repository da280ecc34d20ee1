"""The server: uvicorn around the application, in one process."""

import asyncio
import resource
import socket
from collections.abc import Callable
from typing import Final, cast

import uvicorn
from starlette.types import ASGIApp

from sordiff.http.connection import MOST_CONNECTIONS, Connection, ServerConfig
from sordiff.http.proxies import KnownProxies
from sordiff.http.silent_connections import SilentConnection, SilentConnections
from sordiff.settings.serve import ServeSettings

_SHUTDOWN_SECONDS: Final = 5
_OTHER_FILES: Final = 200


class Server(uvicorn.Server):
    """Serves until SIGTERM or Ctrl-C, and raises the signal anew when all is closed."""

    def __init__(
        self,
        app: ASGIApp,
        settings: ServeSettings,
        *,
        on_ready: Callable[[str], None],
        on_end: Callable[[], None],
        most_connections: int = MOST_CONNECTIONS,
    ) -> None:
        """`on_ready` is told the address once it listens; of port 0 the system chooses one.

        `on_end` is called when it is to stop: who waits then waits no longer.
        """
        config = ServerConfig(
            cast("ASGIApp", KnownProxies(app, settings.trusted_proxies)),
            http=Connection,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # KnownProxies does it, and keeps who really connected
            ws="none",
            timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        )
        # Files are needed beside connections; at the limit of the system uvicorn takes no more.
        most_files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        config.most_connections = min(most_connections, max(1, most_files - _OTHER_FILES))
        super().__init__(config)
        self._on_ready = on_ready
        self._on_end = on_end
        self._silence_seconds = settings.request_seconds

    async def main_loop(self) -> None:
        """Serve, and close what is silent."""
        closing = asyncio.create_task(self._close_silent())
        try:
            await super().main_loop()
        finally:
            closing.cancel()

    async def _close_silent(self) -> None:
        silent = SilentConnections(self._silence_seconds)
        while True:
            await asyncio.sleep(self._silence_seconds / 4)
            silent.close_oldest(cast("set[SilentConnection]", self.server_state.connections))

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and tell where."""
        await super().startup(sockets)
        for server in self.servers:
            for listening in server.sockets:
                host, port = listening.getsockname()[:2]
                name = f"[{host}]" if ":" in host else host
                self._on_ready(f"http://{name}:{port}")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let nobody wait any more, and close."""
        self._on_end()
        await super().shutdown(sockets)
