"""Where reading asks for a token: nothing is answered before it is known who asks."""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sordiff.http.answer import build_response
from sordiff.http.pages.page import build_problem_page, build_visit, is_for_people
from sordiff.http.problem import RequestRefused, build_problem_response
from sordiff.http.sign_in.access import Access, Visitor, refuse_unknown

SIGN_IN_PATH: Final = "/sign-in"
# What is needed to sign in, and what a monitor asks.
_OPEN: Final = (SIGN_IN_PATH, "/health")
_ASSETS: Final = "/assets/"


class _VisitorGoneError(Exception):
    """Who reads a stream may do so no longer."""


class ReadingGuard:
    """Around the application."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or _is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            visitor = self._find(request)
        except RequestRefused as error:
            await _refuse(request, error)(scope, receive, send)
            return
        if visitor is None:
            await _send_away(request)(scope, receive, send)
            return
        try:
            await self._app(scope, receive, self._watch(visitor, request, send))
        except _VisitorGoneError:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _find(self, request: Request) -> Visitor | None:
        return self._access.find_program(request) or self._access.find_person(request)

    def _watch(self, visitor: Visitor, request: Request, send: Send) -> Send:
        """Caches that others share keep nothing, and a stream ends with the right to read it."""

        async def send_watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("cache-control", "no-cache") == "no-cache":
                    headers["cache-control"] = "private, no-cache"
            elif message.get("more_body") and not self._is_still(visitor, request):
                raise _VisitorGoneError
            await send(message)

        return send_watched

    def _is_still(self, visitor: Visitor, request: Request) -> bool:
        try:
            return self._find(request) == visitor
        except RequestRefused:
            return False


def _is_open(path: str) -> bool:
    return path in _OPEN or path.startswith(_ASSETS)


def _send_away(request: Request) -> Response:
    """A person to where one signs in; a program with a problem document."""
    if not is_for_people(request) or request.method != "GET":
        return build_problem_response(refuse_unknown(), request)
    query = f"?{request.url.query}" if request.url.query else ""
    onward = urlencode({"next": f"{request.url.path}{query}"})
    return RedirectResponse(
        f"{SIGN_IN_PATH}?{onward}",
        HTTPStatus.SEE_OTHER,
        {"Cache-Control": "no-store"},
    )


def _refuse(request: Request, error: RequestRefused) -> Response:
    if is_for_people(request):
        return build_response(build_problem_page(error, build_visit(request)), request)
    return build_problem_response(error, request)
