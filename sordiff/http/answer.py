"""What a request is answered with, and how it goes over the wire: ETag, 304, gzip and zstd."""

import gzip
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from backports import zstd
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from xxhash import xxh3_128_hexdigest

from sordiff.wire import encode_canonically

JSON: Final = "application/json"

# Less is not worth the work.
_SMALLEST_COMPRESSED: Final = 1_000
_GZIP_LEVEL: Final = 5
_ZSTD_LEVEL: Final = 3
_VARIES: Final = "Accept-Encoding, Accept-Language"


class Answer(Struct, frozen=True, kw_only=True):
    """An answer before it is compressed; `headers` are those of its own."""

    body: bytes
    media_type: str = JSON
    status: int = 200
    headers: Mapping[str, str] = {}


def build_json_answer(value: Any, headers: Mapping[str, str] | None = None) -> Answer:
    """The answer that tells a record as the commands write it."""
    return Answer(body=encode_canonically(value) + b"\n", headers=headers or {})


def build_link(path: str, parameters: Mapping[str, str | int]) -> str:
    """The header Link to the next page."""
    return f'<{path}?{urlencode(parameters)}>; rel="next"'


def build_response(answer: Answer, request: Request) -> Response:
    """The answer as this client takes it; 304 where it has it already."""
    headers = {
        "Cache-Control": "no-cache",
        "Vary": _VARIES,
        "X-Content-Type-Options": "nosniff",
        **answer.headers,
    }
    if answer.status == 200:  # noqa: PLR2004  # what is there can be kept
        headers["ETag"] = etag = _compute_etag(answer)
        if has_tag(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
    body, encoding = _compress(answer.body, request.headers.get("accept-encoding", ""))
    if encoding:
        headers["Content-Encoding"] = encoding
    return Response(body, answer.status, headers, media_type=answer.media_type)


def has_tag(known: str, etag: str) -> bool:
    """Whether the text of If-None-Match names this tag; RFC 9110 compares weakly."""
    tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags


def _compute_etag(answer: Answer) -> str:
    """A weak one, for it is the same whatever the compression."""
    told = answer.body + repr(sorted(answer.headers.items())).encode()
    return f'W/"{xxh3_128_hexdigest(told)}"'


def _compress(body: bytes, accepted: str) -> tuple[bytes, str]:
    if len(body) < _SMALLEST_COMPRESSED:
        return body, ""
    weights = _read_weights(accepted)
    if weights.get("zstd", 0) > 0 and weights["zstd"] >= weights.get("gzip", 0):
        return zstd.compress(body, _ZSTD_LEVEL), "zstd"
    if weights.get("gzip", 0) > 0:
        return gzip.compress(body, _GZIP_LEVEL, mtime=0), "gzip"
    return body, ""


def _read_weights(accepted: str) -> dict[str, float]:
    """`gzip, zstd;q=0.5` -> the weight of each; one that can't be read is none."""
    found: dict[str, float] = {}
    for each in accepted.lower().split(","):
        name, _, parameter = each.partition(";")
        weight = parameter.strip().removeprefix("q=")
        try:
            found[name.strip()] = float(weight) if weight else 1.0
        except ValueError:
            found[name.strip()] = 0.0
    return found
