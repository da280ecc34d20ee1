"""Odd and hostile requests: answered as the OpenAPI document says, or closed; others are answered meanwhile."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator
from schemathesis.generation import GenerationMode

from sordiff.http.deciding.operations import DECISIONS
from sordiff.http.problem import Problem
from sordiff.http.silent_connections import RequestCycle, SilentConnections
from tests.cli.product import COMMAND, environment
from tests.http.asking import Client, serving
from tests.http.holding import Held, copy_held
from tests.http.test_openapi import DOCUMENT, READ_WHOLE, answer_schema

_SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
_LOOKS = 2_400
_ASKED = [operation for operation in READ_WHOLE if operation.name != "readOpenapi"]


@pytest.fixture(scope="module")
def quick(demo: Path) -> Iterator[Client]:
    """A server with little patience."""
    with serving(demo, request_seconds=0.4) as client:
        client.headers["Connection"] = "close"  # one that is kept would be closed as silent
        yield client


@pytest.fixture(scope="module")
def deciding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server on which a held run can be decided, asked by who may."""
    held = copy_held(tmp_path_factory, tmp_path_factory.mktemp("deciding"))
    with held.deciding() as client:
        client.headers["Authorization"] = f"Bearer {held.decide}"
        yield client


@pytest.mark.parametrize("operation", _ASKED, ids=lambda operation: operation.name)
def test_whatever_is_asked_is_answered_as_documented(client: Client, operation: Any) -> None:
    described = _SCHEMA[operation.path]["GET"]

    @given(
        case=st.one_of(
            described.as_strategy(), described.as_strategy(generation_mode=GenerationMode.NEGATIVE)
        )
    )
    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        case.query.pop("wait", None)
        sent = case.as_transport_kwargs(base_url=str(client.base_url))
        answer = client.request(sent["method"], sent["url"], params=sent.get("params"))
        status = answer.status_code
        assert status < 500
        documented = DOCUMENT["paths"][operation.path]["get"]["responses"]
        assert str(status) in documented
        if status != 304 and "json" in answer.headers["content-type"]:
            schema = answer_schema(operation.path, status, answer.headers["content-type"])
            Draft202012Validator(schema).validate(answer.json())

    ask()


@pytest.mark.parametrize(
    ("mode", "count"), [(GenerationMode.POSITIVE, 1), (GenerationMode.NEGATIVE, 6)]
)
@pytest.mark.parametrize("operation", DECISIONS, ids=lambda operation: operation.name)
def test_whatever_is_decided_is_answered_as_documented(
    deciding: Client, operation: Any, mode: GenerationMode, count: int
) -> None:
    described = _SCHEMA[operation.path]["POST"]

    @given(case=described.as_strategy(generation_mode=mode))
    @settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        sent = case.as_transport_kwargs(base_url=str(deciding.base_url))
        body = sent.get("json", sent.get("data", b""))
        answer = deciding.request(
            sent["method"],
            sent["url"],
            params=sent.get("params"),
            content=body if isinstance(body, bytes) else json.dumps(body),
            headers={"Content-Type": "application/json"},
        )
        status = answer.status_code
        assert str(status) in DOCUMENT["paths"][operation.path]["post"]["responses"]
        assert status < 500
        schema = answer_schema(operation.path, status, answer.headers["content-type"], "post")
        Draft202012Validator(schema).validate(answer.json())

    ask()


def _say(client: Client, sent: bytes) -> bytes:
    """What comes back until the server closes the connection."""
    url = client.base_url
    with socket.create_connection((url.host, url.port or 0), timeout=120) as connection:
        connection.sendall(sent)
        found = b""
        while more := connection.recv(65_536):
            found += more
        return found


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /health HT",
        b"GET /health HTTP/1.1\r\nHost: x\r\nX: ",
        b"POST /v1/status HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nnothing",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"",
        b"GET /health HTTP/1.1\r\nHost: x\r\n\r\nGET /hea",
        b"GET /v1/units/" + b"9" * 60_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v1/search?q=%ff%fe%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
    ],
    ids=lambda sent: ascii(sent[:24]),
)
def test_a_connection_that_says_nothing_sensible_is_closed(quick: Client, sent: bytes) -> None:
    answered = _say(quick, sent)
    assert b" 50" not in answered.split(b"\r\n")[0]
    assert b"root:" not in answered
    assert quick.ask("/health")["status"] == "ok"


