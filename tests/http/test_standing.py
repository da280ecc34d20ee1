"""How the changelog stands, and what every answer has."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from backports import zstd

from tests.cli.calling import called, good
from tests.http.asking import Client, serving


def test_the_status_is_that_of_the_command(client: Client, demo: Path) -> None:
    told = json.loads(good(demo.parent, "status", "--format", "json"))
    answered = client.ask("/v1/status")
    assert answered.pop("snapshot_age_hours") >= told.pop("snapshot_age_hours")
    assert answered == told | {"database": "sordiff.db"}


def test_health_names_the_last_sequence(client: Client, demo: Path) -> None:
    [*_, last] = good(demo.parent, "events").splitlines()
    assert client.ask("/health") == {
        "status": "ok",
        "last_run": 3,
        "last_sequence": json.loads(last)["sequence"],
    }


def test_without_a_changelog_health_is_bad(tmp_path: Path) -> None:
    with serving(tmp_path / "none.db") as client:
        assert "There is no changelog" in client.problem("/health", 503)["detail"]


def test_the_metrics_are_of_prometheus(client: Client) -> None:
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'sordiff_runs_total{state="accepted"} 3' in answer.text


def test_what_a_client_has_is_not_sent_again(client: Client) -> None:
    first = client.get("/health")
    again = client.get("/health", headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get("/health", headers={"If-None-Match": '"other"'}).status_code == 200


def test_answers_are_compressed_as_the_client_asks(client: Client) -> None:
    def sent(accepted: str) -> tuple[str, bytes]:
        with client.stream("GET", "/v1/status", headers={"Accept-Encoding": accepted}) as answer:
            return answer.headers.get("content-encoding", ""), b"".join(answer.iter_raw())

    plain = json.loads(sent("identity")[1])
    for accepted, encoding in (
        ("gzip", "gzip"),
        ("gzip, zstd", "zstd"),
        ("zstd;q=0.5, gzip", "gzip"),
        ("zstd;q=0, gzip;q=0", ""),
        ("br;q=high", ""),
    ):
        name, content = sent(accepted)
        assert name == encoding
        read = {"gzip": gzip.decompress, "zstd": zstd.decompress}.get(name, bytes)
        found = json.loads(read(content))
        assert found.keys() == plain.keys()


def test_a_parameter_that_is_not_known_is_refused(client: Client) -> None:
    assert "limmit" in client.problem("/v1/status", 400, limmit=3)["detail"]
    assert "limit" in client.problem("/v1/status?limit=1&limit=2", 400)["detail"]


def test_what_is_not_there_and_what_can_only_be_read(client: Client) -> None:
    assert client.problem("/v1/nothing", 404)["type"] == "urn:sordiff:problem:path"
    posted = client.post("/v1/status")
    assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD")
    assert client.head("/v1/status").content == b""


def test_problems_are_told_in_the_language_of_the_client(client: Client) -> None:
    answer = client.get("/v1/nothing", headers={"Accept-Language": "fr, da-DK;q=0.8, en;q=0.5"})
    assert answer.headers["content-language"] == "da"
    assert answer.json()["detail"] == "Der er intet på denne adresse."


def test_the_command_refuses_what_is_no_changelog(tmp_path: Path) -> None:
    ran = called(tmp_path, "serve")
    assert (ran.exit, ran.stdout) == (2, "")
    assert "There is no changelog at sordiff.db" in ran.stderr
