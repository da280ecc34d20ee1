"""Decisions of programs: POST with a token."""

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import cast

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sordiff.http.answer import JSON, Answer, build_response
from sordiff.http.deciding.decider import Decider
from sordiff.http.deciding.operations import DECISIONS, CorrectionSent, DecisionSent
from sordiff.http.deciding.orders import demand_reason, give_order
from sordiff.http.operation import Operation, read_parameters
from sordiff.http.parameters import RunAsked
from sordiff.http.problem import (
    RequestRefused,
    build_problem_response,
    explain_failure,
)
from sordiff.http.sign_in.access import Access, Visitor
from sordiff.http.sign_in.forms import read_body
from sordiff.service.ingest.decision_order import Action, DecisionOrder
from sordiff.wire import encode_canonically


def build_decision_routes(access: Access, decider: Decider | None) -> Sequence[Route]:
    """The routes of all decisions. Without a decider they say that deciding is switched off."""
    return [
        Route(
            operation.path,
            _build_endpoint(operation, access, decider),
            name=operation.name,
            methods=[operation.method],
        )
        for operation in DECISIONS
    ]


def _build_endpoint(
    operation: Operation, access: Access, decider: Decider | None
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            if decider is None:
                return build_problem_response(_refuse_all(), request)
            visitor = access.demand_decider(access.find_program(request), request)
            order = await _read_order(operation, request, visitor)
            run = await give_order(order, visitor, request, access, decider)
            body = encode_canonically(run) + b"\n"
            told = Answer(body=body, media_type=JSON, headers={"Cache-Control": "no-store"})
            return build_response(told, request)
        except Exception as error:  # noqa: BLE001  # every failure is a problem document, also a fault
            return build_problem_response(explain_failure(error, operation.path), request)

    return answer


async def _read_order(operation: Operation, request: Request, visitor: Visitor) -> DecisionOrder:
    asked = cast("RunAsked", read_parameters(operation, request))
    body = await read_body(request, JSON)
    sent = cast("DecisionSent | CorrectionSent", _decode(body, operation.body))
    action: Action = operation.path.rpartition("/")[2]  # type: ignore[assignment]  # the last part of each path is one
    return DecisionOrder(
        action=action,
        run=asked.run,
        user=visitor.full_name,
        reason=demand_reason(sent.reason),
        digest=sent.digest,
        with_run=sent.with_run if isinstance(sent, CorrectionSent) else None,
    )


def _decode(body: bytes, record: type[Struct] | None) -> Struct:
    try:
        return cast("Struct", msgspec.json.decode(body, type=record))
    except msgspec.ValidationError as error:
        message = f"What was sent can't be understood: {error}."
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "body",
            message,
            advice="/openapi.json names what each path takes.",
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        message = "What was sent is no JSON."
        raise RequestRefused(HTTPStatus.BAD_REQUEST, "body", message) from None


def _refuse_all() -> RequestRefused:
    message = "Deciding is switched off on this server."
    advice = "Decide with `sordiff release` or `sordiff reject`."
    return RequestRefused(HTTPStatus.FORBIDDEN, "read-only", message, advice=advice)
