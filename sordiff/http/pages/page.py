"""A page: a path, who asks for it in which language, and every error as a page, too."""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from http import HTTPStatus
from typing import Final

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sordiff.errors import SordiffError
from sordiff.http.answer import Answer, build_response
from sordiff.http.problem import (
    RequestRefused,
    choose_language,
    explain_failure,
    name_problem,
    refuse_path,
)
from sordiff.http.request_reader import RequestReader
from sordiff.render.language import LANGUAGES, catalogue
from sordiff.render.pages.site import POLICY, Visit, render_page

HTML: Final = "text/html; charset=utf-8"
_COOKIE: Final = "sordiff-lang"
_LONGEST_TEXT: Final = 200
_MISSING: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND})


class Asked(Struct, frozen=True, kw_only=True):
    """A request for a page: the visit, what is asked of the page, and the parts of its path."""

    visit: Visit
    query: Mapping[str, str]
    path: Mapping[str, str]

    @property
    def key(self) -> Hashable:
        """What the answer depends on beside what is recorded."""
        visit, query = self.visit, tuple(sorted(self.query.items()))
        return visit.words.language, visit.decides, visit.signs_in, visit.path, query


Answerer = Callable[[RequestReader, Asked], Awaitable[Answer]]


def build_route(path: str, answerer: Answerer, reader: RequestReader) -> Route:
    """The route of a page."""

    async def answer(request: Request) -> Response:
        visit = build_visit(request)
        asked = Asked(
            visit=visit,
            query=visit.query,
            path={name: str(part) for name, part in request.path_params.items()},
        )
        try:
            found = await answerer(reader, asked)
        except Exception as error:  # noqa: BLE001  # every failure is a page, also a fault
            found = build_problem_page(explain_failure(error, path), visit)
        response = build_response(found, request)
        if request.query_params.get("lang") in LANGUAGES:
            response.set_cookie(
                _COOKIE, visit.words.language, max_age=31_536_000, httponly=True, samesite="lax"
            )
        return response

    return Route(path, answer, methods=["GET"])


def build_page(body: bytes, status: int = HTTPStatus.OK, policy: str | None = None) -> Answer:
    """A page; what it may load and do stands in its policy."""
    return Answer(
        body=body,
        media_type=HTML,
        status=status,
        headers=build_page_headers(policy or build_policy()),
    )


def build_policy(scripts: str = "", styles: str = "") -> str:
    """The policy of a page, with the hashes of what is inline in it."""
    return POLICY.format(scripts, styles)


def build_problem_page(error: SordiffError, visit: Visit) -> Answer:
    """What went wrong, as a page."""
    status, _ = name_problem(error)
    words = visit.words
    body = render_page(
        "problem.html.jinja",
        visit,
        status=words.text(f"site.problem.{_name_status(status)}"),
        message=words.sentence(error.message),
        advice=words.sentence(error.advice) if error.advice else "",
    )
    headers = {**build_page_headers(build_policy()), "Cache-Control": "no-store"}
    if isinstance(error, RequestRefused):
        headers.update(error.headers)
    return Answer(body=body, media_type=HTML, status=status, headers=headers)


def build_missing_page(request: Request) -> Response:
    """Of an address at which there is nothing."""
    refused = refuse_path("The front page leads to all there is.")
    return build_response(build_problem_page(refused, build_visit(request)), request)


def is_for_people(request: Request) -> bool:
    """Whether a browser asks, for what is not below `/v1`."""
    wanted = request.headers.get("accept", "")
    return "text/html" in wanted and not request.scope["path"].startswith("/v1/")


def refuse(message: str, advice: str = "") -> RequestRefused:
    """Of something asked that can be no answer's question."""
    return RequestRefused(HTTPStatus.BAD_REQUEST, "parameters", message, advice=advice)


def _name_status(status: HTTPStatus) -> str:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "failed"
    return "missing" if status in _MISSING else "refused"


def build_page_headers(policy: str) -> dict[str, str]:
    """The headers of every page."""
    return {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Vary": "Accept-Encoding, Accept-Language, Cookie",
    }


def build_visit(request: Request) -> Visit:
    """In the language asked for, else in the one asked for before, else in the browser's."""
    asked = request.query_params.get("lang") or request.cookies.get(_COOKIE, "")
    language = asked if asked in LANGUAGES else choose_language(request)
    query = {
        name: value[:_LONGEST_TEXT]
        for name, value in request.query_params.items()
        if name != "lang"
    }
    return Visit(
        words=catalogue(language),
        path=request.url.path,
        query=query,
        decides=getattr(request.app.state, "decides", False),
        signs_in=getattr(request.app.state, "signs_in", False),
    )
