"""A POST for each notice: tried again where that can help, verified, and never led elsewhere.

A receiver that accepted and was too slow to say so hears the same bytes twice.
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
from sordiff.notices.connection import reason_of, trusted, within
from sordiff.notices.delivery import Told
from sordiff.notices.notice import Notice
from sordiff.notices.payloads import body_of
from sordiff.notices.settings import NoticeSettings, problem_of_url
from sordiff.notices.text import Translate
from sordiff.secret import read_secret

SIGNATURE_HEADER: Final = "X-Sordiff-Signature"

_LONGEST_PAUSE: Final = 30.0
_MAY_PASS: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


class _Failure(Struct, frozen=True, kw_only=True):
    """Why an attempt failed; `passing`: another one may succeed, not before `pause` seconds."""

    reason: str
    passing: bool
    pause: float = 0


class _Target(Struct, frozen=True, kw_only=True):
    """Where to send: `name` is all of the address that may be shown."""

    url: str
    name: str
    secret: str | None
    opener: request.OpenerDirector
    seconds: float


def post_all(
    notices: Sequence[Notice],
    settings: NoticeSettings,
    *,
    sleep: Callable[[float], None],
    translate: Translate = str,
) -> Told:
    """One sentence for each notice that could not be delivered.

    After the first one the others get a single attempt each: the receiver is down.
    """
    target = _target(settings)
    attempts = settings.webhook_attempts
    heard, failures = [], []
    for notice in notices:
        body = body_of(notice, settings.webhook_format, translate)
        failure = _deliver(body, target, attempts, sleep)
        heard.append(failure is None)
        if failure is not None:
            attempts = 1
            failures.append(
                f"The notice {notice.kind} of {notice.day} could not be sent to the webhook at "
                f"{target.name}: {failure.reason}."
            )
    return Told(heard=tuple(heard), failures=tuple(failures))


def signature(body: bytes, secret: str) -> str:
    """HMAC-SHA256 over the body as it is sent, in the form of the header."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def _target(settings: NoticeSettings) -> _Target:
    url = settings.webhook_url or read_secret(
        "notices", "webhook_url", file=settings.webhook_url_file, env=settings.webhook_url_env
    )
    problem = problem_of_url(url or "")
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
        opener=_opener(trusted(settings.tls_ca_file)),
        seconds=settings.webhook_timeout_seconds,
    )


def _opener(context: ssl.SSLContext) -> request.OpenerDirector:
    """HTTP and HTTPS, by the proxy of the environment; a redirect is an error as any other."""
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


def _deliver(
    body: bytes, target: _Target, attempts: int, sleep: Callable[[float], None]
) -> _Failure | None:
    """Try, and try again after 1, 2, 4, … seconds, or after as many as the receiver asks for."""
    failure = _attempt(body, target)
    for earlier in range(attempts - 1):
        if failure is None or not failure.passing:
            break
        sleep(min(max(2.0**earlier, failure.pause), _LONGEST_PAUSE))
        failure = _attempt(body, target)
    return failure


def _attempt(body: bytes, target: _Target) -> _Failure | None:
    try:
        within(target.seconds, lambda: _post(body, target))
    except HTTPError as error:
        with error:
            return _answered(error)
    except (URLError, HTTPException, OSError) as error:
        inner = error.reason if isinstance(error, URLError) else error
        cause = inner if isinstance(inner, BaseException) else error
        return _Failure(
            reason=reason_of(cause, target.seconds),
            passing=not isinstance(cause, ssl.SSLCertVerificationError),
        )
    return None


def _post(body: bytes, target: _Target) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "sordiff"}
    if target.secret is not None:
        headers[SIGNATURE_HEADER] = signature(body, target.secret)
    # The scheme was looked at, and the opener knows no other.
    post = request.Request(target.url, data=body, headers=headers, method="POST")  # noqa: S310
    with target.opener.open(post, timeout=target.seconds):
        pass


def _answered(error: HTTPError) -> _Failure:
    """What an answer other than 2xx means; the receiver's own words are not repeated."""
    status = error.code
    known = status in {each.value for each in HTTPStatus}
    named = f"it answered {status}" + (f" {HTTPStatus(status).phrase}" if known else "")
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        reason = f"{named}, and no redirect is followed: configure the address that it leads to"
        return _Failure(reason=reason, passing=False)
    asked = error.headers.get("Retry-After", "")
    return _Failure(
        reason=named,
        passing=status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _MAY_PASS,
        pause=float(asked) if asked.isascii() and asked.isdigit() else 0,
    )
