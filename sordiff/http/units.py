"""Units and location numbers, as they stand or stood: `/v1/units`, `/v1/location-numbers`."""

from collections.abc import Callable
from http import HTTPStatus

from sordiff.changelog import QuerySession, ServedChangelog
from sordiff.changelog.identity import identify_state
from sordiff.changelog.records import LastChange
from sordiff.http.answer import Answer, build_json_answer, build_link
from sordiff.http.epoch import EPOCH_HEADER, find_current_epoch
from sordiff.http.parameters import (
    NumberAsked,
    SearchAsked,
    UnitAsked,
    UnitHistoryAsked,
    UnitsAsked,
)
from sordiff.http.problem import RequestRefused, parse_day
from sordiff.http.request_reader import RequestReader
from sordiff.model import Day, Gln, SorId
from sordiff.report.lookup_results import ShownAbsence, ShownNumber, ShownUnit
from sordiff.service.query.held_units import find_holding_run, find_run_holding_number
from sordiff.service.query.history import read_history
from sordiff.service.query.register_pages import search_register
from sordiff.service.query.sequenced_units import read_last_change, read_sequenced_units
from sordiff.service.query.show import look_up


async def answer_unit(reader: RequestReader, asked: UnitAsked) -> Answer:
    """A unit with everything resolved, today or on a day."""
    day = parse_day(asked.as_of)

    def read(changelog: ServedChangelog) -> Answer:
        return _read_unit(reader, changelog, asked, day)

    # As it stands now a unit takes a few look-ups; what was is worked out.
    if day is None and not asked.successor:
        return await reader.read_at_once(read)
    return await reader.read_once((asked, reader.index.read_mark()), read)


async def answer_number(reader: RequestReader, asked: NumberAsked) -> Answer:
    """A location number, today or on a day: who has it, who had it."""
    day = parse_day(asked.as_of)
    return await reader.read_once(asked, lambda found: _read_number(found, asked.gln, day))


async def answer_history(reader: RequestReader, asked: UnitHistoryAsked) -> Answer:
    """The life of a unit."""
    return await reader.read_once((asked, reader.index.read_mark()), _history_of(reader, asked))


async def answer_search(reader: RequestReader, asked: SearchAsked) -> Answer:
    """The units that fit a text, what fits best first."""

    def read(changelog: ServedChangelog) -> Answer:
        return build_json_answer(search_register(changelog, reader.index, asked.q, asked.limit))

    return await reader.read_once((asked, reader.index.read_mark()), read)


async def answer_units(reader: RequestReader, asked: UnitsAsked) -> Answer:
    """A page of all units."""

    def read(changelog: ServedChangelog) -> Answer:
        with changelog.open_to_query() as session:
            last = _find_last_change(reader, session)
            page = read_sequenced_units(session, last, asked.after, asked.limit)
            headers = {EPOCH_HEADER: str(find_current_epoch(reader, session))}
        if page.more:
            after = page.units[-1].state.unit.sor_id
            headers["Link"] = build_link("/v1/units", {"after": after, "limit": asked.limit})
        return build_json_answer(page.units, headers)

    return await reader.read_once(asked, read)


def _find_last_change(reader: RequestReader, session: QuerySession) -> LastChange:
    mark = identify_state(session)
    return reader.find_once("last change", mark, lambda: read_last_change(session))


def _read_unit(
    reader: RequestReader, changelog: ServedChangelog, asked: UnitAsked, day: Day | None
) -> Answer:
    sor_id = asked.id
    with changelog.open_to_query() as session:
        # Of an id that nobody has `look_up` would search for what else is called so.
        if session.ownership.find_first_run(SorId(sor_id)) is None:
            raise _refuse_unknown_unit(session, sor_id)
    shown = look_up(changelog, sor_id, day, suggests=asked.successor, index=reader.index)
    if isinstance(shown, ShownUnit):
        return build_json_answer(shown)
    if isinstance(shown, ShownAbsence):
        message = f"The unit {sor_id} is not in the register of {shown.answering.day}."
        raise RequestRefused(
            HTTPStatus.NOT_FOUND, "absent", message, advice="See `absence`.", absence=shown
        )
    raise _build_unknown(sor_id)


def _read_number(changelog: ServedChangelog, gln: str, day: Day | None) -> Answer:
    with changelog.open_to_query() as session:
        if not session.ownership.is_number(Gln(gln)):
            raise _refuse_unknown_number(session, Gln(gln))
    shown = look_up(changelog, gln, day)
    if not isinstance(shown, ShownNumber):
        raise _build_unknown(gln)
    return build_json_answer(shown)


def _history_of(
    reader: RequestReader, asked: UnitHistoryAsked
) -> Callable[[ServedChangelog], Answer]:
    return lambda changelog: build_json_answer(
        read_history(changelog, asked.id, suggests=asked.successor, index=reader.index)
    )


def _refuse_unknown_unit(session: QuerySession, sor_id: str) -> RequestRefused:
    """Of a unit that only a held run has: it is not in the register, and that run may change it."""
    held = find_holding_run(session, SorId(sor_id))
    if held is None:
        return _build_unknown(sor_id)
    message = f"Only run {held.id} has the unit {sor_id}, and it is held."
    advice = "Ask again when the run is released; until then the register has no such unit."
    return RequestRefused(HTTPStatus.NOT_FOUND, "held", message, advice=advice, run=held)


def _refuse_unknown_number(session: QuerySession, number: Gln) -> RequestRefused:
    held = find_run_holding_number(session, number)
    if held is None:
        return _build_unknown(number)
    message = f"Only run {held.id} has the location number {number}, and it is held."
    advice = "Ask again when the run is released; until then no unit has this number."
    return RequestRefused(HTTPStatus.NOT_FOUND, "held", message, advice=advice, run=held)


def _build_unknown(subject: str) -> RequestRefused:
    message = f"No recorded night has a unit or a location number {subject}."
    advice = "Give a whole SOR id, or a GLN of 13 digits."
    return RequestRefused(HTTPStatus.NOT_FOUND, "unknown", message, advice=advice)
