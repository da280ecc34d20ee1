"""Telling people: webhook, mail and metrics; what was recorded never depends on it."""

from sordiff.notices.metrics import Metrics, write_metrics
from sordiff.notices.notice import Notice
from sordiff.notices.sending import send_all
from sordiff.notices.settings import NoticeSettings

__all__ = ["Metrics", "Notice", "NoticeSettings", "send_all", "write_metrics"]