def test_who_drips_is_closed_and_others_are_answered(quick: Client) -> None:
    url = quick.base_url
    with ExitStack() as stack:
        silent = [
            stack.enter_context(socket.create_connection((url.host, url.port or 0), timeout=120))
            for _ in range(300)
        ]
        for connection in silent:
            connection.sendall(b"GET /health HTTP/1.1\r\nX-Slow: ")
        assert quick.ask("/health")["status"] == "ok"
        for connection in silent:
            assert connection.recv(100) == b""
    assert quick.ask("/health")["status"] == "ok"


_DECISION = (
    b"POST /v1/runs/3/release HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n"
    b"Content-Type: application/json\r\nContent-Length: 900\r\n\r\n"
)


@pytest.mark.parametrize(
    "sent", [b"GET /health HTTP/1.1\r\nX-Slow: ", _DECISION], ids=["headers", "body"]
)
def test_who_sends_a_byte_now_and_then_is_cut_off(held: Held, sent: bytes) -> None:
    with held.deciding(request_seconds=0.4) as client:
        url = client.base_url
        with socket.create_connection((url.host, url.port or 0), timeout=0.05) as connection:
            connection.sendall(sent.replace(b"{}", held.decide.encode()))
            assert any(_is_cut_off(connection) for _ in range(_LOOKS))
        client.headers["Connection"] = "close"
        assert client.ask("/v1/runs/3")["state"] == "held"


def _is_cut_off(connection: socket.socket) -> bool:
    """Whether the server has closed it; otherwise it gets one more byte."""
    try:
        assert connection.recv(100) == b""
    except TimeoutError:
        connection.sendall(b" ")
        return False
    except ConnectionError:
        return True
    return True


def test_an_address_that_is_too_long_gets_a_problem_document(quick: Client) -> None:
    answered = _say(quick, b"GET /v1/search?q=" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    head, _, body = answered.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in head
    assert msgspec.json.decode(body, type=Problem).type == "urn:sordiff:problem:request"


def test_who_holds_all_connections_keeps_nobody_from_being_answered(demo: Path) -> None:
    with serving(demo, most_connections=40) as client, ExitStack() as stack:
        client.headers["Connection"] = "close"
        url = client.base_url
        for _ in range(200):
            connection = socket.create_connection((url.host, url.port or 0), timeout=120)
            stack.enter_context(connection).sendall(b"GET /health HTTP/1.1\r\nX-Slow: ")
            assert client.ask("/health")["status"] == "ok"


def test_who_comes_when_all_connections_are_in_use_is_sent_away(demo: Path) -> None:
    with serving(demo, most_connections=10) as client, ExitStack() as stack:
        client.headers["Connection"] = "close"
        for _ in range(10):
            answer = stack.enter_context(client.stream("GET", "/v1/stream?since=46"))
            assert answer.status_code == 200
        assert client.problem("/health", 503)["type"] == "urn:sordiff:problem:busy"
    with serving(demo) as client:
        assert client.ask("/health")["status"] == "ok"


def test_who_takes_nothing_of_an_answer_is_cut_off() -> None:
    class Cycle:
        def __init__(self) -> None:
            self.response_complete = False
            self.more_body = False

    class Stuck:
        transport: asyncio.Transport

        def __init__(self) -> None:
            self.cycle: RequestCycle | None = Cycle()

    async def write_to_nobody() -> tuple[bool, bool]:
        here, there = socket.socketpair()
        with there:
            stuck = Stuck()
            stuck.transport, _ = await asyncio.get_running_loop().create_connection(
                asyncio.Protocol, sock=here
            )
            silent = SilentConnections(0)
            silent.close_oldest([stuck])  # a stream on which nothing has to be sent just now
            waits = stuck.transport.is_closing()
            stuck.transport.write(b"x" * 2**23)
            silent.close_oldest([stuck])
            silent.close_oldest([stuck])
            return waits, stuck.transport.is_closing()

    assert asyncio.run(write_to_nobody()) == (False, True)


def test_sigterm_while_the_settings_are_read_is_a_good_end(demo: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "sordiff.toml"
    os.mkfifo(pipe)
    words = [*COMMAND, "serve", "--db", str(demo), "--port", "0", "--config", str(pipe)]
    with subprocess.Popen(words, env=environment(bare=True), stderr=subprocess.DEVNULL) as process:
        try:
            with pipe.open("wb"):  # there is somebody who reads
                process.send_signal(signal.SIGTERM)
                assert process.wait(120) == 0
        finally:
            process.kill()
