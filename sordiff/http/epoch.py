"""The epoch: since which run the events tell all that changed. Subscribers compare it."""

from typing import Final

from sordiff.changelog import QuerySession
from sordiff.http.request_reader import RequestReader
from sordiff.service.query.unit_pages import find_epoch

EPOCH_HEADER: Final = "Sordiff-Epoch"


def find_current_epoch(reader: RequestReader, session: QuerySession) -> int:
    """The epoch of the session's moment."""
    last = session.runs.find_last_accepted()
    return reader.find_once("epoch", last and last.id, lambda: find_epoch(session))
