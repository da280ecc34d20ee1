"""What a server can do wrong: each fault by a real server on loopback, with what must come of it."""

from __future__ import annotations

import gzip
import io
import zipfile
from dataclasses import dataclass, field
from typing import Any

import pytest

from sordiff.errors import NotASnapshot, NotFetched
from tests.fetch.fetching import MONDAY, TUESDAY, Fetching, fetched_files, kept_aside
from tests.fetch.site import (
    Answer,
    Site,
    before_it_changes,
    chunked,
    claimed,
    cut,
    dripping,
    dripping_headers,
    other_part,
    raw,
    replaced,
    serve,
    silent,
    silent_after,
    status,
    unfinished,
    whole,
)

# When silence is noticed, where the next answer must come in time.
SOON = {"connect_seconds": 0.1, "silence_seconds": 0.6}
HALF = len(MONDAY) // 2
PAGE = b"<!DOCTYPE html><html><head><title>Request\nRejected</title></head>No.</html>"
with zipfile.ZipFile(io.BytesIO(MONDAY)) as _zip:
    XML = _zip.read("Sor.xml")
XML_HALF = XML[: len(XML) // 2]


def _encrypted() -> bytes:
    """Its entry says that it is encrypted."""
    packed = bytearray(MONDAY)
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = packed.find(mark)
        while at >= 0:
            packed[at + flag] |= 1
            at = packed.find(mark, at + 4)
    return bytes(packed)


@dataclass(frozen=True, kw_only=True)
class Good:
    """It is fetched all the same. asked: of each GET, from which byte on."""

    answers: list[Answer]
    asked: list[int]
    content: bytes = MONDAY
    site: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    pauses: list[float] | None = None
    said: str = ""


@dataclass(frozen=True, kw_only=True)
class Bad:
    """It is not fetched. aside: what was kept; gets: how often it was tried."""

    answers: list[Answer]
    said: str
    gets: int
    aside: bytes | None = None
    site: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)


