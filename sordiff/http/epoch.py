"""The epoch: since which run the events tell all that changed. Subscribers compare it."""

from collections.abc import Hashable
from typing import Final

from sordiff.changelog import QuerySession
from sordiff.http.request_reader import RequestReader
from sordiff.service.query.unit_pages import find_epoch

EPOCH_HEADER: Final = "Sordiff-Epoch"


def find_current_epoch(reader: RequestReader, session: QuerySession) -> int:
    """The epoch of the session's moment."""
    mark = identify_state(session)
    return reader.find_once("epoch", mark, lambda: find_epoch(session))


def identify_state(session: QuerySession) -> Hashable:
    """The last accepted run, as no other changelog has it.

    The number is not enough: a changelog that is put in this one's place has runs of its own.
    """
    last = session.runs.find_last_accepted()
    return last and (last.id, last.header.sha256, last.recorded_at, last.last_sequence)
