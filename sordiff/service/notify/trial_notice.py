"""A notice that says that it is a test, for `sordiff notices test`."""

from sordiff.errors import SordiffError
from sordiff.notices.delivery import DeliveryResult
from sordiff.notices.notice import Notice
from sordiff.notices.send import Channel, deliver_by_channel
from sordiff.render.language import ENGLISH, catalogue
from sordiff.settings import Settings


def send_test_notice(settings: Settings, *, now: str) -> dict[Channel, DeliveryResult]:
    """Send it through each configured channel; SordiffError where none is configured."""
    if not (settings.notices.has_webhook or settings.notices.has_mail):
        message = "Neither a webhook nor mail is configured."
        raise SordiffError(message, advice="Set webhook_url_file or smtp_host in [notices].")
    notice = Notice(
        kind="test",
        run_id=None,
        day=now[:10],
        severity="info",
        title="SOR: this is a test notice",
        text="Nothing has happened in the register. Somebody called `sordiff notices test`.",
        at=now,
    )
    words = catalogue(settings.notices.lang or settings.lang or ENGLISH)
    return deliver_by_channel([notice], settings.notices, translate=words.sentence)
