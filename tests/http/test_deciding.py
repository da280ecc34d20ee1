"""Decisions of programs: by whom, once, and as the run stands in that moment; every other answer says why."""

from __future__ import annotations

import threading
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sordiff.access import Role, TokenFile, issue_token
from sordiff.cli.clock import read_clock
from sordiff.store.locks import hold_lock
from tests.cli.calling import events, good
from tests.http.asking import Client, record
from tests.http.holding import NIGHTS, Held

if TYPE_CHECKING:
    import httpx

WHY = {"reason": "Announced on 5 March."}


def post(
    client: Client, action: str, secret: str = "", body: Any = WHY, run: int = 3
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return client.post(f"/v1/runs/{run}/{action}", json=body, headers=headers)


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert (told["status"], answer.headers["cache-control"]) == (status, "no-store")
    return told


def write_next_night(folder: Path) -> Path:
    """The night that is held, a day later."""
    to = folder / "2024-03-07.zip"
    with zipfile.ZipFile(NIGHTS[2]) as held, zipfile.ZipFile(to, "w") as later:
        for name in held.namelist():
            later.writestr(name, held.read(name).replace(b"2024-03-06", b"2024-03-07"))
    return to


def test_without_being_told_a_server_only_reads(client: Client) -> None:
    for action in ("release", "reject", "correct"):
        assert problem(post(client, action), 403)["type"] == "urn:sordiff:problem:read-only"
    for path in ("/nights/3/decide", "/sign-in"):
        assert client.get(path).status_code == 404
    assert client.post("/nights/3/decide").status_code == 405
    assert 'href="/sign-in"' not in client.get("/").text


def test_a_run_is_released_once_by_who_may(held: Held) -> None:
    said: list[str] = []
    with held.deciding(said=said) as client:
        assert problem(post(client, "release"), 401)["detail"] == "This needs a token."
        wrong = post(client, "release", "sordiff_wrong")
        assert wrong.headers["www-authenticate"].startswith('Bearer realm="sordiff", error="inv')
        assert problem(wrong, 401)
        assert problem(post(client, "release", held.read), 403)["type"].endswith(":role")
        for body in ({"reason": " "}, {}, {**WHY, "more": 1}, {"reason": 1}):
            assert problem(post(client, "release", held.decide, body), 422)
        in_words = {"Authorization": f"Bearer {held.decide}"}
        for content, kind, status in (
            (b"{", "application/json", 400),
            (b"reason=x", "application/x-www-form-urlencoded", 415),
            (b'{"reason": "' + b"x" * 20_000 + b'"}', "application/json", 413),
        ):
            headers = {**in_words, "Content-Type": kind}
            answer = client.post("/v1/runs/3/release", content=content, headers=headers)
            assert problem(answer, status)
        assert client.get("/v1/runs/3/release").headers["allow"] == "POST"
        shown = client.ask("/v1/runs/3")
        other = post(client, "release", held.decide, {**WHY, "digest": "another"})
        assert "not what was shown" in problem(other, 409)["detail"]
        assert client.ask("/v1/runs/3") == shown

        done = post(client, "release", held.decide, {**WHY, "digest": shown["digest"]})
        assert done.status_code == 200, done.text
        run = done.json()
        assert (run["state"], run["decided_by"]) == ("released", "decide-r (token)")
        assert run["reason"] == WHY["reason"]
        assert client.ask("/v1/runs/3") == run
        told = client.ask("/v1/events", since=13)
        assert [event["sequence"][-2:] for event in told] == [str(n) for n in range(14, 47)]

        again = post(client, "release", held.decide)
        assert (again.status_code, again.json()) == (200, run)
        for action in ("release", "reject"):
            late = problem(post(client, action, held.decide, {"reason": "no"}), 409)
            assert late["run"] == run
        assert problem(post(client, "reject", held.decide, run=99), 404)
    assert events(held.folder, "--since", "13") == told
    log = "\n".join(said)
    assert 'audit release run=3 outcome=done by="decide-r (token)" client=127.0.0.1' in log
    assert 'audit decision outcome=refused why=role by="read-r (token)"' in log
    assert not any(
        secret in log for secret in (held.read, held.decide, "sordiff_wrong", "Announced")
    )
    kept = held.database.with_name("sordiff.db.tokens.json").read_text()
    assert held.decide not in kept


def test_what_came_meanwhile_is_told(held: Held) -> None:
    """A night, an ingest that is running, somebody else in the same moment."""
    with held.deciding(waits=0) as client:
        with hold_lock(held.database, "writer"):
            locked = post(client, "release", held.decide)
        assert problem(locked, 503)["type"].endswith(":locked")
        assert locked.headers["retry-after"] == "10"
        answers: list[httpx.Response] = []

        def decide(action: str) -> None:
            answers.append(post(client, action, held.decide, {"reason": action}))

        both = [threading.Thread(target=decide, args=(action,)) for action in ("release", "reject")]
        for one in both:
            one.start()
        for one in both:
            one.join(120)
        done, late = sorted(answers, key=lambda answer: answer.status_code)
        assert (done.status_code, late.status_code) == (200, 409), late.text
        assert late.json()["run"] == done.json() == client.ask("/v1/runs/3")


def test_a_night_that_came_between_takes_its_place(held: Held) -> None:
    with held.deciding() as client:
        record(held.folder, write_next_night(held.folder))
        late = problem(post(client, "release", held.decide), 409)
        assert late["run"]["state"] == "superseded"
        assert late["run"] == client.ask("/v1/runs/3")


def test_the_last_accepted_run_is_corrected(held: Held) -> None:
    good(held.folder, "release", "3", "--reason", "by mistake")
    wrong = {"reason": "The wrong file.", "with_run": 2}
    with held.deciding() as client:
        assert problem(post(client, "correct", held.decide), 422)
        assert problem(post(client, "correct", held.decide, {**wrong, "with_run": 3}), 422)
        assert problem(post(client, "correct", held.decide, wrong, run=2), 409)
        done = post(client, "correct", held.decide, wrong).json()
        assert (done["id"], done["kind"], done["corrects"]) == (4, "correction", 3)
        assert done["decided_by"] == "decide-r (token)"
        assert client.ask("/v1/runs/3")["corrected_by"] == 4
        assert post(client, "correct", held.decide, wrong).json() == done
        renamed = client.ask("/v1/events", since=46, type="unit.renamed")
        assert {event["data"]["after"] for event in renamed} == {
            event["data"]["before"]
            for event in client.ask("/v1/events", since=13, limit=33, type="unit.renamed")
            if int(event["sequence"]) <= 46
        }
    good(held.folder, "verify")


def test_a_token_ends_and_is_removed_at_once(held: Held) -> None:
    tokens = TokenFile(held.database)
    secret, past = issue_token("past", Role.DECIDE, added_at="", expires_at=read_clock())
    tokens.add(past)
    with held.deciding() as client:
        assert problem(post(client, "release", secret), 401)
        assert problem(post(client, "release", held.decide, {}), 422)
        good(held.folder, "serve", "token", "remove", "decide-r")
        assert problem(post(client, "release", held.decide, {}), 401)
        tokens.path.chmod(0o640)
        assert problem(post(client, "release", held.read), 503)["type"].endswith(":tokens")
        tokens.path.chmod(0o600)
        assert problem(post(client, "release", held.read), 403)


def test_who_tries_too_often_waits(held: Held) -> None:
    now = [0.0]
    said: list[str] = []
    with held.deciding(tick=lambda: now[0], said=said) as client:
        for _ in range(10):
            assert problem(post(client, "release", "wrong"), 401)
        often = post(client, "release", "wrong")
        assert problem(often, 429)
        assert often.headers["retry-after"] == "60"
        assert len(said) == 10  # and no more, however often it is tried
        # Who has the right one is not kept waiting by others.
        for _ in range(20):
            assert problem(post(client, "release", held.decide, {}), 422)
        assert problem(post(client, "release", held.decide, {}), 429)
        now[0] = 60.0
        assert problem(post(client, "release", "wrong"), 401)
        assert problem(post(client, "release", held.decide, {}), 422)
