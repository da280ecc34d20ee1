"""Answers as they went over the wire: the same question gets the same bytes until a night comes.

Only of addresses whose answer depends on nothing but the changelog. Whatever decides who may ask
stands before this.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Final

from msgspec import Struct
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sordiff.http.answer import has_tag

_MOST_BYTES: Final = 32 * 2**20
_LARGEST_BYTES: Final = 2**20
# What Python needs for an entry beside its bytes.
_ENTRY_BYTES: Final = 2_000
_ADDRESSES: Final = ("/v1/units/", "/v1/events", "/v1/location-numbers/")
_OF_BODY: Final = frozenset({b"content-type", b"content-length", b"content-encoding"})

_Headers = Sequence[tuple[bytes, bytes]]
_Key = tuple[str, bytes, bytes]


class _KeptAnswer(Struct, frozen=True):
    """An answer that was sent with 200, and its ETag."""

    headers: _Headers
    body: bytes
    etag: str


class KeptAnswers:
    """Stands before the application, and asks it only for what it has not got."""

    def __init__(self, app: ASGIApp, read_mark: Callable[[], Hashable]) -> None:
        """`read_mark`: as that of a served changelog."""
        self._app = app
        self._read_mark = read_mark
        self._mark: Hashable = None
        self._answers: OrderedDict[_Key, _KeptAnswer] = OrderedDict()
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if not _can_be_kept(scope):
            await self._app(scope, receive, send)
            return
        asked = dict(scope["headers"])
        key = (scope["path"], scope["query_string"], asked.get(b"accept-encoding", b""))
        # Asked before: what is written meanwhile makes the answer too new, never too old.
        mark = self._read_mark()
        kept = self._find(mark, key)
        if kept is None:
            await self._app(scope, receive, self._keep_what_is_sent(mark, key, send))
            return
        known = asked.get(b"if-none-match")
        if known is not None and has_tag(known.decode("latin-1"), kept.etag):
            headers = [header for header in kept.headers if header[0] not in _OF_BODY]
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        await send({"type": "http.response.start", "status": 200, "headers": kept.headers})
        await send({"type": "http.response.body", "body": kept.body})

    def _find(self, mark: Hashable, key: _Key) -> _KeptAnswer | None:
        if mark is None or mark != self._mark:
            self._answers.clear()
            self._mark, self._bytes = mark, 0
            return None
        kept = self._answers.get(key)
        if kept is not None:
            self._answers.move_to_end(key)
        return kept

    def _keep_what_is_sent(self, mark: Hashable, key: _Key, send: Send) -> Send:
        headers: _Headers = ()

        async def keep(message: Message) -> None:
            nonlocal headers
            if message["type"] == "http.response.start":
                headers = message["headers"] if message["status"] == 200 else ()  # noqa: PLR2004  # what is there
            elif headers and not message.get("more_body", False):
                self._keep(mark, key, headers, message["body"])
            await send(message)

        return keep

    def _keep(self, mark: Hashable, key: _Key, headers: _Headers, body: bytes) -> None:
        if mark is None or mark != self._mark or len(body) > _LARGEST_BYTES or key in self._answers:
            return
        etag = dict(headers)[b"etag"].decode("latin-1")
        self._answers[key] = _KeptAnswer(headers, body, etag)
        self._bytes += _count_bytes(key, body)
        while self._bytes > _MOST_BYTES:
            oldest, answer = self._answers.popitem(last=False)
            self._bytes -= _count_bytes(oldest, answer.body)


def _can_be_kept(scope: Scope) -> bool:
    """Whether the answer depends on the address and the changelog alone, and not on the time."""
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and scope["path"].startswith(_ADDRESSES)
        and b"wait" not in scope["query_string"]
    )


def _count_bytes(key: _Key, body: bytes) -> int:
    return len(body) + sum(map(len, key)) + _ENTRY_BYTES
