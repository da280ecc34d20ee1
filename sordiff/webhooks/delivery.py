"""Posting one event: CloudEvents in structured mode, signed by the rules of Standard Webhooks.

In binary mode libraries disagree on how Danish letters stand in a header. What is signed is the
id, the moment and the body.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import httpx

from sordiff.errors import SordiffError
from sordiff.secret import read_secret
from sordiff.tls import build_tls_context
from sordiff.webhooks.outcome import Accepted, Outcome, Refused, Unavailable
from sordiff.webhooks.settings import WebhookSettings

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"

_PREFIX: Final = "whsec_"
# Of the longest pause that is understood: eleven days.
_MOST_DIGITS: Final = 6
# What a receiver says of one event, and not of the address, the login or the hour.
_OF_THE_EVENT: Final = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)


class WebhookSender:
    """Posts to one subscriber, over a connection that is kept."""

    def __init__(self, name: str, settings: WebhookSettings) -> None:
        """SordiffError where the secret is missing, or is none."""
        self._url = settings.url
        self._secret = _read_key(name, settings)
        self._client = httpx.Client(
            timeout=settings.timeout_seconds,
            follow_redirects=False,
            verify=build_tls_context(settings.tls_ca_file, f"serve.webhooks.{name}"),
        )

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def send(self, event_id: str, body: bytes, at: int) -> Outcome:
        """Post an event, at a moment in seconds since 1970; what the subscriber says of it."""
        headers = {
            "content-type": CONTENT_TYPE,
            "user-agent": "sordiff",
            **sign_event(event_id, body, at, self._secret),
        }
        try:
            # The body of the answer is of no use, and may have no end.
            with self._client.stream("POST", self._url, content=body, headers=headers) as answer:
                return _judge(answer.status_code, answer.headers, at)
        except httpx.TimeoutException:
            return Unavailable(reason="no answer in time")
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return Unavailable(reason=type(error).__name__)


def sign_event(event_id: str, body: bytes, at: int, key: bytes) -> dict[str, str]:
    """The headers of Standard Webhooks."""
    signed = hmac.digest(key, f"{event_id}.{at}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }


def _read_key(name: str, settings: WebhookSettings) -> bytes:
    table = f"serve.webhooks.{name}"
    secret = read_secret(table, "secret", file=settings.secret_file, env=settings.secret_env)
    advice = "Make one as docs/http.md says."
    if secret is None:
        message = f"[{table}] has no secret, with which the subscriber knows who sends."
        raise SordiffError(message, advice=advice)
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        message = f"The secret of [{table}] is not whsec_ and base64."
        raise SordiffError(message, advice=advice) from None


def _judge(status: int, headers: Mapping[str, str], at: int) -> Outcome:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Accepted()
    reason = f"it answered {status}"
    if status in _OF_THE_EVENT:
        return Refused(reason=reason)
    return Unavailable(reason=reason, seconds=_read_pause(headers.get("retry-after", ""), at))


def _read_pause(asked: str, at: int) -> int:
    """The seconds of Retry-After, which is a number or a date (RFC 9110); 0 where it is neither."""
    if asked.isascii() and asked.isdigit():
        return int(asked[:_MOST_DIGITS])
    try:
        end = parsedate_to_datetime(asked)
    except ValueError:
        return 0
    # One without a zone is of UTC: the obsolete forms have none.
    moment = end if end.tzinfo else end.replace(tzinfo=UTC)
    return min(max(0, int(moment.timestamp()) - at), 10**_MOST_DIGITS - 1)
