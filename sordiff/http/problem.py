"""Errors as problem documents (RFC 9457), in English or, where the client prefers it, in Danish."""

import logging
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Any, Final

from msgspec import UNSET, Struct, UnsetType
from starlette.requests import Request
from starlette.responses import Response

from sordiff.errors import ChangelogFailed, ChangelogMissing, SordiffError
from sordiff.http.answer import Answer, build_response
from sordiff.model import Day
from sordiff.render.language import ENGLISH, LANGUAGES, catalogue
from sordiff.report import RecordedRun
from sordiff.wire import encode_canonically

_LOG: Final = logging.getLogger("sordiff.http")
PROBLEM_JSON: Final = "application/problem+json"
_TYPE: Final = "urn:sordiff:problem:{}"


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A problem document; `advice` says what to do next.

    `last_sequence`, of a sequence that is gone: the last one there is. `absence`, of a unit that
    was not there: when it came or went. `run`, of a decision that came too late: how it stands; of
    a unit that only a held run has: that run.
    """

    type: str
    title: str
    status: int
    detail: str
    advice: str = ""
    last_sequence: str | UnsetType = UNSET
    absence: Any = UNSET
    run: RecordedRun | UnsetType = UNSET


class RequestRefused(SordiffError):
    """A request that is answered with a problem; `kind` is its stable name."""

    def __init__(
        self,
        status: HTTPStatus,
        kind: str,
        message: str,
        *,
        advice: str = "",
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        """`headers`: of the answer; `more`: further members of the problem document."""
        super().__init__(message, advice=advice)
        self.status = status
        self.kind = kind
        self.headers = headers or {}
        self.more = more


def build_problem_response(error: SordiffError, request: Request) -> Response:
    """The answer to a request that failed."""
    language = choose_language(request)
    status, _ = name_problem(error)
    headers = {"Content-Language": language, "Cache-Control": "no-store"}
    if status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
        headers["Retry-After"] = "5"
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = "GET, HEAD"
    if isinstance(error, RequestRefused):
        headers.update(error.headers)
    body = encode_problem(error, language)
    answer = Answer(body=body, media_type=PROBLEM_JSON, status=status.value, headers=headers)
    return build_response(answer, request)


def encode_problem(error: SordiffError, language: str = ENGLISH) -> bytes:
    """The problem document of an error."""
    words = catalogue(language)
    status, kind = name_problem(error)
    problem = Problem(
        type=_TYPE.format(kind),
        title=status.phrase,
        status=status.value,
        detail=words.sentence(error.message),
        advice=words.sentence(error.advice) if error.advice else "",
        **(error.more if isinstance(error, RequestRefused) else {}),
    )
    return encode_canonically(problem) + b"\n"


def explain_failure(error: Exception, path: str) -> SordiffError:
    """What is told of a failed request: why; or that the fault is ours, and then the log has it.

    `path` as the route has it: the address may name what somebody looks for, and is not logged.
    """
    if isinstance(error, SordiffError):
        return error
    _LOG.error("%s failed", path, exc_info=error)
    message = "The server failed at this request."
    advice = "Report it, with the time: its log says more."
    return RequestRefused(HTTPStatus.INTERNAL_SERVER_ERROR, "failed", message, advice=advice)


def refuse_path(advice: str) -> RequestRefused:
    """Of an address at which there is nothing; `advice` says what leads to what there is."""
    message = "There is nothing at this address."
    return RequestRefused(HTTPStatus.NOT_FOUND, "path", message, advice=advice)


def parse_day(text: str | None) -> Day | None:
    """The day of a parameter; RequestRefused where there is no such day."""
    if text is None:
        return None
    try:
        return Day(date.fromisoformat(text).isoformat())
    except ValueError:
        message = f"{text} is no day such as 2024-03-06."
        raise RequestRefused(HTTPStatus.BAD_REQUEST, "parameters", message) from None


def name_problem(error: SordiffError) -> tuple[HTTPStatus, str]:
    """The status of an error, and the stable name of its kind."""
    if isinstance(error, RequestRefused):
        return error.status, error.kind
    if isinstance(error, ChangelogMissing | ChangelogFailed):
        return HTTPStatus.SERVICE_UNAVAILABLE, "changelog"
    # What the services refuse is an id, a day or a list that nobody knows.
    return HTTPStatus.NOT_FOUND, "unknown"


def choose_language(request: Request) -> str:
    """The first language of Accept-Language that is one of ours."""
    for each in request.headers.get("accept-language", "").split(","):
        language = each.partition(";")[0].strip().lower().partition("-")[0]
        if language in LANGUAGES:
            return language
    return ENGLISH
