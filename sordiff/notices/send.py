"""Deliver notices by every configured channel; a failure is reported and stops nothing."""

import time
from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from sordiff.errors import SordiffError
from sordiff.notices.delivery import DeliveryResult, build_undelivered, merge_results
from sordiff.notices.notice import Notice
from sordiff.notices.settings import NoticeSettings
from sordiff.notices.text import Translate

Channel: TypeAlias = Literal["webhook", "mail"]


def deliver_notices(
    notices: Sequence[Notice],
    settings: NoticeSettings,
    *,
    sleep: Callable[[float], None] = time.sleep,
    translate: Translate = str,
) -> DeliveryResult:
    """Send each notice, in order, by every configured channel; without one, all are delivered.

    Call it after the commit and outside any transaction: it may take minutes. It never raises for a
    notice that could not be sent. What people read is in the language of `translate`.
    """
    results = deliver_by_channel(notices, settings, sleep=sleep, translate=translate)
    return (
        merge_results(results.values())
        if results
        else DeliveryResult(delivered=(True,) * len(notices), failures=())
    )


def deliver_by_channel(
    notices: Sequence[Notice],
    settings: NoticeSettings,
    *,
    sleep: Callable[[float], None] = time.sleep,
    translate: Translate = str,
) -> dict[Channel, DeliveryResult]:
    """Send as `deliver_notices` does; the result of each configured channel."""
    results: dict[Channel, DeliveryResult] = {}
    if notices and settings.has_webhook:
        results["webhook"] = _try_channel(
            "webhook", len(notices), lambda: _post(notices, settings, sleep, translate)
        )
    if notices and settings.has_mail:
        results["mail"] = _try_channel(
            "mail", len(notices), lambda: _mail(notices, settings, translate)
        )
    return results


def _post(
    notices: Sequence[Notice],
    settings: NoticeSettings,
    sleep: Callable[[float], None],
    translate: Translate,
) -> DeliveryResult:
    # Imported late: every command reads the settings of this package, and few send anything.
    from sordiff.notices.webhook import post_notices

    return post_notices(notices, settings, sleep=sleep, translate=translate)


def _mail(
    notices: Sequence[Notice], settings: NoticeSettings, translate: Translate
) -> DeliveryResult:
    from sordiff.notices.mail import mail_notices

    return mail_notices(notices, settings, translate)


def _try_channel(
    channel: Channel, count: int, send: Callable[[], DeliveryResult]
) -> DeliveryResult:
    try:
        return send()
    except SordiffError as error:
        return build_undelivered(count, f"{error.message} {error.advice}".strip())
    except Exception as error:  # noqa: BLE001 - the run is recorded, and no notice may undo that
        # Without the text of the error: it may contain an address or a secret.
        return build_undelivered(
            count, f"No notices were sent by {channel}: {type(error).__name__}."
        )
