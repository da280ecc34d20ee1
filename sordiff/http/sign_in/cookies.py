"""The cookies of who signs in, and on which connections there are any."""

import ipaddress
from http import HTTPStatus
from typing import Final, Literal

from starlette.requests import HTTPConnection
from starlette.responses import Response

from sordiff.http.problem import RequestRefused
from sordiff.http.proxies import find_peer

_Cookie = Literal["session", "form"]
# Browsers take __Host- only with Secure, for the whole site, and for no other host.
_SECURE: Final = "__Host-sordiff-{}"
_ON_LOOPBACK: Final = "sordiff-{}"


def read_session_cookie(request: HTTPConnection) -> str:
    """The secret of the session that the browser sends; empty where it sends none."""
    return read_cookie(request, "session")


def read_cookie(request: HTTPConnection, cookie: _Cookie) -> str:
    """What a cookie of ours holds; empty where there is none."""
    return request.cookies.get(_name(request, cookie), "")


def set_cookie(
    response: Response, request: HTTPConnection, cookie: _Cookie, value: str, seconds: int
) -> None:
    """Have the browser keep it: for this site alone, out of reach of scripts."""
    response.set_cookie(
        _name(request, cookie),
        value,
        max_age=seconds,
        path="/",
        secure=is_encrypted(request),
        httponly=True,
        samesite="strict",
    )


def remove_cookie(response: Response, request: HTTPConnection, cookie: _Cookie) -> None:
    """Have the browser forget it."""
    set_cookie(response, request, cookie, "", 0)


def is_encrypted(request: HTTPConnection) -> bool:
    """Whether the browser speaks TLS, with us or with a named proxy."""
    return request.url.scheme == "https"


def demand_safe_road(request: HTTPConnection) -> None:
    """Refuse to take a token where others can listen: without TLS it may not leave the machine."""
    if is_encrypted(request) or _stays_here(request):
        return
    message = "Signing in needs HTTPS."
    advice = (
        "Put a proxy with TLS before the server, name it in trusted_proxies, and let it send"
        " X-Forwarded-Proto."
    )
    raise RequestRefused(HTTPStatus.FORBIDDEN, "tls", message, advice=advice)


def _stays_here(request: HTTPConnection) -> bool:
    host = request.url.hostname or ""
    return _is_loopback(find_peer(request)) and (host == "localhost" or _is_loopback(host))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _name(request: HTTPConnection, cookie: _Cookie) -> str:
    return (_SECURE if is_encrypted(request) else _ON_LOOPBACK).format(cookie)
