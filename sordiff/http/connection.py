"""A connection: there is an end to how many are open, and what is no request gets a problem."""

import asyncio
from http import HTTPStatus
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sordiff.http.problem import PROBLEM_JSON, RequestRefused, encode_problem

MOST_CONNECTIONS = 10_000


class ServerConfig(uvicorn.Config):
    """The settings of uvicorn, and how many connections may be open at a time."""

    most_connections: int = MOST_CONNECTIONS


class Connection(HttpToolsProtocol):
    """A connection of uvicorn's."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Where too many are open, close one that asks nothing, or else this one.

        So whoever holds connections without a request keeps nobody from being answered.
        """
        super().connection_made(transport)
        if isinstance(self.config, ServerConfig):
            most = self.config.most_connections
            if len(self.connections) > most and not self._close_silent_one():
                message = "Too many connections are open."
                advice = "Ask again in a few seconds."
                self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "busy", message, advice)

    def _close_silent_one(self) -> bool:
        for other in self.connections:
            if other is self or not isinstance(other, Connection) or other.transport.is_closing():
                continue
            if other.cycle is None or other.cycle.response_complete:
                other.transport.close()
                return True
        return False

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn's own words
        """Of what the parser can't read: no HTTP, or an address of more than 65,535 characters."""
        message = "This is no request that can be read."
        advice = "Send HTTP/1.1, with an address of at most 65,535 characters."
        self._refuse(HTTPStatus.BAD_REQUEST, "request", message, advice)

    def _refuse(self, status: HTTPStatus, kind: str, message: str, advice: str) -> None:
        body = encode_problem(RequestRefused(status, kind, message, advice=advice))
        more: dict[str, Any] = (
            {"Retry-After": 5} if status >= HTTPStatus.INTERNAL_SERVER_ERROR else {}
        )
        headers = {
            "Content-Type": PROBLEM_JSON,
            "Content-Length": len(body),
            "Cache-Control": "no-store",
            "Connection": "close",
            **more,
        }
        lines = [" ".join(("HTTP/1.1", str(status.value), status.phrase))]
        lines += [": ".join((name, str(value))) for name, value in headers.items()]
        self.transport.write("\r\n".join([*lines, "", ""]).encode() + body)
        self.transport.close()
