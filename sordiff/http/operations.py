"""All operations, in the order in which the OpenAPI document lists them."""

from functools import cache
from typing import Any, Final

from sordiff.events import UnitClosed, find_event_name
from sordiff.http import events, feed, runs, standing, units
from sordiff.http.answer import Answer, build_json_answer
from sordiff.http.deciding.operations import DECISIONS
from sordiff.http.epoch import EPOCH_HEADER
from sordiff.http.events import MORE_HEADER
from sordiff.http.openapi import build_openapi
from sordiff.http.operation import Operation
from sordiff.http.parameters import (
    EventsAsked,
    NoParameters,
    NumberAsked,
    ReportAsked,
    RunAsked,
    RunsAsked,
    SearchAsked,
    StreamAsked,
    UnitAsked,
    UnitHistoryAsked,
    UnitsAsked,
)
from sordiff.http.request_reader import RequestReader
from sordiff.http.stream import STREAM_TYPE
from sordiff.report import RecordedRun, Report, StatusReport
from sordiff.report.lookup_results import Life, ShownNumber, ShownUnit
from sordiff.report.page_results import SearchResult
from sordiff.service.query.sequenced_units import SequencedUnit
from sordiff.wire import CloudEvent

_UNIT: Final = "620121000016009"

_EVENT_HEADERS: Final = {
    "Link": "rel=next leads to the events after these, also where there are none yet.",
    MORE_HEADER: "Whether there are such events already: true or false.",
    EPOCH_HEADER: "The last run that changed more than its events tell. If it is not the one you"
    " had, read the units anew.",
}


@cache
def _build_document() -> Answer:
    return build_json_answer(build_openapi((*OPERATIONS, *DECISIONS)))


async def _answer_document(_reader: RequestReader, _asked: NoParameters) -> Answer:
    return _build_document()


OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        path="/v1/events",
        name="listEvents",
        summary="Events in order, page by page.",
        description="Each page begins behind a sequence, so that nothing is skipped and nothing"
        " comes twice while nights arrive. Go on with the link rel=next, always. A page can be"
        " short, or empty, and yet be followed by others.",
        answer=events.answer_events,
        answers=tuple[CloudEvent, ...],
        media_type=events.BATCH_TYPE,
        parameters=EventsAsked,
        problems=(404, 410),
        headers=_EVENT_HEADERS,
        example={"since": "13", "type": find_event_name(UnitClosed), "limit": "2"},
    ),
    Operation(
        path="/v1/stream",
        name="streamEvents",
        summary="Events as they come, as server-sent events.",
        description="The id of each is its sequence, the data a CloudEvent. The header"
        " Last-Event-ID, which a client sends when it comes back, goes before `since`. Without"
        " both the stream begins with the first event.",
        answer=None,
        answers=None,
        media_type=STREAM_TYPE,
        parameters=StreamAsked,
        problems=(404, 410),
        headers={EPOCH_HEADER: "As that of /v1/events; with another one the stream ends."},
        example={"since": "13"},
    ),
    Operation(
        path="/v1/units",
        name="listUnits",
        summary="All units as they stand, page by page, in the order of their ids.",
        description="Each with the sequence of the last run that changed any part of it. To join:"
        " read all pages, then apply to each unit the events above its own sequence.",
        answer=units.answer_units,
        answers=tuple[SequencedUnit, ...],
        parameters=UnitsAsked,
        problems=(404,),
        headers={
            "Link": "rel=next leads to the next page; the last page has none.",
            EPOCH_HEADER: _EVENT_HEADERS[EPOCH_HEADER],
        },
        example={"limit": "2"},
    ),
    Operation(
        path="/v1/units/{id}",
        name="readUnit",
        summary="A unit with everything resolved, as it stands or as it stood on a day.",
        answer=units.answer_unit,
        answers=ShownUnit,
        parameters=UnitAsked,
        problems=(404,),
        example={"id": _UNIT},
    ),
    Operation(
        path="/v1/units/{id}/history",
        name="readUnitHistory",
        summary="The life of a unit, as the accepted runs told it.",
        answer=units.answer_history,
        answers=Life,
        parameters=UnitHistoryAsked,
        problems=(404,),
        example={"id": _UNIT},
    ),
    Operation(
        path="/v1/location-numbers/{gln}",
        name="readLocationNumber",
        summary="A location number: who has it, who had it, how many units inherit it.",
        answer=units.answer_number,
        answers=ShownNumber,
        parameters=NumberAsked,
        problems=(404,),
        example={"gln": "5790008714034"},
    ),
    Operation(
        path="/v1/search",
        name="searchUnits",
        summary="Units by a number or code that they have, or by words of the name.",
        answer=units.answer_search,
        answers=SearchResult,
        parameters=SearchAsked,
        problems=(404,),
        example={"q": "apotek"},
    ),
    Operation(
        path="/v1/runs",
        name="listRuns",
        summary="Runs, whatever their state, newest first.",
        answer=runs.answer_runs,
        answers=tuple[RecordedRun, ...],
        parameters=RunsAsked,
        headers={"Link": "rel=next leads to older runs; the last page has none."},
        example={"limit": "2"},
    ),
    Operation(
        path="/v1/runs/{run}",
        name="readRun",
        summary="One run.",
        answer=runs.answer_run,
        answers=RecordedRun,
        parameters=RunAsked,
        problems=(404,),
        example={"run": "2"},
    ),
    Operation(
        path="/v1/runs/{run}/report",
        name="readReport",
        summary="What happened in a run, for programs.",
        answer=runs.answer_report,
        answers=Report,
        parameters=ReportAsked,
        problems=(404,),
        example={"run": "2", "limit": "3"},
    ),
    Operation(
        path="/v1/nights.atom",
        name="readFeed",
        summary="The last nights as an Atom feed.",
        answer=feed.answer_feed,
        answers=None,
        media_type=feed.ATOM_TYPE,
    ),
    Operation(
        path="/openapi.json",
        name="readOpenapi",
        summary="This document.",
        answer=_answer_document,
        answers=dict[str, Any],
    ),
    Operation(
        path="/v1/status",
        name="readStatus",
        summary="How the changelog stands: the newest snapshot, what is held, what waits.",
        answer=standing.answer_status,
        answers=StatusReport,
    ),
    Operation(
        path="/health",
        name="readHealth",
        summary="Whether the changelog can be read; 503 where it can't.",
        answer=standing.answer_health,
        answers=standing.Health,
    ),
    Operation(
        path="/metrics",
        name="readMetrics",
        summary="The metrics of the changelog for Prometheus.",
        answer=standing.answer_metrics,
        answers=None,
        media_type=standing.METRICS_TYPE,
    ),
)
