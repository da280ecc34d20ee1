"""Notices in the language of sordiff.toml: what people read, and nothing of what programs read."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import called, good
from tests.cli.practice import MONDAY, THURSDAY, night, practice
from tests.notices.receivers import http_receiver, mail_server, status


def _held(folder: Path, settings: str) -> None:
    """A baseline, and a night that is held since a unit has another name; told by `sordiff run`."""
    first = night(folder, MONDAY)
    name = night(folder, THURSDAY, practice(name="Andre; 5 moves"))
    (folder / "sordiff.toml").write_text(f'{settings}\n[alarms.counts]\n"unit.renamed" = 0\n')
    good(folder, "ingest", first)
    assert called(folder, "run", name).exit == 3


def _posted(folder: Path, settings: str, shape: str = "slack") -> dict[str, Any]:
    with http_receiver(status(200)) as receiver:
        where = f'webhook_url = "{receiver.url}"\nwebhook_format = "{shape}"'
        _held(folder, settings.replace("WEBHOOK", where))
    [post] = receiver.posts
    body: dict[str, Any] = json.loads(post.body)
    return body


def test_a_chat_is_told_in_danish_with_all_figures(tmp_path: Path) -> None:
    said = _posted(tmp_path, 'lang = "da"\n[notices]\nWEBHOOK')["text"]
    assert "SOR 2024-03-07: kørsel 2 er tilbageholdt" in said
    alarm = "omdøbte enheder; grænsen er 0; der er endnu ingen historik at sammenligne med; heraf 100 % under"
    assert f"\n1 {alarm} Andre; 5 moves (" in said
    assert f"\n• alarm: 1 {alarm} Andre; 5 moves (" in said
    assert f"sordiff release 2 --reason TEXT --db {tmp_path / 'sordiff.db'}" in said


def test_a_notice_that_ingest_left_names_its_changelog_too(tmp_path: Path) -> None:
    first, held = night(tmp_path, MONDAY), night(tmp_path, THURSDAY, practice(name="Andre"))
    with http_receiver(status(200)) as receiver:
        where = f'[notices]\nwebhook_url = "{receiver.url}"\n[alarms.counts]\n"unit.renamed" = 0\n'
        (tmp_path / "sordiff.toml").write_text(where)
        good(tmp_path, "ingest", first)
        assert called(tmp_path, "ingest", held).exit == 3
        assert called(tmp_path, "run", held).exit == 3
    [post] = receiver.posts
    assert f"--db {tmp_path / 'sordiff.db'}" in json.loads(post.body)["commands"][0]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("[notices]\nWEBHOOK", "run 2 is held"),
        ('lang = "da"\n[notices]\nlang = "en"\nWEBHOOK', "run 2 is held"),
        ('lang = "en"\n[notices]\nlang = "da"\nWEBHOOK', "kørsel 2 er tilbageholdt"),
    ],
)
def test_the_table_is_over_the_file_and_english_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str, said: str
) -> None:
    monkeypatch.setenv("LC_ALL", "da_DK.UTF-8")
    monkeypatch.delenv("SORDIFF_LANG", raising=False)
    assert said in _posted(tmp_path, settings)["text"]


def test_what_programs_read_stays_english(tmp_path: Path) -> None:
    body = _posted(tmp_path, 'lang = "da"\n[notices]\nWEBHOOK', "json")
    assert body["title"] == "SOR 2024-03-07: run 2 is held"
    assert body["alerts"][0]["message"].startswith("1 new names, where 0 is the limit")


def test_a_mail_tells_a_decision_with_the_words_that_were_given(tmp_path: Path) -> None:
    _held(tmp_path, "")
    with mail_server() as server:
        (tmp_path / "sordiff.toml").write_text(
            '[notices]\nlang = "da"\nsmtp_host = "127.0.0.1"\nsmtp_security = "none"\n'
            f'smtp_port = {server.port}\nmail_from = "s@example.dk"\nmail_to = ["v@example.dk"]\n'
        )
        good(tmp_path, "release", "2", "--reason", "moves")
        good(tmp_path, "run", f"{THURSDAY}.xml")
    mails = [message_from_bytes(mail.content, policy=policy.default) for mail in server.mails]
    [mail] = [mail for mail in mails if "frigivet" in mail["Subject"]]
    assert isinstance(mail, EmailMessage)
    assert mail["Subject"] == "sordiff: SOR 2024-03-07: kørsel 2 er frigivet"
    text = mail.get_content()
    assert text.startswith("Frigivet af ")
    assert text.rstrip().endswith(": moves")
