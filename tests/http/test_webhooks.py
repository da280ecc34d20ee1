"""Webhooks: signed, in order, each event until it is taken; what is refused too often is told of, and nothing is skipped after a restore."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import msgspec
import pytest

from sordiff.cli.webhooks import send_to_subscribers
from sordiff.errors import SordiffError
from sordiff.report import WebhookPosition
from sordiff.store.served_changelog import ServedSqliteChangelog
from sordiff.webhooks.delivery import WebhookSender
from sordiff.webhooks.outcome import Unavailable
from sordiff.webhooks.position_file import PositionFile, read_positions
from sordiff.webhooks.settings import WebhookSettings
from tests.cli.calling import called, events, good
from tests.http.conftest import NIGHTS
from tests.http.webhook_receiver import SECRET, Receiver
from tests.making.tables import write_sor2
from tests.tables.rows import sor2
from tests.tables.test_history import SPAN, states

PATIENCE = 120


@pytest.fixture
def database(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUBSCRIBER_SECRET", SECRET)
    return Path(shutil.copy(demo, tmp_path / "sordiff.db"))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


@contextmanager
def sending(database: Path, receiver: Receiver, **more: object) -> Iterator[None]:
    given = {"url": receiver.url, "secret_env": "SUBSCRIBER_SECRET", **more}
    settings = msgspec.convert(given, WebhookSettings)
    changelog = ServedSqliteChangelog(database)
    try:
        with send_to_subscribers(changelog, database, {"clinic": settings}):
            yield
    finally:
        changelog.close()


def await_until(there: Callable[[], bool]) -> None:
    """Look again and again; the test fails only after two minutes."""
    waiting = threading.Event()
    for _ in range(PATIENCE * 50):
        if there():
            return
        waiting.wait(0.02)
    raise AssertionError


def said(database: Path) -> str:
    """What `sordiff status` says, on one line."""
    return " ".join(good(database.parent, "status").split())


def position(database: Path) -> int:
    found = PositionFile(database, "clinic").read()
    return -1 if found is None else found.sequence


def test_all_events_come_signed_and_in_order(database: Path, receiver: Receiver) -> None:
    told = events(database.parent)
    with sending(database, receiver):
        await_until(lambda: position(database) == 46)
    assert receiver.taken == told
    assert {headers["content-type"] for headers in receiver.headers} == {
        "application/cloudevents+json; charset=utf-8"
    }
    with sending(database, receiver):  # it has them: nothing comes twice
        pass
    assert receiver.taken == told


def test_a_subscriber_gets_what_it_wants(database: Path, receiver: Receiver) -> None:
    with sending(database, receiver, type="unit.closed", since=43):
        await_until(lambda: position(database) == 46)
    assert [event["sequence"][-2:] for event in receiver.taken] == ["44", "45"]


def test_what_fails_is_sent_again_until_it_is_taken(database: Path, receiver: Receiver) -> None:
    receiver.answers = [503, 0]
    with sending(database, receiver, since=43):
        await_until(lambda: position(database) == 46)
    # Taken without an answer, it comes again under its id.
    assert [event["sequence"][-2:] for event in receiver.taken] == ["44", "44", "45", "46"]
    assert len(receiver.ids()) == 3
    found = PositionFile(database, "clinic").read()
    assert found is not None
    assert (found.failing_since, found.reason, found.dead_letters) == (None, None, ())


def test_an_event_that_is_refused_keeps_back_no_other(database: Path, receiver: Receiver) -> None:
    receiver.answers = [204, 422, 422]
    with sending(database, receiver, since=43, refusals=2):
        await_until(lambda: position(database) == 46)
    assert [event["sequence"][-2:] for event in receiver.taken] == ["44", "46"]
    told = json.loads(good(database.parent, "status", "--format", "json"))["webhooks"]
    assert [letter["sequence"] for letter in told[0]["dead_letters"]] == [45]
    assert told[0]["dead_letters"][0]["reason"] == "it answered 422"
    assert "clinic: up to sequence 46 · 1 event refused" in said(database)


def test_who_is_away_is_told_of(database: Path, receiver: Receiver) -> None:
    receiver.usual = 500
    with sending(database, receiver, since=45):
        await_until(
            lambda: (
                (found := PositionFile(database, "clinic").read()) is not None
                and found.reason is not None
            )
        )
    assert position(database) == 45
    assert "it answered 500" in said(database)


def test_a_position_that_could_not_be_written_is_written_later(
    database: Path, receiver: Receiver, capfd: pytest.CaptureFixture[str]
) -> None:
    """A full disk stops a subscriber no longer than it is full; nothing is sent unnoted."""
    told = events(database.parent)
    in_the_way = database.with_name("sordiff.db.webhook-clinic.json.new")
    in_the_way.mkdir()
    with sending(database, receiver):
        await_until(lambda: "webhook clinic" in capfd.readouterr().err)
        in_the_way.rmdir()
        await_until(lambda: position(database) == 46)
    assert receiver.taken == told


@pytest.mark.parametrize("content", [b"", b"{}", b'{"name":"\xff"}'])
def test_a_damaged_position_is_told_and_hides_no_other(database: Path, content: bytes) -> None:
    for name in ("clinic", "other"):
        PositionFile(database, name).write(WebhookPosition(name=name, sequence=3))
    (damaged,) = database.parent.glob("*clinic*.json")
    damaged.write_bytes(content)
    with pytest.raises(SordiffError, match="can't be read"):
        PositionFile(database, "clinic").read()
    assert [one.name for one in read_positions(database)] == ["other"]


def test_a_restored_changelog_skips_nothing(database: Path, receiver: Receiver) -> None:
    """The position is beyond it: nothing is sent, and `status` says why."""
    with sending(database, receiver, since=44):
        await_until(lambda: position(database) == 46)
    database.unlink()
    good(database.parent, "ingest", *NIGHTS[:2])
    with sending(database, receiver):
        await_until(
            lambda: (
                (found := PositionFile(database, "clinic").read()) is not None
                and found.reason is not None
            )
        )
    assert position(database) == 46
    assert len(receiver.taken) == 2
    assert "the changelog may have been restored" in said(database)


def test_wrong_settings_are_told_at_once(
    database: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wrong in ({"type": "unit.sold"}, {"secret_env": None}):
        with pytest.raises(SordiffError), sending(database, receiver, **wrong):
            pass
    monkeypatch.setenv("SUBSCRIBER_SECRET", "whsec_?")
    with pytest.raises(SordiffError), sending(database, receiver):
        pass
    (database.parent / "sordiff.toml").write_text('[serve.webhooks.A]\nurl = "ftp://x"\n')
    assert "serve" in called(database.parent, "serve").stderr
    assert receiver.taken == []


def test_a_history_is_sent_to_whoever_asks_for_it(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUBSCRIBER_SECRET", SECRET)
    later = sor2(4, "OE", "Ny klinik", 2, FromDate="2020-01-22")
    (tmp_path / "f").write_bytes(write_sor2([*states(), later]))
    good(tmp_path, "ingest", "f", "--history", SPAN, "--every", "change")
    good(tmp_path, "ingest", "f@2020-01-23")
    told = events(tmp_path)
    database = tmp_path / "sordiff.db"
    with sending(database, receiver):
        await_until(lambda: position(database) == len(told))
    assert receiver.taken == told[-4:] == events(tmp_path, "--run", "5")
    (database.parent / "sordiff.db.webhook-clinic.json").unlink()
    receiver.taken.clear()
    with sending(database, receiver, history=True):
        await_until(lambda: position(database) == len(told))
    assert receiver.taken == told


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("7", 7),
        ("in an hour", 3600),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 999_999),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 0),
        ("soon", 0),
        ("", 0),
    ],
)
def test_a_receiver_says_in_seconds_or_by_a_date_when_to_come_back(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, asked: str, seconds: int
) -> None:
    monkeypatch.setenv("SUBSCRIBER_SECRET", SECRET)
    now = int(time.time())
    in_an_hour = format_datetime(datetime.fromtimestamp(now + 3600, UTC), usegmt=True)
    receiver.usual = 503
    receiver.retry_after = in_an_hour if asked == "in an hour" else asked
    given = {"url": receiver.url, "secret_env": "SUBSCRIBER_SECRET"}
    outcome = WebhookSender("clinic", msgspec.convert(given, WebhookSettings)).send("1", b"{}", now)
    assert outcome == Unavailable(reason="it answered 503", seconds=seconds)
