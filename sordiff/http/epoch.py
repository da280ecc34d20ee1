"""The epoch: since which run the events tell all that changed. Subscribers compare it."""

from typing import Final

from sordiff.changelog import QuerySession
from sordiff.changelog.identity import identify_state
from sordiff.http.request_reader import RequestReader
from sordiff.service.query.sequenced_units import find_epoch

EPOCH_HEADER: Final = "Sordiff-Epoch"


def find_current_epoch(reader: RequestReader, session: QuerySession) -> int:
    """The epoch of the session's moment."""
    mark = identify_state(session)
    return reader.find_once("epoch", mark, lambda: find_epoch(session))
