"""What the headers of an answer say of the file: its version, its length, which part it is."""

import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import httpx
from msgspec import Struct

from sordiff.fetch.receipt import Version

_CONTENT_RANGE: Final = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)\Z")
_STRONG_AFTER: Final = timedelta(seconds=60)


class Part(Struct, frozen=True, kw_only=True):
    """Which bytes a 206 holds: from `first` on, of a file of `length` bytes, where that is said."""

    first: int
    length: int | None


def read_version(response: httpx.Response, length: int | None) -> Version:
    """The version of the file, with the length of the whole of it."""
    return Version(
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
        length=length,
    )


def read_length(response: httpx.Response) -> int | None:
    """The length of the body as it comes, where it is said."""
    if "Transfer-Encoding" in response.headers:
        return None
    text = response.headers.get("Content-Length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def read_part(response: httpx.Response) -> Part | None:
    """Which part of the file a 206 holds; None where it does not say so plainly."""
    found = _CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
    if found is None:
        return None
    return Part(first=int(found[1]), length=None if found[3] == "*" else int(found[3]))


def choose_if_range(response: httpx.Response) -> str:
    """By what the rest of exactly this version can be asked for (RFC 9110, 13.1.5); else empty.

    A weak ETag does not serve. A Last-Modified does only if the file had rested a minute by then.
    """
    etag = response.headers.get("ETag", "")
    if etag.startswith('"'):
        return str(etag)
    modified, sent = read_date(response, "Last-Modified"), read_date(response, "Date")
    if modified is None or sent is None or sent - modified < _STRONG_AFTER:
        return ""
    return str(response.headers["Last-Modified"])


def read_date(response: httpx.Response, header: str) -> datetime | None:
    """A header that is a date, with its zone; None where it is none."""
    return parse_date(response.headers.get(header, ""))


def parse_date(text: str) -> datetime | None:
    """The value of such a header."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return found if found.tzinfo is not None else None


_MOST_DIGITS: Final = 18
