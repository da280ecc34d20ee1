"""`sordiff notices test`: a marked notice through each configured way, to real receivers."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from pathlib import Path

from tests.cli.calling import called, good
from tests.notices.receivers import Answer, http_receiver, mail_server, status


def _ways(folder: Path, answer: Answer, *words: str) -> tuple[int, str, str, list[str], list[str]]:
    """How the call ended, what it said, the bodies of posts and the subjects of mails."""
    with http_receiver(answer) as receiver, mail_server() as server:
        (folder / "sordiff.toml").write_text(
            f'[notices]\nwebhook_url = "{receiver.url}"\nwebhook_attempts = 1\n'
            f'smtp_host = "127.0.0.1"\nsmtp_security = "none"\nsmtp_port = {server.port}\n'
            'mail_from = "s@example.dk"\nmail_to = ["v@example.dk"]\n'
        )
        done = called(folder, "notices", "test", *words)
    mails = [message_from_bytes(mail.content, policy=policy.default) for mail in server.mails]
    bodies = [post.body.decode() for post in receiver.posts]
    return done.exit, done.stdout, done.stderr, bodies, [mail["Subject"] for mail in mails]


def test_each_way_is_tried_and_told(tmp_path: Path) -> None:
    code, out, said, [body], [subject] = _ways(tmp_path, status(200))
    assert (code, out, said) == (0, "webhook: delivered\nmail: delivered\n", "")
    assert json.loads(body)["kind"] == "test"
    assert subject == "sordiff: SOR: this is a test notice"
    assert not (tmp_path / "sordiff.db").exists()


def test_one_that_fails_is_told_and_leaves_with_2(tmp_path: Path) -> None:
    code, out, said, [_], [_] = _ways(tmp_path, status(404), "--lang", "da")
    assert (code, out) == (2, "webhook: ikke leveret\nmail: leveret\n")
    assert "404 Not Found" in said


def test_it_speaks_the_language_of_the_notices(tmp_path: Path) -> None:
    with http_receiver(status(200)) as receiver:
        (tmp_path / "sordiff.toml").write_text(
            f'[notices]\nlang = "da"\nwebhook_url = "{receiver.url}"\nwebhook_format = "slack"\n'
        )
        assert good(tmp_path, "notices", "test") == "webhook: delivered\n"
    text = json.loads(receiver.posts[0].body)["text"]
    assert "prøvebesked" in text
    assert "Der er ikke sket noget i registeret." in text


def test_without_a_way_there_is_nothing_to_test(tmp_path: Path) -> None:
    done = called(tmp_path, "notices", "test")
    assert done.exit == 2
    assert "Neither a webhook nor mail is configured. Set webhook_url_file" in done.stderr
