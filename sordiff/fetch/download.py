"""One attempt at one address: ask, and bring what comes into the part that is kept.

What comes is kept as it is sent, so that it can be gone on with; what a server has packed on the
way is unpacked later. All waiting has an end: for the connection, for each byte, and for the whole.
"""

import asyncio
import os
import ssl
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import IO, Final, TypeVar

import httpx
from msgspec import Struct

from sordiff.fetch.answer_headers import (
    choose_if_range,
    read_date,
    read_length,
    read_part,
    read_version,
)
from sordiff.fetch.connection import build_client
from sordiff.fetch.failure import AttemptFailed, describe_error, describe_status
from sordiff.fetch.partial import Partial, translate_disk_errors
from sordiff.fetch.receipt import Version
from sordiff.fetch.redirects import send_following
from sordiff.fetch.settings import FetchSettings

# Bytes that have come, and of how many, where that is known.
ByteProgress = Callable[[int, int | None], None]
_Result = TypeVar("_Result")

_MIB: Final = 1024**2
_ENCODINGS: Final = frozenset({"", "identity", "gzip", "x-gzip"})


class Attempt(Struct, frozen=True, kw_only=True):
    """What one attempt needs. `seconds`: how long it may take. `known`: what we have."""

    url: str
    partial: Partial
    known: Version | None
    settings: FetchSettings
    context: ssl.SSLContext
    seconds: float
    now: datetime
    progress: ByteProgress | None


class Answer(Struct, frozen=True, kw_only=True):
    """How an attempt went well. `version` is None where the file is the one that we have.

    `headers`: of the answer, for what turns out to be no snapshot. `resumed_from`: how many bytes
    were there before. `server_time`: what the clock of the server says.
    """

    version: Version | None
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 0
    resumed_from: int = 0
    server_time: datetime | None = None


def download(attempt: Attempt) -> Answer:
    """Ask once; AttemptFailed if it does not go well, SordiffError if it can't be written down."""
    return asyncio.run(_within_time(attempt, _download(attempt)))


def look_again(attempt: Attempt) -> Version:
    """Which version the server has by now; AttemptFailed if it does not say."""
    return asyncio.run(_within_time(attempt, _look(attempt)))


async def _within_time(attempt: Attempt, work: Awaitable[_Result]) -> _Result:
    try:
        async with asyncio.timeout(attempt.seconds):
            return await work
    except TimeoutError as error:
        message = f"it did not end within {attempt.settings.whole_seconds:g} s"
        raise AttemptFailed(message, retryable=False) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise describe_error(error) from error


async def _download(attempt: Attempt) -> Answer:
    partial = attempt.partial
    note = partial.find_note()
    begun = partial.size if note else 0
    asked = _conditions(attempt.known) if note is None else _range(begun, note.if_range)
    async with build_client(attempt.settings, attempt.context) as client:
        response = await _ask(client, attempt, "GET", asked)
        try:
            if response.status_code == HTTPStatus.NOT_MODIFIED and note is None and asked:
                return Answer(version=None, server_time=read_date(response, "Date"))
            if response.status_code == HTTPStatus.PARTIAL_CONTENT and note is not None:
                return await _receive_rest(attempt, response, begun, note.version)
            if response.status_code == HTTPStatus.OK:
                return await _receive_all(attempt, response)
            if note is not None:
                partial.discard()  # whatever is wrong with it, the next attempt begins anew
            if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                raise AttemptFailed("it does not have the rest of the file any more")
            raise describe_status(response, attempt.now)
        finally:
            await response.aclose()


def _conditions(known: Version | None) -> dict[str, str]:
    """Only if it is another one than the one we have."""
    conditions = {}
    if known is not None and known.etag is not None:
        conditions["If-None-Match"] = known.etag
    if known is not None and known.last_modified is not None:
        conditions["If-Modified-Since"] = known.last_modified
    return conditions


