"""One notice of a held run, as the service words it."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sordiff.alerts import Alert
from sordiff.notices.notice import Notice
from sordiff.notices.send import deliver_notices
from sordiff.notices.settings import NoticeSettings
from sordiff.service.ingest.notices import list_deciding_commands

CLOSINGS = (
    "1,204 closings, where 200 is the limit; "
    "92 % of the closings are under Region Sjælland (2041000016005)"
)
HELD = Notice(
    kind="run.held",
    run_id=61,
    day="2018-04-23",
    severity="critical",
    title="SOR 2018-04-23: run 61 is held",
    text=f"{CLOSINGS}.",
    commands=list_deciding_commands(61, Path("/srv/sordiff/sordiff.db")),
    alerts=(
        Alert(
            code="limit.unit.ceased",
            severity="critical",
            subject=None,
            message=CLOSINGS,
        ),
    ),
    at="2018-04-23T04:12:09+02:00",
)

# What a unit might be called by someone who means harm.
HOSTILE = Notice(
    kind="alert.raised",
    run_id=None,
    day="2018-04-23",
    severity="warning",
    title="Æble\r\nBcc: everybody@example.com\r\n\r\nClick here\x1b[31m\u202e",
    text="<!channel> @here [Lægehus](http://evil.example) ![x](http://evil.example/x.png) *a* `b`\n\n.\nQUIT",
    commands=("sordiff runs ``` @channel\r\nrm -rf /",),
    alerts=(
        Alert(code="x", severity="warning", subject="1\r\n2", message="Ørsted\r\n<@U1> \u2028\x00"),
    ),
    at="2018-04-23T04:12:09Z",
)


def send_all(
    notices: Sequence[Notice],
    settings: NoticeSettings,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[str, ...]:
    """Send, and only say what failed."""
    return deliver_notices(notices, settings, sleep=sleep).failures
