"""All notices to all that is configured: what fails is told, and stops nothing."""

import time
from collections.abc import Callable, Sequence

from sordiff.errors import SordiffError
from sordiff.notices.notice import Notice
from sordiff.notices.settings import NoticeSettings


def send_all(
    notices: Sequence[Notice],
    settings: NoticeSettings,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[str, ...]:
    """Send each notice, in order, and return one sentence for each failure.

    To be called after the commit and outside of every transaction: it may take minutes, and what
    was recorded must not wait for it. It never raises for a notice that could not be sent.
    """
    if not notices:
        return ()
    failures: tuple[str, ...] = ()
    if settings.has_webhook:
        failures += _told("webhook", lambda: _post(notices, settings, sleep))
    if settings.has_mail:
        failures += _told("mail", lambda: _mail(notices, settings))
    return failures


def _post(
    notices: Sequence[Notice], settings: NoticeSettings, sleep: Callable[[float], None]
) -> tuple[str, ...]:
    # Imported late: every command reads the settings of this package, few send anything.
    from sordiff.notices.webhook import post_all

    return post_all(notices, settings, sleep=sleep)


def _mail(notices: Sequence[Notice], settings: NoticeSettings) -> tuple[str, ...]:
    from sordiff.notices.mail import mail_all

    return mail_all(notices, settings)


def _told(way: str, send: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
    try:
        return send()
    except SordiffError as error:
        return (f"{error.message} {error.advice}".strip(),)
    except Exception as error:  # noqa: BLE001 - the run is recorded, and no notice may undo that
        # Its text is left out: it may hold an address or a secret.
        return (f"No notices were sent by {way}: {type(error).__name__}.",)
