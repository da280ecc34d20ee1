"""Telling people: webhook, mail and metrics; what was recorded never depends on it."""

from sordiff.notices.metrics import Metrics, write_metrics
from sordiff.notices.notice import Notice
from sordiff.notices.sending import send_all, tell
from sordiff.notices.settings import NoticeSettings
from sordiff.notices.told import Told

__all__ = ["Metrics", "Notice", "NoticeSettings", "Told", "send_all", "tell", "write_metrics"]
