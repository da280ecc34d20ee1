"""Proxies before the server: what they say of a client is believed of named ones only."""

from collections.abc import Sequence
from typing import Any, Final, cast

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_PEER: Final = "sordiff.peer"
_IS_PROXY: Final = "sordiff.is_proxy"


class KnownProxies:
    """Around the application: the client and the scheme become those that a named proxy tells.

    The address that really connected is kept beside, for it says whose headers are believed.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        known = ProxyHeadersMiddleware(cast("Any", app), list(trusted)) if trusted else None
        self._trusted = known.trusted_hosts if known else frozenset[str]()
        self._within = cast("ASGIApp", known) if known else app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] == "http":
            peer = scope["client"][0] if scope.get("client") else ""
            scope[_PEER] = peer
            scope[_IS_PROXY] = bool(peer) and peer in self._trusted
        await self._within(scope, receive, send)


def find_peer(request: HTTPConnection) -> str:
    """The address that really connected: of a proxy, its own."""
    return str(request.scope.get(_PEER, ""))


def is_from_proxy(request: HTTPConnection) -> bool:
    """Whether a named proxy sent the request."""
    return bool(request.scope.get(_IS_PROXY, False))


def find_client(request: HTTPConnection) -> str:
    """The address of who asks, as far as it is known."""
    return request.client.host if request.client else ""
