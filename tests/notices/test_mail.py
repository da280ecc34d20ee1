import email
import socket
import ssl
import time
from contextlib import AbstractContextManager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from sordiff.notices.settings import NoticeSettings
from tests.notices.receivers import Mail, MailServer, mail_server
from tests.notices.samples import CLOSINGS, HELD, HOSTILE, send_all

PASSWORD = "pa55-for-nobody"  # noqa: S105 - of a server in this test
LOGIN = {"smtp_user": "sordiff", "smtp_password_env": "MAIL_PASSWORD"}


def _settings(port: int, **more: object) -> NoticeSettings:
    fields = {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_security": "none",
        "mail_from": "sordiff@example.dk",
        "mail_to": ["vagt@example.dk", "drift@example.dk"],
    }
    return msgspec.convert(fields | more, NoticeSettings)


def _content(message: EmailMessage) -> str:
    content = message.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def _read(mail: Mail) -> EmailMessage:
    return email.message_from_bytes(mail.content, policy=default)


def _secret_server(
    security: str, certificate: ssl.SSLContext, login: tuple[str, str] | None = None
) -> AbstractContextManager[MailServer]:
    if security == "tls":
        return mail_server(tls=certificate, login=login)
    return mail_server(starttls=certificate, login=login)


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)


def test_a_mail_arrives_with_its_danish_letters() -> None:
    with mail_server() as server:
        assert send_all([HELD], _settings(server.port)) == ()
    (mail,) = server.mails
    assert mail.sender == "sordiff@example.dk"
    assert mail.recipients == ["vagt@example.dk", "drift@example.dk"]
    assert mail.content.isascii()
    message = _read(mail)
    assert message["Subject"] == "sordiff: SOR 2018-04-23: run 61 is held"
    assert message["Date"].datetime.isoformat() == HELD.at
    assert message["From"] == "sordiff <sordiff@example.dk>"
    assert message["To"] == "vagt@example.dk, drift@example.dk"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Sordiff-Notice"] == "run.held"
    assert message.get_content_type() == "text/plain"
    assert _content(message) == (
        f"{CLOSINGS}.\n\n"
        f"- critical: {CLOSINGS}\n\n"
        "    sordiff report --run 61 --db /srv/sordiff/sordiff.db\n"
        "    sordiff release 61 --reason TEXT --db /srv/sordiff/sordiff.db\n"
        "    sordiff reject 61 --reason TEXT --db /srv/sordiff/sordiff.db\n"
    )


def test_the_same_notice_has_the_same_message_id() -> None:
    with mail_server() as server:
        assert send_all([HELD, HELD, HOSTILE], _settings(server.port)) == ()
    first, second, other = (_read(mail)["Message-ID"] for mail in server.mails)
    assert first == second != other
    assert first.endswith("@example.dk>")


def test_a_name_adds_no_header_and_ends_no_mail() -> None:
    with mail_server() as server:
        assert send_all([HOSTILE], _settings(server.port)) == ()
    message = _read(server.mails[0])
    assert "Bcc" not in message
    assert (
        message["Subject"]
        == "sordiff: Æble  Bcc: everybody@example.com    Click here⟨U+001B⟩[31m⟨U+202E⟩"
    )
    assert message["Date"].datetime.isoformat() == "2018-04-23T04:12:09+00:00"
    content = _content(message)
    assert "Ørsted" in content
    assert all(line.isprintable() for line in content.split("\n"))
    assert "    sordiff runs ``` @channel  rm -rf /\n" in content


@pytest.mark.parametrize("title", ["æ" * 400, "å" * 400 + "\r\nX: y", "a " * 300, "=?utf-8?q?x?="])
def test_any_title_makes_one_subject(title: str) -> None:
    notice = msgspec.structs.replace(HELD, title=title, at="2018-04-23T04:12:09")
    with mail_server() as server:
        assert send_all([notice], _settings(server.port)) == ()
    message = _read(server.mails[0])
    assert message.keys().count("Subject") == 1
    assert "X" not in message
    assert len(message["Subject"]) <= 160
    assert message["Date"].datetime.isoformat() == "2018-04-23T04:12:09+00:00"


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.usefixtures("password")
def test_a_login_over_tls(certificate: ssl.SSLContext, ca_file: str, security: str) -> None:
    with _secret_server(security, certificate, ("sordiff", PASSWORD)) as server:
        settings = _settings(
            server.port,
            smtp_security=security,
            **LOGIN,
            tls_ca_file=ca_file,
        )
        assert send_all([HELD], settings) == ()
    (mail,) = server.mails
    assert mail.secret
    assert mail.user == "sordiff"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_nobody_is_refused(certificate: ssl.SSLContext, security: str) -> None:
    with _secret_server(security, certificate) as server:
        (failure,) = send_all([HELD], _settings(server.port, smtp_security=security))
    assert "its certificate is not trusted" in failure
    assert server.mails == []


