"""Answers that are kept are those that were sent, byte for byte, and are gone with the next night."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.cli.calling import good
from tests.http.asking import Client, record, serving
from tests.http.conftest import NIGHTS

UNIT = "/v1/units/620121000016009"


def _without_date(answer: httpx.Response) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    headers = [header for header in answer.headers.raw if header[0].lower() != b"date"]
    return answer.status_code, headers, answer.content


@pytest.mark.parametrize("encoding", ["identity", "gzip", "zstd"])
@pytest.mark.parametrize("path", [UNIT, "/v1/events?since=3&limit=5", f"{UNIT}/history"])
def test_the_second_answer_is_the_first(client: Client, path: str, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding}
    # Another spelling of the same question is another one to whoever keeps answers.
    other = f"{path}{'&' if '?' in path else '?'}"
    first, again = (_without_date(client.get(path, headers=headers)) for _ in range(2))
    assert again == first
    known = {**headers, "If-None-Match": client.get(path).headers["etag"]}
    kept = _without_date(client.get(path, headers=known))
    assert kept == _without_date(client.get(other, headers=known))
    assert kept[0] == 304


def test_an_answer_is_gone_with_the_next_night(tmp_path: Path) -> None:
    good(tmp_path, "ingest", *NIGHTS[:2], "--accept", "--reason", "the demo")
    with serving(tmp_path / "sordiff.db") as client:
        before = [client.get(path).content for path in (UNIT, "/v1/events?since=0&limit=200")]
        record(tmp_path, NIGHTS[2])
        after = [client.get(path).content for path in (UNIT, "/v1/events?since=0&limit=200")]
    assert all(old != new for old, new in zip(before, after, strict=True))


def test_an_answer_without_events_is_waited_for_each_time(client: Client) -> None:
    last = client.ask("/health")["last_sequence"]
    asked = {"since": last, "wait": 1}
    for _ in range(2):
        answer = client.get("/v1/events", params=asked)
        assert answer.json() == []
        assert answer.elapsed.total_seconds() > 0.9
