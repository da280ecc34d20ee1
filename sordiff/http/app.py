"""The application: a route for each operation, and every error as a problem document."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sordiff.http.answer import build_response
from sordiff.http.kept_answers import KeptAnswers
from sordiff.http.operation import Operation, read_parameters
from sordiff.http.operations import OPERATIONS
from sordiff.http.pages.page import build_missing_page, is_for_people
from sordiff.http.parameters import StreamAsked
from sordiff.http.problem import (
    RequestRefused,
    build_problem_response,
    explain_failure,
    refuse_path,
)
from sordiff.http.request_reader import RequestReader
from sordiff.http.sign_in.access import Access
from sordiff.http.sign_in.guard import ReadingGuard
from sordiff.http.stream import KEEP_ALIVE_SECONDS, EventStreams

_Endpoint = Callable[[Request], Awaitable[Response]]


def build_app(
    reader: RequestReader,
    pages: Sequence[BaseRoute] = (),
    *,
    access: Access | None = None,
    keep_alive_seconds: float = KEEP_ALIVE_SECONDS,
    beside: Sequence[Callable[[], Coroutine[None, None, None]]] = (),
) -> Starlette:
    """The application over a changelog. `pages` are further routes: for people, and decisions.

    `access`: who may do what; without it everything is open, and nothing can be decided.
    `beside`: what else runs as long as it does.
    """
    streams = EventStreams(reader, keep_alive_seconds)
    routes = [
        Route(operation.path, _build_endpoint(operation, reader, streams), name=operation.name)
        for operation in OPERATIONS
    ]

    @asynccontextmanager
    async def run_beside(_app: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(run()) for run in (reader.watch.run, *beside)]
        yield
        for task in tasks:
            task.cancel()

    guards = [] if access is None or not access.is_needed_to_read else [access]
    app = Starlette(
        routes=[*routes, *pages],
        # The answers that are kept come last: whatever decides who may ask stands before them.
        middleware=[
            *(Middleware(ReadingGuard, access=each) for each in guards),
            Middleware(KeptAnswers, reader.changelog.read_mark),
        ],
        exception_handlers={HTTPException: _answer_http_exception},
        lifespan=run_beside,
    )
    app.state.decides = access is not None and access.settings.decide
    app.state.signs_in = access is not None and access.is_needed
    return app


def _build_endpoint(
    operation: Operation, reader: RequestReader, streams: EventStreams
) -> _Endpoint:
    async def answer(request: Request) -> Response:
        try:
            asked = read_parameters(operation, request)
            if operation.answer is None:
                return await streams.answer(cast("StreamAsked", asked), request)
            return build_response(await operation.answer(reader, asked), request)
        except Exception as error:  # noqa: BLE001  # every failure is a problem document, also a fault
            return build_problem_response(explain_failure(error, operation.path), request)

    return answer


async def _answer_http_exception(request: Request, error: Exception) -> Response:
    """What Starlette refuses by itself: a path that is none, a method that is not GET."""
    status = HTTPStatus(error.status_code if isinstance(error, HTTPException) else 500)
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        refused = _refuse_method(error)
    elif is_for_people(request):
        return build_missing_page(request)
    else:
        refused = refuse_path("/openapi.json names what there is.")
    return build_problem_response(refused, request)


def _refuse_method(error: Exception) -> RequestRefused:
    taken = (error.headers or {}).get("Allow", "") if isinstance(error, HTTPException) else ""
    if "GET" in taken or "POST" not in taken:
        message, advice = "This address can only be read.", "Ask with GET or HEAD."
        headers = {}
    else:
        message, advice = "This address takes decisions alone.", "Ask with POST."
        headers = {"Allow": taken}
    return RequestRefused(
        HTTPStatus.METHOD_NOT_ALLOWED, "method", message, advice=advice, headers=headers
    )
