"""Pages that are not the same for everybody: nobody keeps them, and they may take forms."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sordiff.errors import SordiffError
from sordiff.http.answer import Answer, build_response
from sordiff.http.pages.page import (
    HTML,
    build_page_headers,
    build_policy,
    build_problem_page,
    build_visit,
)
from sordiff.http.problem import build_fault

_LOG: Final = logging.getLogger("sordiff.http")


def build_own_route(
    path: str, answerer: Callable[[Request], Awaitable[Response]], methods: Sequence[str]
) -> Route:
    """The route of such a page; every error is a page, too."""

    async def answer(request: Request) -> Response:
        try:
            return await answerer(request)
        except SordiffError as error:
            found = build_problem_page(error, build_visit(request))
        except Exception:  # noqa: BLE001  # the last net: a fault is a page, too
            _LOG.exception("%s failed", path)
            found = build_problem_page(build_fault(), build_visit(request))
        return build_response(found, request)

    return Route(path, answer, methods=list(methods))


def build_own_page(
    body: bytes, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> Answer:
    """Such a page."""
    kept = {**build_page_headers(build_policy()), "Cache-Control": "no-store", **(headers or {})}
    return Answer(body=body, media_type=HTML, status=status, headers=kept)