GOOD = {
    "cut off: the rest alone is fetched": Good(answers=[cut(HALF)], asked=[0, HALF], pauses=[2]),
    "cut off three times": Good(
        answers=[cut(1000), cut(1000), cut(1000)], asked=[0, 1000, 2000, 3000], pauses=[2, 4, 8]
    ),
    "cut off, by a server without ranges": Good(
        answers=[cut(HALF)], asked=[0, HALF], site={"knows_ranges": False}
    ),
    "cut off, and another file by then": Good(
        answers=[cut(HALF), replaced(TUESDAY)], asked=[0, HALF], content=TUESDAY
    ),
    "cut off, with nothing that tells versions apart": Good(
        answers=[cut(HALF)], asked=[0, 0], site={"etag": None, "last_modified": None}
    ),
    "cut off, with a weak ETag": Good(
        answers=[cut(HALF)], asked=[0, 0], site={"etag": 'W/"one"', "last_modified": None}
    ),
    "cut off, with a date alone": Good(
        answers=[cut(HALF)], asked=[0, HALF], site={"etag": None}
    ),
    "cut off, with a date of just now": Good(
        answers=[cut(HALF)],
        asked=[0, 0],
        site={"etag": None, "last_modified": "Wed, 06 Mar 2024 04:59:59 GMT"},
    ),
    "another part than was asked for": Good(
        answers=[cut(HALF), other_part(Content_Range=f"bytes 7-69/{len(MONDAY)}")],
        asked=[0, HALF, 0],
        said="another part of the file",
    ),
    "a part of a file of another length": Good(
        answers=[cut(HALF), other_part(Content_Range=f"bytes {HALF}-{HALF + 62}/99999999")],
        asked=[0, HALF, 0],
    ),
    "a part that does not say which": Good(
        answers=[cut(HALF), other_part()], asked=[0, HALF, 0]
    ),
    "several parts at once": Good(
        answers=[cut(HALF), other_part(Content_Type="multipart/byteranges; boundary=x")],
        asked=[0, HALF, 0],
    ),
    "no such range any more (416)": Good(
        answers=[cut(HALF), status(416)], asked=[0, HALF, 0], said="does not have the rest"
    ),
    "a length that is too small": Good(
        answers=[claimed(HALF)], asked=[0, 0], said="the file is not whole: the zip file is cut off"
    ),
    "a length that is too large": Good(
        answers=[claimed(len(MONDAY) + 10)], asked=[0, len(MONDAY), 0], said="broke off"
    ),
    "an error of the server": Good(
        answers=[status(500)], asked=[0, 0], pauses=[2], said="it answered 500 Internal Server"
    ),
    "closed, for so many seconds": Good(
        answers=[status(503, Retry_After="120")], asked=[0, 0], pauses=[120]
    ),
    "closed, until a time of day": Good(
        answers=[status(503, Retry_After="Wed, 06 Mar 2024 05:01:30 GMT")],
        asked=[0, 0],
        pauses=[90],
    ),
    "closed for days": Good(
        answers=[status(503, Retry_After="999999")], asked=[0, 0], pauses=[600]
    ),
    "closed, and confused": Good(answers=[status(503, Retry_After="soon")], asked=[0, 0], pauses=[2]),
    "too many questions (429)": Good(answers=[status(429)], asked=[0, 0]),
    "somewhere else, by a redirect": Good(
        answers=[status(302, Location="/elsewhere/x.zip")], asked=[0, 0], pauses=[]
    ),
    "silence in the middle": Good(
        answers=[silent_after(HALF)], asked=[0, HALF], settings=SOON, said="it fell silent"
    ),
    "silence instead of an answer": Good(
        answers=[silent], asked=[0, 0], settings=SOON, said="it fell silent"
    ),
    "headers without end": Good(
        answers=[dripping_headers],
        asked=[0, 0],
        settings=SOON,
        said="it did not answer in time",
    ),
    "in chunks, without a length": Good(answers=[chunked()], asked=[0], pauses=[]),
    "chunks that break off": Good(answers=[chunked(ends=False)], asked=[0, 1000], said="broke off"),
    "chunks with garbage between them": Good(
        answers=[chunked(garbage=b"\r\nzz\r\n")], asked=[0, 1000], said="its answer is no HTTP"
    ),
    "no HTTP at all": Good(answers=[raw(b"220 ftp ready\r\n")], asked=[0, 0]),
    "nothing at all": Good(answers=[raw(b"")], asked=[0, 0]),
    "an empty file": Good(answers=[status(200)], asked=[0, 0], said="not whole: it is empty"),
    "gzipped on the way as well": Good(
        answers=[unfinished(gzip.compress(gzip.compress(XML)))],
        asked=[0],
        content=gzip.compress(XML),
        site={"content": gzip.compress(gzip.compress(XML))},
    ),
    "said to be gzipped on the way, and is not": Good(
        answers=[status(200, MONDAY, Content_Encoding="gzip")], asked=[0], pauses=[]
    ),
    "it changes while it is fetched": Good(
        answers=[before_it_changes(TUESDAY)],
        asked=[0, 0],
        content=TUESDAY,
        said="the file changed while it was fetched",
    ),
    "a zip that is still being written": Good(
        answers=[unfinished(MONDAY[:HALF]), unfinished(MONDAY[:-10])], asked=[0, 0, 0]
    ),
    "an XML that is still being written": Good(
        answers=[unfinished(XML_HALF), whole],
        asked=[0, 0],
        content=XML,
        site={"content": XML},
        said="the file is not whole: its end is missing",
    ),
    "a gzip that is still being written": Good(
        answers=[unfinished(gzip.compress(XML)[:-900])],
        asked=[0, 0],
        content=gzip.compress(XML),
        site={"content": gzip.compress(XML)},
        said="the file is not whole: the gzip file is cut off",
    ),
    "no HEAD": Good(answers=[], asked=[0, 0], site={"head_status": 405}, pauses=[]),
}  # fmt: skip

