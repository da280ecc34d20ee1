"""What is told to people: one value for each change of state, the same for every way of telling."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from sordiff.alerts import Alert


class Notice(Struct, frozen=True, kw_only=True):
    """One change of state, put into words once; whoever sends it adds nothing of his own.

    `text` is one paragraph; `commands` are what the reader may call next, one line each. `list` is
    the list of one's own that it is about, if it is about one. `at` is the time of the change in
    ISO 8601 with its offset, `day` the day of the snapshot, or of the change where no snapshot was
    read. The same notice gives the same bytes, so that a receiver can tell a repetition from news.
    """

    kind: Literal[
        "run.held",
        "run.released",
        "run.rejected",
        "run.corrected",
        "run.retracted",
        "alert.raised",
        "alert.resolved",
        "quiet",
        "classifications.corrected",
        "snapshot.refused",
        "snapshot.missing",
        "snapshot.failed",
        "snapshot.resolved",
        "list.changed",
        "test",
    ]
    run_id: int | None
    day: str
    severity: Literal["info", "warning", "critical"]
    title: str
    text: str
    commands: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    at: str
    list: str | UnsetType = UNSET
