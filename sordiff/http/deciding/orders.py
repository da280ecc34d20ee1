"""An order from whoever may decide, carried out, noted, and answered."""

from http import HTTPStatus
from typing import Any, Final

from starlette.requests import Request

from sordiff.http.deciding.decider import Decider
from sordiff.http.problem import RequestRefused
from sordiff.http.proxies import find_client
from sordiff.http.sign_in.access import Access, Visitor
from sordiff.report import RecordedRun
from sordiff.service.ingest.decision_order import DecisionOrder, DecisionResult

_STATUS: Final = {
    "late": HTTPStatus.CONFLICT,
    "unknown": HTTPStatus.NOT_FOUND,
    "refused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "locked": HTTPStatus.SERVICE_UNAVAILABLE,
}
_AGAIN_SECONDS: Final = "10"


async def give_order(
    order: DecisionOrder, visitor: Visitor, request: Request, access: Access, decider: Decider
) -> RecordedRun:
    """The run as it stands then; RequestRefused where it was not done. Both are noted."""
    try:
        result = await decider.carry_out(order)
    except RequestRefused as error:
        _note(order, visitor, request, access, error.kind)
        raise
    _note(order, visitor, request, access, result.outcome)
    if result.outcome == "done" and result.run is not None:
        return result.run
    raise _refuse(result)


def demand_reason(reason: str) -> str:
    """Without a reason nobody decides."""
    if not reason.strip():
        message = "A decision needs a reason."
        raise RequestRefused(HTTPStatus.UNPROCESSABLE_ENTITY, "reason", message)
    return reason.strip()


def _note(
    order: DecisionOrder, visitor: Visitor, request: Request, access: Access, outcome: str
) -> None:
    access.audit.note(
        order.action,
        run=order.run,
        outcome=outcome,
        by=visitor.full_name,
        client=find_client(request),
    )


def _refuse(result: DecisionResult) -> RequestRefused:
    if result.outcome == "locked":
        return RequestRefused(
            _STATUS["locked"],
            "locked",
            "Another sordiff is at work on the changelog.",
            advice="Look at the run in a minute, and decide then.",
            headers={"Retry-After": _AGAIN_SECONDS},
        )
    more: dict[str, Any] = {} if result.run is None else {"run": result.run}
    return RequestRefused(
        _STATUS[result.outcome], result.outcome, result.message, advice=result.advice, **more
    )
