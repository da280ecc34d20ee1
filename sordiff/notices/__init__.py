"""Telling people: webhook, mail and metrics; what was recorded never depends on it."""

from sordiff.notices.metrics import Metrics, write_metrics
from sordiff.notices.notice import Notice
from sordiff.notices.sending import tell
from sordiff.notices.settings import NoticeSettings
from sordiff.notices.told import Told

__all__ = ["Metrics", "Notice", "NoticeSettings", "Told", "tell", "write_metrics"]