def test_a_certificate_for_another_host_is_refused(
    foreign_certificate: ssl.SSLContext, ca_file: str
) -> None:
    with mail_server(starttls=foreign_certificate) as server:
        settings = _settings(server.port, smtp_security="starttls", tls_ca_file=ca_file)
        (failure,) = send_all([HELD], settings)
    assert "not valid for '127.0.0.1'" in failure
    assert server.mails == []


@pytest.mark.usefixtures("password")
def test_no_mail_and_no_password_without_starttls() -> None:
    with mail_server(login=("sordiff", PASSWORD)) as server:
        settings = _settings(
            server.port,
            smtp_security="starttls",
            **LOGIN,
        )
        (failure,) = send_all([HELD], settings)
    assert failure == (
        "A mail could not be sent by way of 127.0.0.1: the server does not offer what "
        "smtp_security or smtp_user ask for."
    )
    assert server.mails == []


@pytest.mark.usefixtures("password")
def test_a_refused_login_tells_no_password(certificate: ssl.SSLContext, ca_file: str) -> None:
    with mail_server(login=("sordiff", "another"), starttls=certificate) as server:
        settings = _settings(
            server.port,
            smtp_security="starttls",
            **LOGIN,
            tls_ca_file=ca_file,
        )
        failures = send_all([HELD, HELD], settings)
    assert failures == (
        "2 mails could not be sent by way of 127.0.0.1: the login was refused (535).",
    )


@pytest.mark.usefixtures("password")
def test_an_answer_that_repeats_the_password_is_masked(
    certificate: ssl.SSLContext, ca_file: str
) -> None:
    with mail_server(login=("sordiff", PASSWORD), starttls=certificate) as server:
        server.unknown.add("drift@example.dk")
        server.refusal = f"550 sordiff:{PASSWORD} may not"
        settings = _settings(server.port, smtp_security="starttls", tls_ca_file=ca_file, **LOGIN)
        failures = send_all([HELD], settings)
    assert failures == (
        "The mail to drift@example.dk was refused by 127.0.0.1: 550 sordiff:*** may not.",
    )


def test_a_password_beyond_ascii_is_named_as_the_cause(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("blåbærgrød\n", encoding="utf-8")
    settings = _settings(
        1,
        smtp_security="tls",
        smtp_user="sordiff",
        smtp_password_file=str(tmp_path / "password"),
    )
    (failure,) = send_all([HELD], settings)
    assert "is not in ASCII" in failure
    assert "blåbær" not in failure


def test_one_unknown_recipient_leaves_the_others() -> None:
    with mail_server() as server:
        server.unknown.add("vagt@example.dk")
        failures = send_all([HELD], _settings(server.port))
    assert failures == (
        "The mail to vagt@example.dk was refused by 127.0.0.1: 550 no such mailbox⟨U+001B⟩[31m here.",
    )
    assert [mail.recipients for mail in server.mails] == [["drift@example.dk"]]


def test_none_of_the_recipients_is_known() -> None:
    with mail_server() as server:
        server.unknown |= {"vagt@example.dk", "drift@example.dk"}
        failures = send_all([HELD, HELD], _settings(server.port))
    assert len(failures) == 4
    assert server.mails == []


def _says(*lines: bytes, hang: bool = False) -> tuple[int, Thread]:
    """A server of one connection that says its lines, one for each it hears."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listening, listening.accept()[0] as connection:
            connection.settimeout(10)
            for line in lines:
                connection.sendall(line + b"\r\n")
                connection.recv(65536)
            while hang and connection.recv(65536):
                pass

    thread = Thread(target=serve)
    thread.start()
    return listening.getsockname()[1], thread


def test_a_sender_that_is_refused() -> None:
    port, thread = _says(b"220 hello", b"250 hello", b"553 not you", b"250 reset", b"221 bye")
    failures = send_all([HELD], _settings(port))
    thread.join()
    assert failures == ("A mail was refused by 127.0.0.1: 553 not you.",)


def test_a_greeting_that_is_none() -> None:
    port, thread = _says(b"554 go away")
    failures = send_all([HELD], _settings(port))
    thread.join()
    assert failures == ("A mail could not be sent by way of 127.0.0.1: 554 go away.",)


def test_a_connection_that_breaks_off() -> None:
    port, thread = _says(b"220 hello", b"250 hello")
    failures = send_all([HELD], _settings(port))
    thread.join()
    assert failures == ("A mail could not be sent by way of 127.0.0.1: the connection broke off.",)


def test_a_server_that_hangs() -> None:
    port, thread = _says(b"220 hello", hang=True)
    since = time.monotonic()
    (failure,) = send_all([HELD], _settings(port, smtp_timeout_seconds=0.3))
    assert time.monotonic() - since < 5
    thread.join()
    assert failure.startswith("A mail could not be sent by way of 127.0.0.1: ")


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert send_all([HELD], _settings(port)) == (
        "A mail could not be sent by way of 127.0.0.1: Connection refused.",
    )
