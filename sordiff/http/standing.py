"""How the changelog stands, for programs and monitors: `/v1/status`, `/health`, `/metrics`."""

from pathlib import PurePath
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sordiff.changelog import QueryableChangelog
from sordiff.http.answer import Answer, build_json_answer
from sordiff.http.parameters import NoParameters
from sordiff.http.request_reader import RequestReader
from sordiff.notices.metrics import format_metrics
from sordiff.service.query.event_pages import find_last_sequence
from sordiff.service.query.status import read_metrics, read_status
from sordiff.wire import pad_sequence

METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Health(Struct, frozen=True, kw_only=True):
    """That the changelog can be read, and how far it has come."""

    status: str
    last_run: int | None
    last_sequence: str


async def answer_status(reader: RequestReader, _asked: NoParameters) -> Answer:
    """How the changelog stands."""
    now = reader.clock()
    status = await reader.read(
        lambda changelog: read_status(changelog, now=now, webhooks=reader.read_positions())
    )
    # Where the file lies is nobody's business.
    return build_json_answer(replace(status, database=PurePath(status.database).name))


async def answer_health(reader: RequestReader, _asked: NoParameters) -> Answer:
    """That the changelog can be read."""
    return build_json_answer(await reader.read(_read_health))


def _read_health(changelog: QueryableChangelog) -> Health:
    with changelog.open_to_read() as session:
        last = session.runs.find_last_accepted()
        return Health(
            status="ok",
            last_run=last.id if last else None,
            last_sequence=pad_sequence(find_last_sequence(session)),
        )


async def answer_metrics(reader: RequestReader, _asked: NoParameters) -> Answer:
    """The metrics of the changelog."""
    now = reader.clock()

    def read(changelog: QueryableChangelog) -> str:
        with changelog.open_to_read() as session:
            return format_metrics(read_metrics(session, now=now))

    return Answer(body=(await reader.read(read)).encode(), media_type=METRICS_TYPE)
