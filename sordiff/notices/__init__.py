"""Notices by webhook and mail, and the metrics file. Nothing recorded depends on them."""

from sordiff.notices.delivery import DeliveryResult
from sordiff.notices.metrics import Metrics, write_metrics
from sordiff.notices.notice import Notice
from sordiff.notices.send import deliver_notices
from sordiff.notices.settings import NoticeSettings

__all__ = [
    "DeliveryResult",
    "Metrics",
    "Notice",
    "NoticeSettings",
    "deliver_notices",
    "write_metrics",
]
