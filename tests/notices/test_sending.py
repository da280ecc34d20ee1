import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sordiff.notices.delivery import DeliveryResult
from sordiff.notices.send import deliver_notices
from sordiff.notices.settings import NoticeSettings
from tests.notices.receivers import http_receiver, mail_server, status
from tests.notices.samples import HELD, send_all

MAIL = {"smtp_host": "mail.example", "mail_from": "a@example.dk", "mail_to": ["b@example.dk"]}


def _convert(**fields: Any) -> NoticeSettings:
    return msgspec.convert(fields, NoticeSettings)


def test_who_sends_nothing_loads_no_library_for_it() -> None:
    asked = "import sys, sordiff.notices as _; print({'smtplib', 'http.client', 'ssl', 'tempfile'} & set(sys.modules))"
    answer = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    )
    assert answer.stdout == "set()\n"


def test_nothing_is_sent_unless_configured() -> None:
    assert send_all([HELD], NoticeSettings()) == ()


def test_no_notice_needs_no_connection() -> None:
    assert send_all([], NoticeSettings(webhook_url="http://127.0.0.1:1/")) == ()


def test_a_notice_may_have_neither_alerts_nor_commands() -> None:
    bare = msgspec.structs.replace(HELD, alerts=(), commands=())
    with http_receiver(status(200)) as receiver, mail_server() as server:
        settings = _convert(
            **(MAIL | {"smtp_host": "127.0.0.1"}),
            smtp_port=server.port,
            smtp_security="none",
            webhook_url=receiver.url,
            webhook_format="slack",
        )
        assert send_all([bare], settings) == ()
    assert receiver.posts[0].body.endswith(b'(2041000016005)."}')
    assert server.mails[0].content.rstrip().endswith(b"(2041000016005).")


def test_both_ways_and_the_failure_of_one_leaves_the_other() -> None:
    with http_receiver(status(404)) as receiver, mail_server() as server:
        settings = _convert(
            **(MAIL | {"smtp_host": "127.0.0.1"}),
            smtp_port=server.port,
            smtp_security="none",
            webhook_url=receiver.url,
        )
        (failure,) = send_all([HELD], settings)
    assert "404 Not Found" in failure
    assert len(server.mails) == 1


def test_which_notices_were_delivered_is_told() -> None:
    three = [HELD, HELD, HELD]
    assert deliver_notices(three, NoticeSettings()) == DeliveryResult(
        delivered=(True, True, True), failures=()
    )
    with http_receiver(status(200), status(404), status(200)) as receiver:
        result = deliver_notices(three, NoticeSettings(webhook_url=receiver.url))
    assert (result.delivered, len(result.failures)) == ((True, False, True), 1)
    with http_receiver(status(200), status(404)) as receiver, mail_server() as server:
        settings = _convert(
            **(MAIL | {"smtp_host": "127.0.0.1", "mail_to": ["b@example.dk", "c@example.dk"]}),
            smtp_port=server.port,
            smtp_security="none",
            webhook_url=receiver.url,
        )
        server.unknown.add("b@example.dk")
        result = deliver_notices(three, settings)
        assert (result.delivered, len(result.failures)) == ((True, True, True), 5)
        server.unknown.add("c@example.dk")
        result = deliver_notices(three, settings)
        assert (result.delivered, len(result.failures)) == ((False, False, False), 9)


def test_a_notice_that_cannot_be_put_into_bytes_stops_nothing() -> None:
    broken = msgspec.structs.replace(HELD, text="\ud800", at="yesterday")
    settings = _convert(**MAIL, smtp_security="none", webhook_url="http://127.0.0.1:1/")
    assert send_all([broken], settings) == (
        "No notices were sent by webhook: UnicodeEncodeError.",
        "No notices were sent by mail: ValueError.",
    )


def test_a_secret_that_is_not_there_is_told_by_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ABSENT", raising=False)
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "latin").write_bytes(b"\xe6\xf8")
    url = "http://127.0.0.1:1/t0ken"
    places = (
        ("webhook_secret_env", "ABSENT"),
        ("webhook_secret_file", str(tmp_path / "empty")),
        ("webhook_secret_file", str(tmp_path / "missing")),
        ("webhook_secret_file", str(tmp_path / "latin")),
    )
    beginnings = (
        "is to be found in the environment variable ABSENT, and nothing is there. ",
        f"is to be found in {tmp_path}/empty, and nothing is there. ",
        f"can't be read from {tmp_path}/missing: No such file or directory. ",
        f"can't be read from {tmp_path}/latin: it is not UTF-8. ",
    )
    for (key, place), beginning in zip(places, beginnings, strict=True):
        (failure,) = send_all([HELD], _convert(webhook_url=url, **{key: place}))
        assert failure.startswith(f"webhook_secret of [notices] {beginning}")


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"webhook": "x"}, "unknown field"),
        ({"webhook_secret": "s3cret"}, "unknown field"),
        ({"smtp_password": "s3cret"}, "unknown field"),
        ({"webhook_url": "ftp://s3cret.example/"}, "an http or https URL"),
        ({"webhook_url": "https://"}, "an http or https URL"),
        ({"webhook_url": "https://[s3cret/"}, "an http or https URL"),
        ({"webhook_url": "https://example:s3cret/"}, "an http or https URL"),
        ({"webhook_url": "https://example.dk/a b"}, "an http or https URL"),
        ({"webhook_url": "https://example.dk/\r\nX: s3cret"}, "an http or https URL"),
        ({"webhook_url": "https://me:s3cret@example.dk/"}, "no user and no password"),
        ({"webhook_url": "http://a/", "webhook_url_env": "A"}, "in one way only"),
        ({"webhook_secret_file": "a", "webhook_secret_env": "A"}, "in one way only"),
        ({"webhook_secret_env": "A"}, "of no use without webhook_url"),
        ({"webhook_url": "http://a/", "webhook_format": "xml"}, "Invalid enum value"),
        ({"webhook_url": "http://a/", "webhook_attempts": 0}, "Expected `int` >= 1"),
        ({"webhook_url": "http://a/", "webhook_timeout_seconds": 0}, "Expected `float` > 0"),
        ({"smtp_host": "mail.example"}, "needs mail_from and mail_to"),
        ({"mail_to": ["a@example.dk"]}, "need smtp_host"),
        (MAIL | {"mail_to": ["a@example.dk\r\nBcc: b@example.dk"]}, "matching regex"),
        (MAIL | {"mail_from": "a..b@example.dk"}, "matching regex"),
        (MAIL | {"smtp_host": "mail.example\r\n"}, "matching regex"),
        (MAIL | {"smtp_user": "me"}, "go together"),
        (MAIL | {"smtp_password_env": "A"}, "go together"),
        (
            MAIL | {"smtp_user": "me", "smtp_password_env": "A", "smtp_security": "none"},
            "starttls or tls",
        ),
    ],
)
def test_what_cannot_work_is_refused_and_no_value_repeated(
    fields: dict[str, Any], problem: str
) -> None:
    with pytest.raises(msgspec.ValidationError) as refused:
        _convert(**fields)
    assert problem in str(refused.value)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_usual_port(security: str, port: int) -> None:
    assert _convert(**MAIL, smtp_security=security).mail_port == port
    assert _convert(**MAIL, smtp_security=security, smtp_port=2525).mail_port == 2525
