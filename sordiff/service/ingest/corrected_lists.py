"""Code lists that were corrected alone, while every unit is that of the last accepted run.

Nothing is recorded of them: both nights would have the same CreatedAtTime, so a second correction
of a code would be told under the id of the first. The next night is compared with the entries that
were recorded, so its events tell the correction. Until then people are told.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from sordiff.alerts import Alert
from sordiff.changelog import WriteSession
from sordiff.model import Classification
from sordiff.notices.notice import Notice
from sordiff.report import RecordedRun
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.notices import queue_notice
from sordiff.several_entries import is_read_anew, keep_unclear_entries
from sordiff.snapshot import Snapshot

_KIND: Final = "classifications.corrected"
_MOST_CODES: Final = 5


def queue_corrected_lists(
    snapshot: Snapshot, run: RecordedRun, session: WriteSession, options: IngestOptions
) -> list[str]:
    """Whether a snapshot already recorded comes with other code lists than were recorded.

    The lists of the last accepted run alone are known. The notice is kept once for each content of
    SorDataTypes.xml; the warning is given back each time.
    """
    last = session.runs.find_last_accepted()
    if last is None or last.id != run.id:
        return []
    codes = _differing_codes(session.state.read_lists(), snapshot.lists)
    if not codes:
        return []
    message = (
        f"the units are those of run {run.id}, but the code lists differ from those recorded, in "
        f"{_listed(codes)}; nothing was recorded, and the next night will tell it as events"
    )
    _tell(session, snapshot, run, message, options)
    return [message]


def queue_lists_of_held(
    snapshot: Snapshot, run: RecordedRun, session: WriteSession, options: IngestOptions
) -> list[str]:
    """The same of a run that waits for a decision, of which only the bytes of its lists are known.

    What is decided is what was shown, so its lists stay.
    """
    delivered = snapshot.data_types_sha256
    if delivered is None or delivered == session.runs.find_data_types_sha256(run.id):
        return []
    message = (
        f"run {run.id} is held with another SorDataTypes.xml than this one, of which nothing was "
        "recorded; the next night will tell what differs"
    )
    _tell(session, snapshot, run, message, options)
    return [message]


def _differing_codes(
    recorded: Mapping[str, Classification], delivered: Mapping[str, Classification]
) -> list[str]:
    """`list/code` of each entry that is new, gone or another; a list that is missing stays."""
    codes = []
    for name, listed in sorted(keep_unclear_entries(delivered, recorded).items()):
        known = recorded.get(name, Classification(name=name))
        before, after = known.entries, listed.entries
        different = {code for code in before | after if before.get(code) != after.get(code)}
        codes += [
            f"{name}/{code}" for code in sorted(different) if not is_read_anew(known, listed, code)
        ]
    return codes


def _listed(codes: list[str]) -> str:
    named, more = ", ".join(codes[:_MOST_CODES]), len(codes) - _MOST_CODES
    return f"{named} and {more} more" if more > 0 else named


def _notice_of(snapshot: Snapshot, run: RecordedRun, message: str, at: str) -> Notice:
    alert = Alert(
        code=_KIND, severity="warning", subject=snapshot.data_types_sha256, message=message
    )
    day = str(snapshot.header.snapshot_date)
    return Notice(
        kind=_KIND,
        run_id=run.id,
        day=day,
        severity="warning",
        title=f"SOR {day}: the code lists were corrected after run {run.id}",
        text="The same units came again with other code lists.",
        alerts=(alert,),
        at=at,
    )


def _tell(
    session: WriteSession,
    snapshot: Snapshot,
    run: RecordedRun,
    message: str,
    options: IngestOptions,
) -> None:
    if options.sends_notices:
        with session.transaction():
            _queue(session, _notice_of(snapshot, run, message, options.recorded_at))


def _queue(session: WriteSession, notice: Notice) -> None:
    kept = session.notices.find_last([_KIND])
    last = None if kept is None else msgspec.json.decode(kept, type=Notice)
    if last is None or (last.run_id, last.alerts) != (notice.run_id, notice.alerts):
        queue_notice(session, notice)
