"""The table [fetch] of sordiff.toml: from where to fetch, into which folder, and how."""

from datetime import time
from typing import Annotated, Final, TypeAlias
from urllib.parse import urlsplit

from msgspec import Meta, Struct

Text: TypeAlias = Annotated[str, Meta(min_length=1)]
Seconds: TypeAlias = Annotated[float, Meta(gt=0, le=86_400)]

_WINDOW_PARTS: Final = 2


class FetchSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[fetch]: `urls` are the same extract at several places, in order of preference."""

    urls: tuple[Text, ...] = ()
    dir: Text = "snapshots"
    keep: Annotated[int, Meta(ge=0)] = 0
    closed: str = "01:45-02:00"
    attempts: Annotated[int, Meta(ge=1, le=20)] = 6
    connect_seconds: Seconds = 10
    silence_seconds: Seconds = 60
    whole_seconds: Seconds = 3600
    settle_seconds: Annotated[float, Meta(ge=0, le=600)] = 5
    largest_mib: Annotated[int, Meta(ge=1, le=2048)] = 2048
    tls_ca_file: Text | None = None

    def __post_init__(self) -> None:
        """Refuse addresses and hours that can't be used, without repeating an address."""
        for url in self.urls:
            if problem := find_url_problem(url):
                raise ValueError(f"urls of [fetch]: {problem}")
        read_window(self.closed)


def find_url_problem(url: str) -> str | None:
    """Say what is wrong with an address, without repeating it; None if it is good."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not url.isascii() or not url.isprintable() or " " in url:
        return "an address must be an http or https URL in ASCII"
    if parts.username is not None or parts.password is not None:
        return "an address must hold no user and no password"
    return None


def show_url(url: str) -> str:
    """The address as people may see it: without its query, which can hold a key."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def identify_url(url: str) -> str:
    """By what an address is known where its query must not stand."""
    from hashlib import sha256  # imported late: it loads OpenSSL

    return sha256(url.encode()).hexdigest()[:16]


def read_window(text: str) -> tuple[time, time] | None:
    """`01:45-02:00` as two times of day; None where it is empty. ValueError if it is neither."""
    if not text:
        return None
    parts = text.split("-")
    try:
        begin, end = (time.fromisoformat(part.strip()) for part in parts)
    except ValueError:
        begin = end = time()
    if len(parts) != _WINDOW_PARTS or begin == end or begin.tzinfo or end.tzinfo:
        raise ValueError('closed of [fetch] must be like "01:45-02:00", or empty')
    return begin, end
