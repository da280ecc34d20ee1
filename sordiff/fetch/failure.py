"""Why an attempt failed, in words, and whether another one may help."""

import os
import ssl
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import httpx

from sordiff.fetch.timing import LONGEST_PAUSE

_RETRYABLE: Final = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)

_REASONS: Final = (
    (httpx.ConnectTimeout, "no connection in time"),
    (httpx.ReadTimeout, "it fell silent"),
    (httpx.RemoteProtocolError, "it broke off, or its answer is no HTTP"),
    (httpx.ReadError, "it broke off"),
)


class AttemptFailed(Exception):
    """An attempt at one address failed; `reason` is part of a sentence.

    `retryable`: the same address may answer otherwise later, after `retry_after` seconds at least.
    """

    def __init__(self, reason: str, *, retryable: bool = True, retry_after: float = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retryable = retryable
        self.retry_after = retry_after


def describe_status(response: httpx.Response, now: datetime) -> AttemptFailed:
    """The failure that an answer means which is neither a file nor "not modified"."""
    status = response.status_code
    known = status in {each.value for each in HTTPStatus}
    named = f"it answered {status}" + (f" {HTTPStatus(status).phrase}" if known else "")
    return AttemptFailed(
        named,
        retryable=status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _RETRYABLE,
        retry_after=_read_retry_after(response.headers.get("Retry-After", ""), now),
    )


def describe_error(error: Exception) -> AttemptFailed:
    """The failure of a connection, without repeating an address."""
    causes = list(_causes_of(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            trust = f"its certificate is not trusted ({cause.verify_message.rstrip('.')})"
            return AttemptFailed(trust, retryable=False)
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return AttemptFailed(reason)
    said = (os.strerror(one.errno) for one in causes if isinstance(one, OSError) and one.errno)
    return AttemptFailed(f"no connection: {next(said, type(error).__name__)}")


def _causes_of(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, deepest last; of several at once, each."""
    yield error
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _causes_of(each)
    led_by = error.__cause__ or error.__context__
    if led_by is not None:
        yield from _causes_of(led_by)


def _read_retry_after(text: str, now: datetime) -> float:
    """Seconds, given as such or as a date; 0 where nothing usable is asked for."""
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(text)
        return min(max((until - now).total_seconds(), 0), LONGEST_PAUSE)
    except (ValueError, TypeError):
        return 0
