import hashlib
import hmac
import json
import socket
import ssl
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sordiff.notices.notice import Notice
from sordiff.notices.settings import NoticeSettings
from tests.notices.receivers import HttpReceiver, http_receiver, status
from tests.notices.samples import CLOSINGS, HELD, HOSTILE, send_all


def test_the_notice_arrives_as_json() -> None:
    with http_receiver(status(204)) as receiver:
        assert send_all([HELD], NoticeSettings(webhook_url=receiver.url)) == ()
    (post,) = receiver.posts
    assert post.path == "/hook"
    assert post.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "X-Sordiff-Signature" not in post.headers
    assert msgspec.json.decode(post.body, type=Notice) == HELD


def test_two_failures_and_then_success_is_success() -> None:
    slept: list[float] = []
    with http_receiver(status(500), status(503), status(200)) as receiver:
        settings = NoticeSettings(webhook_url=receiver.url)
        assert send_all([HELD], settings, sleep=slept.append) == ()
    assert slept == [1, 2]
    assert len({post.body for post in receiver.posts}) == 1
    assert len(receiver.posts) == 3


def test_it_gives_up_and_the_next_notices_get_one_attempt() -> None:
    slept: list[float] = []
    with http_receiver(status(502)) as receiver:
        settings = NoticeSettings(webhook_url=f"{receiver.url}/token-1234", webhook_attempts=3)
        failures = send_all([HELD, HOSTILE], settings, sleep=slept.append)
    assert failures == tuple(
        f"The notice {kind} of 2018-04-23 could not be sent to the webhook at 127.0.0.1: "
        "it answered 502 Bad Gateway."
        for kind in ("run.held", "alert.raised")
    )
    assert slept == [1, 2]
    assert len(receiver.posts) == 4


def test_pauses_grow_to_half_a_minute_at_most() -> None:
    slept: list[float] = []
    with http_receiver(status(500)) as receiver:
        settings = NoticeSettings(webhook_url=receiver.url, webhook_attempts=8)
        assert len(send_all([HELD], settings, sleep=slept.append)) == 1
    assert slept == [1, 2, 4, 8, 16, 30, 30]


@pytest.mark.parametrize("asked", ["7", "86400", "Wed, 21 Oct 2015 07:28:00 GMT", "²"])
def test_a_receiver_may_ask_for_a_longer_pause(asked: str) -> None:
    slept: list[float] = []
    with http_receiver(
        status(429, Retry_After=asked.encode().decode("latin-1")), status(200)
    ) as receiver:
        settings = NoticeSettings(webhook_url=receiver.url)
        assert send_all([HELD], settings, sleep=slept.append) == ()
    assert slept == [{"7": 7, "86400": 30}.get(asked, 1)]


@pytest.mark.parametrize(("code", "attempts"), [(400, 1), (404, 1), (410, 1), (408, 4), (429, 4)])
def test_what_will_not_pass_is_not_tried_again(code: int, attempts: int) -> None:
    with http_receiver(status(code)) as receiver:
        (failure,) = send_all(
            [HELD], NoticeSettings(webhook_url=receiver.url), sleep=lambda _: None
        )
    assert str(code) in failure
    assert len(receiver.posts) == attempts


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308, 304])
def test_no_redirect_is_followed(code: int) -> None:
    with (
        http_receiver(status(200)) as other,
        http_receiver(status(code, Location=other.url)) as receiver,
    ):
        (failure,) = send_all([HELD], NoticeSettings(webhook_url=receiver.url))
    assert "no redirect is followed" in failure
    assert other.url not in failure
    assert len(receiver.posts) == 1
    assert other.posts == []


def test_a_status_nobody_knows() -> None:
    with http_receiver(status(599)) as receiver:
        settings = NoticeSettings(webhook_url=receiver.url, webhook_attempts=1)
        assert send_all([HELD], settings)[0].endswith("it answered 599.")


def _hang(receiver: list[HttpReceiver]) -> Any:
    def answer(_: BaseHTTPRequestHandler) -> None:
        receiver[0].leaving.wait(10)

    return answer