def _range(begun: int, if_range: str) -> dict[str, str]:
    """Only what is still to come, of the same version; else all of it."""
    return {"Range": f"bytes={begun}-", "If-Range": if_range}


async def _ask(
    client: httpx.AsyncClient, attempt: Attempt, method: str, headers: Mapping[str, str]
) -> httpx.Response:
    """Send, and wait for the headers of the answer, which must come in time, too."""
    settings = attempt.settings
    request = client.build_request(method, attempt.url, headers=dict(headers))
    limit = settings.connect_seconds + settings.silence_seconds
    waiting = asyncio.timeout(min(limit, attempt.seconds))
    try:
        async with waiting:
            return await send_following(client, request)
    except TimeoutError as error:
        if not waiting.expired():
            raise
        raise AttemptFailed("it did not answer in time") from error


async def _receive_all(attempt: Attempt, response: httpx.Response) -> Answer:
    _refuse_encoding(response)
    length = read_length(response)
    version = read_version(response, length)
    _refuse_large(attempt, length or 0)
    if_range = choose_if_range(response)
    with translate_disk_errors(), attempt.partial.begin(version, if_range) as file:
        await _receive(attempt, response, file, 0, length)
    return _finish(attempt, response, version, 0)


async def _receive_rest(
    attempt: Attempt, response: httpx.Response, begun: int, version: Version
) -> Answer:
    part = read_part(response)
    said = read_version(response, None if part is None else part.length)
    if part is None or part.first != begun or version.differs(said):
        attempt.partial.discard()
        raise AttemptFailed("it sent another part of the file than it was asked for")
    length = version.length if part.length is None else part.length
    _refuse_large(attempt, length or 0)
    with translate_disk_errors(), attempt.partial.resume() as file:
        await _receive(attempt, response, file, begun, length)
    return _finish(attempt, response, version, begun)


async def _receive(
    attempt: Attempt, response: httpx.Response, file: IO[bytes], size: int, length: int | None
) -> None:
    """Write what comes behind what is there; the file is on the disk when all has come."""
    async for chunk in response.aiter_raw():  # of a size of ours it would keep a rest to itself
        size += len(chunk)
        _refuse_large(attempt, size)
        file.write(chunk)
        if attempt.progress is not None:
            attempt.progress(size, length)
    file.flush()
    os.fsync(file.fileno())
    if length is not None and size != length:
        if size > length:
            attempt.partial.discard()
        raise AttemptFailed(f"it sent {size:,} bytes of {length:,}")


def _finish(attempt: Attempt, response: httpx.Response, version: Version, begun: int) -> Answer:
    with translate_disk_errors():
        attempt.partial.complete(version)
    return Answer(
        version=version,
        headers=tuple(response.headers.multi_items()),
        status=response.status_code,
        resumed_from=begun,
        server_time=read_date(response, "Date"),
    )


async def _look(attempt: Attempt) -> Version:
    """By HEAD, or by the headers of a GET where a server does not like that."""
    async with build_client(attempt.settings, attempt.context) as client:
        for method in ("HEAD", "GET"):
            response = await _ask(client, attempt, method, {})
            await response.aclose()
            if response.status_code == HTTPStatus.OK:
                return read_version(response, read_length(response))
    raise describe_status(response, attempt.now)


def _refuse_encoding(response: httpx.Response) -> None:
    """Refuse what was packed on the way in a form that the readers of snapshots don't know."""
    encoding = str(response.headers.get("Content-Encoding", "")).strip().lower()
    if encoding not in _ENCODINGS:
        message = f"it packs the file as {encoding[:20]!r}, which it was not asked for"
        raise AttemptFailed(message, retryable=False)


def _refuse_large(attempt: Attempt, size: int) -> None:
    largest = attempt.settings.largest_mib
    if size > largest * _MIB:
        attempt.partial.discard()
        raise AttemptFailed(f"it sends more than {largest:,} MiB", retryable=False)
