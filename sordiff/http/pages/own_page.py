"""Pages that are not the same for everybody: nobody keeps them, and they may take forms."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sordiff.http.answer import Answer, build_response
from sordiff.http.pages.page import (
    HTML,
    build_page_headers,
    build_policy,
    build_problem_page,
    build_visit,
)
from sordiff.http.problem import explain_failure


def build_own_route(
    path: str, answerer: Callable[[Request], Awaitable[Response]], methods: Sequence[str]
) -> Route:
    """The route of such a page; every error is a page, too."""

    async def answer(request: Request) -> Response:
        try:
            return await answerer(request)
        except Exception as error:  # noqa: BLE001  # every failure is a page, also a fault
            found = build_problem_page(explain_failure(error, path), build_visit(request))
            return build_response(found, request)

    return Route(path, answer, methods=list(methods))


def build_own_page(
    body: bytes, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> Answer:
    """Such a page."""
    kept = {**build_page_headers(build_policy()), "Cache-Control": "no-store", **(headers or {})}
    return Answer(body=body, media_type=HTML, status=status, headers=kept)