def _trickle(receiver: list[HttpReceiver]) -> Any:
    """A byte now and then: each of them would start the time-out of the socket anew."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 ")
        while not receiver[0].leaving.wait(0.05):
            handler.wfile.write(b"O")

    return answer


@pytest.mark.parametrize("slow", [_hang, _trickle])
def test_a_receiver_that_hangs_or_trickles_is_left(slow: Any) -> None:
    known: list[HttpReceiver] = []
    with http_receiver(slow(known)) as receiver:
        known.append(receiver)
        settings = NoticeSettings(
            webhook_url=receiver.url, webhook_timeout_seconds=0.3, webhook_attempts=2
        )
        since = time.monotonic()
        (failure,) = send_all([HELD], settings, sleep=lambda _: None)
        assert time.monotonic() - since < 5
        assert failure.endswith("127.0.0.1: no answer within 0.3 s.")
        assert len(receiver.posts) == 2


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings = NoticeSettings(webhook_url=f"http://127.0.0.1:{port}/s3cret", webhook_attempts=2)
    slept: list[float] = []
    (failure,) = send_all([HELD], settings, sleep=slept.append)
    assert failure.endswith("127.0.0.1: Connection refused.")
    assert slept == [1]


def test_a_receiver_that_does_not_speak_http() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"SSH-2.0 hello\r\n\r\n")

    with http_receiver(answer) as receiver:
        settings = NoticeSettings(webhook_url=receiver.url, webhook_attempts=1)
        assert send_all([HELD], settings)[0].endswith("127.0.0.1: BadStatusLine.")


def test_a_certificate_is_accepted_by_tls_ca_file_alone(
    certificate: ssl.SSLContext, ca_file: str
) -> None:
    slept: list[float] = []
    with http_receiver(status(200), certificate=certificate) as receiver:
        settings = NoticeSettings(webhook_url=receiver.url)
        (failure,) = send_all([HELD], settings, sleep=slept.append)
        assert "its certificate is not trusted" in failure
        assert (slept, receiver.posts) == ([], [])
        trusting = msgspec.structs.replace(settings, tls_ca_file=ca_file)
        assert send_all([HELD], trusting) == ()
    assert len(receiver.posts) == 1


def test_a_certificate_for_another_host_is_refused(
    foreign_certificate: ssl.SSLContext, ca_file: str
) -> None:
    with http_receiver(status(200), certificate=foreign_certificate) as receiver:
        settings = NoticeSettings(webhook_url=receiver.url, tls_ca_file=ca_file)
        (failure,) = send_all([HELD], settings)
    assert "not valid for '127.0.0.1'" in failure
    assert receiver.posts == []


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_ca_file_that_is_none(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    settings = NoticeSettings(webhook_url="https://127.0.0.1:1/", tls_ca_file=str(path))
    (failure,) = send_all([HELD], settings)
    assert failure.startswith(f"tls_ca_file of [notices], {path}, can't be used: ")


@pytest.mark.parametrize("shape", ["json", "slack", "teams"])
def test_the_signature_is_an_hmac_over_the_body(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: Any
) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    monkeypatch.setenv("HOOK_SECRET", "from the environment")
    with http_receiver(status(200)) as receiver:
        by_file = NoticeSettings(
            webhook_url=receiver.url,
            webhook_format=shape,
            webhook_secret_file=str(tmp_path / "secret"),
        )
        by_env = NoticeSettings(
            webhook_url=receiver.url,
            webhook_format=shape,
            webhook_secret_env="HOOK_SECRET",  # noqa: S106 - a name
        )
        assert send_all([HELD], by_file) + send_all([HELD], by_env) == ()
    for post, secret in zip(receiver.posts, (b"from a file", b"from the environment"), strict=True):
        expected = hmac.new(secret, post.body, hashlib.sha256).hexdigest()
        assert post.headers["X-Sordiff-Signature"] == f"sha256={expected}"


def test_the_address_may_be_a_secret_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with http_receiver(status(200)) as receiver:
        (tmp_path / "url").write_text(f"{receiver.url}\n")
        monkeypatch.setenv("HOOK", receiver.url)
        assert send_all([HELD], NoticeSettings(webhook_url_file=str(tmp_path / "url"))) == ()
        assert send_all([HELD], NoticeSettings(webhook_url_env="HOOK")) == ()
    assert len(receiver.posts) == 2


def test_an_address_found_to_be_none_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK", "file:///t0ken")
    (failure,) = send_all([HELD], NoticeSettings(webhook_url_env="HOOK"))
    assert failure == (
        "No webhook was called: webhook_url must be an http or https URL in ASCII. Check [notices]."
    )


def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with http_receiver(status(200)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        settings = NoticeSettings(webhook_url="http://hooks.example/x")
        assert send_all([HELD], settings) == ()
    assert proxy.posts[0].path == "http://hooks.example/x"


def test_slack_gets_one_text() -> None:
    with http_receiver(status(200)) as receiver:
        settings = NoticeSettings(webhook_url=receiver.url, webhook_format="slack")
        assert send_all([HELD], settings) == ()
    assert json.loads(receiver.posts[0].body) == {
        "text": (
            "*SOR 2018-04-23: run 61 is held*\n"
            f"{CLOSINGS}.\n"
            f"• critical: {CLOSINGS}\n"
            "```\nsordiff report --run 61 --db /srv/sordiff/sordiff.db\n"
            "sordiff release 61 --reason TEXT --db /srv/sordiff/sordiff.db\n"
            "sordiff reject 61 --reason TEXT --db /srv/sordiff/sordiff.db\n```"
        )
    }


def test_nothing_in_a_name_is_obeyed_by_slack() -> None:
    with http_receiver(status(200)) as receiver:
        settings = NoticeSettings(webhook_url=receiver.url, webhook_format="slack")
        assert send_all([HOSTILE], settings) == ()
    text = json.loads(receiver.posts[0].body)["text"]
    assert text == (
        "*Æble  Bcc: everybody＠example.com    Click here⟨U+001B⟩[31m⟨U+202E⟩*\n"
        "&lt;!channel&gt; ＠here [Lægehus] (http://evil.example) ![x] (http://evil.example/x.png) "
        "∗a∗ ˋbˋ  . QUIT\n"
        "• warning: Ørsted  &lt;＠U1&gt; ⟨U+2028⟩⟨U+0000⟩\n"
        "```\nsordiff runs ˋˋˋ @channel  rm -rf /\n```"
    )


def test_teams_gets_a_card_without_markup() -> None:
    with http_receiver(status(202)) as receiver:
        settings = NoticeSettings(webhook_url=receiver.url, webhook_format="teams")
        assert send_all([HOSTILE], settings) == ()
    body = json.loads(receiver.posts[0].body)
    assert body["type"] == "message"
    (attachment,) = body["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    blocks = attachment["content"]["body"]
    assert {block["type"] for block in blocks} == {"RichTextBlock"}
    runs = [run for block in blocks for run in block["inlines"]]
    assert {run["type"] for run in runs} == {"TextRun"}
    assert all(run["text"].isprintable() for run in runs)
    assert runs[-1]["fontType"] == "Monospace"


def test_nothing_raw_in_json_harms_a_terminal() -> None:
    with http_receiver(status(200)) as receiver:
        assert send_all([HOSTILE], NoticeSettings(webhook_url=receiver.url)) == ()
    body = receiver.posts[0].body
    assert body.decode().isprintable()
    assert msgspec.json.decode(body, type=Notice) == HOSTILE


def test_a_thousand_alerts_are_counted_for_people() -> None:
    many = msgspec.structs.replace(HELD, alerts=HELD.alerts * 1000)
    with http_receiver(status(200)) as receiver:
        settings = NoticeSettings(webhook_url=receiver.url, webhook_format="slack")
        assert send_all([many], settings) == ()
    text = json.loads(receiver.posts[0].body)["text"]
    assert text.count("• critical") == 10
    assert "• and 990 more" in text