BAD = {
    "an HTML page": Bad(
        answers=[status(200, PAGE)],
        said="no snapshot but an HTML page with the title Request Rejected; it is kept as",
        gets=1,
        aside=PAGE,
    ),
    "some other file": Bad(
        answers=[status(200, b"%PDF-1.7")], said="a PDF document", gets=1, aside=b"%PDF-1.7"
    ),
    "an encrypted zip": Bad(
        answers=[], said="encrypted", gets=1, site={"content": _encrypted()}, aside=_encrypted()
    ),
    "a zip that stays broken": Bad(
        answers=[], said="cut off", gets=2, site={"content": MONDAY[:-9]}, aside=MONDAY[:-9]
    ),
    "not there (404)": Bad(answers=[status(404, PAGE)], said="it answered 404 Not Found", gets=1),
    "forbidden (403)": Bad(answers=[status(403, PAGE)], said="403 Forbidden", gets=1),
    "a number that is no status": Bad(answers=[status(299)], said="it answered 299.", gets=1),
    "nothing new, without being asked": Bad(
        answers=[status(304)], said="it answered 304 Not Modified", gets=1
    ),
    "a redirect in a circle": Bad(
        answers=[status(302, Location="/pub/Sor.zip")] * 9, said="more than 5 times", gets=6
    ),
    "a redirect to a file": Bad(
        answers=[status(302, Location="file:///etc/passwd")],
        said="it redirects to no http or https address",
        gets=1,
    ),
    "a redirect to a user": Bad(
        answers=[status(302, Location="http://me:secret@127.0.0.1/")],
        said="it redirects to an address with a user in it",
        gets=1,
    ),
    "packed in a way that nobody asked for": Bad(
        answers=[status(200, b"x", Content_Encoding="br")], said="it packs the file as 'br'", gets=1
    ),
    "too large, and says so": Bad(
        answers=[claimed(2**31 + 1)], said="it sends more than 2,048 MiB", gets=1
    ),
    "too large, without a word": Bad(
        answers=[chunked()],
        said="it sends more than 1 MiB",
        gets=1,
        site={"content": bytes(2**20 + 1)},
        settings={"largest_mib": 1},
    ),
    "so slow that it never ends": Bad(
        answers=[dripping],
        said="it did not end within 3 s",
        gets=1,
        settings={"whole_seconds": 3.0},
    ),
    "silent every time": Bad(answers=[silent] * 4, said="it fell silent", gets=4, settings={"silence_seconds": 0.1}),
    "written to all the time": Bad(
        answers=[unfinished(MONDAY[:number]) for number in (10, 20, 30, 40)],
        said="the file is not whole",
        gets=4,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_a_fault_that_is_overcome(name: str, fetching: Fetching) -> None:
    case = GOOD[name]
    with serve(Site(**{"content": MONDAY, "answers": list(case.answers)} | case.site)) as site:
        found = fetching.fetch(site.url, **case.settings)
    assert found.is_new
    assert not found.warnings
    assert found.path.read_bytes() == case.content
    assert fetched_files(fetching.folder) == ["Sor-2024-03-06.zip"]
    begun = [asked.headers.get("Range", "bytes=0-") for asked in site.gets]
    assert begun == [f"bytes={first}-" for first in case.asked]
    assert case.said in "\n".join(fetching.said)
    if case.pauses is not None:
        assert fetching.pauses == case.pauses
    assert not kept_aside(fetching.folder)
    assert not list((fetching.folder / ".partial").iterdir())


@pytest.mark.parametrize("name", BAD)
def test_a_fault_that_is_not(name: str, fetching: Fetching) -> None:
    case = BAD[name]
    expected: type[NotASnapshot | NotFetched] = NotASnapshot if case.aside else NotFetched
    with (
        serve(Site(**{"content": MONDAY, "answers": list(case.answers)} | case.site)) as site,
        pytest.raises(expected) as error,
    ):
        fetching.fetch(site.url, **case.settings)
    failure = error.value
    message = failure.problems[0].message if isinstance(failure, NotASnapshot) else failure.message
    assert case.said in message
    assert len(site.gets) == case.gets
    assert not fetched_files(fetching.folder)
    assert kept_aside(fetching.folder) == ([case.aside] if case.aside else [])
