"""Telling people: webhook, mail and metrics; what was recorded never depends on it."""

from sordiff.notices.delivery import Told
from sordiff.notices.metrics import Metrics, write_metrics
from sordiff.notices.notice import Notice
from sordiff.notices.send import tell
from sordiff.notices.settings import NoticeSettings

__all__ = ["Metrics", "Notice", "NoticeSettings", "Told", "tell", "write_metrics"]
