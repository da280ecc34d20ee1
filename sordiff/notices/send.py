"""All notices to all that is configured: what fails is told, and stops nothing."""

import time
from collections.abc import Callable, Sequence

from sordiff.errors import SordiffError
from sordiff.notices.delivery import Told, together, unheard
from sordiff.notices.notice import Notice
from sordiff.notices.settings import NoticeSettings
from sordiff.notices.text import Translate


def tell(
    notices: Sequence[Notice],
    settings: NoticeSettings,
    *,
    sleep: Callable[[float], None] = time.sleep,
    translate: Translate = str,
) -> Told:
    """Send each notice, in order, every way that is configured; where there is none, all is heard.

    To be called after the commit and outside of every transaction: it may take minutes, and what
    was recorded must not wait for it. It never raises for a notice that could not be sent. What
    people read is told in the language of `translate`.
    """
    ways = []
    if notices and settings.has_webhook:
        ways.append(
            _tried("webhook", len(notices), lambda: _post(notices, settings, sleep, translate))
        )
    if notices and settings.has_mail:
        ways.append(_tried("mail", len(notices), lambda: _mail(notices, settings, translate)))
    return together(ways) if ways else Told(heard=(True,) * len(notices), failures=())


def _post(
    notices: Sequence[Notice],
    settings: NoticeSettings,
    sleep: Callable[[float], None],
    translate: Translate,
) -> Told:
    # Imported late: every command reads the settings of this package, few send anything.
    from sordiff.notices.webhook import post_all

    return post_all(notices, settings, sleep=sleep, translate=translate)


def _mail(notices: Sequence[Notice], settings: NoticeSettings, translate: Translate) -> Told:
    from sordiff.notices.mail import mail_all

    return mail_all(notices, settings, translate)


def _tried(way: str, count: int, send: Callable[[], Told]) -> Told:
    try:
        return send()
    except SordiffError as error:
        return unheard(count, f"{error.message} {error.advice}".strip())
    except Exception as error:  # noqa: BLE001 - the run is recorded, and no notice may undo that
        # Its text is left out: it may hold an address or a secret.
        return unheard(count, f"No notices were sent by {way}: {type(error).__name__}.")
