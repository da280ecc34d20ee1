"""Send a POST for each notice, with retries, verified TLS, and no redirects.

A receiver that accepts a notice but answers too late gets the same bytes again.
"""

import hashlib
import hmac
import ssl
from collections.abc import Callable, Sequence
from http import HTTPStatus
from http.client import HTTPException
from typing import Final
from urllib import request
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from msgspec import Struct

from sordiff.errors import SordiffError
from sordiff.notices.connection import describe_failure, run_with_timeout
from sordiff.notices.delivery import DeliveryResult
from sordiff.notices.notice import Notice
from sordiff.notices.payloads import build_payload
from sordiff.notices.settings import MAX_PAUSE_SECONDS, NoticeSettings, find_url_problem
from sordiff.notices.text import Translate
from sordiff.secret import read_secret
from sordiff.tls import build_tls_context

SIGNATURE_HEADER: Final = "X-Sordiff-Signature"

_RETRYABLE: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


class _Failure(Struct, frozen=True, kw_only=True):
    """Why an attempt failed; if `retryable`, try again after `retry_after` seconds at least."""

    reason: str
    retryable: bool
    retry_after: float = 0


class _Target(Struct, frozen=True, kw_only=True):
    """Where to send; `name` is the host, the only part of the URL that may be shown."""

    url: str
    name: str
    secret: str | None
    opener: request.OpenerDirector
    seconds: float


def post_notices(
    notices: Sequence[Notice],
    settings: NoticeSettings,
    *,
    sleep: Callable[[float], None],
    translate: Translate = str,
) -> DeliveryResult:
    """Send the notices in order; a failure for each that could not be delivered.

    After the first failure the others get one attempt each: the receiver is down.
    """
    target = _read_target(settings)
    attempts = settings.webhook_attempts
    delivered, failures = [], []
    for notice in notices:
        body = build_payload(notice, settings.webhook_format, translate)
        failure = _post_with_retries(body, target, attempts, sleep)
        delivered.append(failure is None)
        if failure is not None:
            attempts = 1
            failures.append(
                f"The notice {notice.kind} of {notice.day} could not be sent to the webhook at "
                f"{target.name}: {failure.reason}."
            )
    return DeliveryResult(delivered=tuple(delivered), failures=tuple(failures))


def sign_body(body: bytes, secret: str) -> str:
    """The value of the signature header: HMAC-SHA256 of the body as it is sent."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def _read_target(settings: NoticeSettings) -> _Target:
    url = settings.webhook_url or read_secret(
        "notices", "webhook_url", file=settings.webhook_url_file, env=settings.webhook_url_env
    )
    problem = find_url_problem(url or "")
    if url is None or problem:
        raise SordiffError(f"No webhook was called: {problem}.", advice="Check [notices].")
    return _Target(
        url=url,
        name=urlsplit(url).hostname or "",
        secret=read_secret(
            "notices",
            "webhook_secret",
            file=settings.webhook_secret_file,
            env=settings.webhook_secret_env,
        ),
        opener=_build_opener(build_tls_context(settings.tls_ca_file, "notices")),
        seconds=settings.webhook_timeout_seconds,
    )


def _build_opener(context: ssl.SSLContext) -> request.OpenerDirector:
    """Build an opener that uses the environment's proxy and follows no redirect."""
    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler(),
        request.HTTPHandler(),
        request.HTTPSHandler(context=context),
        request.HTTPErrorProcessor(),
        request.HTTPDefaultErrorHandler(),
        request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _post_with_retries(
    body: bytes, target: _Target, attempts: int, sleep: Callable[[float], None]
) -> _Failure | None:
    """Try, and retry after 1, 2, 4, … seconds, or after as many as the receiver asks for."""
    failure = _try_once(body, target)
    for earlier in range(attempts - 1):
        if failure is None or not failure.retryable:
            break
        sleep(min(max(2.0**earlier, failure.retry_after), MAX_PAUSE_SECONDS))
        failure = _try_once(body, target)
    return failure


def _try_once(body: bytes, target: _Target) -> _Failure | None:
    try:
        run_with_timeout(target.seconds, lambda: _post(body, target))
    except HTTPError as error:
        with error:
            return _describe_answer(error)
    except (URLError, HTTPException, OSError) as error:
        inner = error.reason if isinstance(error, URLError) else error
        cause = inner if isinstance(inner, BaseException) else error
        return _Failure(
            reason=describe_failure(cause, target.seconds),
            retryable=not isinstance(cause, ssl.SSLCertVerificationError),
        )
    return None


def _post(body: bytes, target: _Target) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "sordiff"}
    if target.secret is not None:
        headers[SIGNATURE_HEADER] = sign_body(body, target.secret)
    # The scheme was checked, and the opener knows no other.
    post = request.Request(target.url, data=body, headers=headers, method="POST")  # noqa: S310
    with target.opener.open(post, timeout=target.seconds):
        pass


def _describe_answer(error: HTTPError) -> _Failure:
    """The failure that an answer other than 2xx means; the receiver's text is not repeated."""
    status = error.code
    known = status in {each.value for each in HTTPStatus}
    named = f"it answered {status}" + (f" {HTTPStatus(status).phrase}" if known else "")
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        reason = f"{named}, and no redirect is followed: configure the address that it leads to"
        return _Failure(reason=reason, retryable=False)
    asked = error.headers.get("Retry-After", "")
    return _Failure(
        reason=named,
        retryable=status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _RETRYABLE,
        retry_after=float(asked) if asked.isascii() and asked.isdigit() else 0,
    )
