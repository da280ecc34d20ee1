"""People: signed in by a token or known to a proxy, their forms their own, and reading for those alone who are known, where that is asked for."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from sordiff.errors import SordiffError
from sordiff.settings import load_settings
from tests.cli.calling import good
from tests.http.holding import SETTINGS, Held, Person

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "/nights/3/decide"
TLS = {"X-Forwarded-Proto": "https"}
PROXY = (
    'decide = true\ntrusted_proxies = ["127.0.0.1"]\n'
    'proxy_sign_in = {user_header = "X-User", decide_groups = ["sor-decide"], read_groups = ["all"]}'
)


def test_a_token_signs_in_and_a_session_ends(held: Held) -> None:
    now = [0.0]
    said: list[str] = []
    with held.deciding(tick=lambda: now[0], said=said) as client:
        person = Person(client)
        shown = person.open("/sign-in")
        form = shown.headers["set-cookie"]
        assert form.startswith("sordiff-form=")
        assert "HttpOnly" in form
        assert "SameSite=strict" in form
        assert shown.headers["cache-control"] == "no-store"
        wrong = person.sign_in("wrong")
        assert (wrong.status_code, "This token is not known" in wrong.text) == (401, True)
        done = person.sign_in(held.decide, next=PAGE)
        assert (done.status_code, done.headers["location"]) == (303, PAGE)
        session = next(one for one in done.headers.get_list("set-cookie") if "session" in one)
        assert "HttpOnly; Max-Age=28800; Path=/; SameSite=strict" in session
        assert "Secure" not in session  # on this machine alone, without TLS
        assert held.decide not in session
        assert "You decide as decide-r" in person.open(PAGE).text
        # An hour without a request; 8 hours; signing out; the end of the token.
        now[0] += 3600
        assert "you must be signed in" in person.open(PAGE).text
        person.sign_in(held.decide)
        for _ in range(10):
            now[0] += 3000
            signed_in = "You decide as" in person.open(PAGE).text
        assert not signed_in
        person.sign_in(held.decide)
        token = person.form_token("/sign-in")
        assert person.send("/sign-out", {"form_token": "0" * 64}).status_code == 403
        kept = client.cookies["sordiff-session"]
        assert person.send("/sign-out", {"form_token": token}).status_code == 303
        client.cookies.set("sordiff-session", kept)
        assert "you must be signed in" in person.open(PAGE).text
        client.cookies.clear()
        person.sign_in(held.decide)
        good(held.folder, "serve", "token", "remove", "decide-r")
        assert "you must be signed in" in person.open(PAGE).text
        person.sign_in(held.read)
        assert "may look but not decide" in person.open(PAGE).text
        cookies = dict(client.cookies)
    with held.deciding() as client:  # a restart ends all sessions
        client.cookies.update(cookies)
        assert "you must be signed in" in Person(client).open(PAGE).text
    assert held.decide not in "\n".join(said)
    assert kept not in "\n".join(said)


def test_a_form_is_taken_from_who_it_was_shown_to_alone(held: Held) -> None:
    said: list[str] = []
    with held.deciding(said=said) as client:
        person = Person(client)
        before = person.form_token("/sign-in")
        person.sign_in(held.decide)
        cookies = dict(client.cookies)
        own = person.form_token(PAGE)
        form = {"form_token": own, "action": "release", "reason": "x"}
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site", "Origin": str(client.base_url).rstrip("/")},
            {"Sec-Fetch-Site": "none"},
            {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        ):
            assert person.send(PAGE, form, **headers).status_code == 403, headers
        without = {"Accept": "text/html"}
        assert client.post(PAGE, data=form, headers=without).status_code == 403
        null = {**without, "Origin": "null"}
        assert client.post(PAGE, data=form, headers=null).status_code == 403
        for token in ("", before, own[:-1], "ø"):
            assert person.send(PAGE, {**form, "form_token": token}).status_code == 403
        assert (
            client.post(PAGE, json=form, headers={"Sec-Fetch-Site": "same-origin"}).status_code
            == 415
        )
        assert person.send(PAGE, {**form, "more": "x" * 20_000}).status_code == 413
        assert person.send(PAGE, {**form, "reason": " "}).status_code == 422
        assert person.send(PAGE, {**form, "action": "publish"}).status_code == 400
        # A program's road takes no cookie, so that no page of another site gets far on it.
        assert client.post("/v1/runs/3/release", json={"reason": "x"}).status_code == 401
        client.cookies.clear()
        gone = person.send(PAGE, form)
        assert (gone.status_code, "decide again" in gone.text) == (401, True)
        # Signed in by somebody else's link or form: neither.
        stranger = {"form_token": before, "token": held.decide}
        assert person.send("/sign-in", stranger).status_code == 403
        for onward in ("//evil.example", "https://evil.example", "/\\evil.example", "/\tx", "x"):
            assert person.sign_in(held.read, next=onward).headers["location"] == "/"
            again = client.get("/sign-in", params={"next": onward})
            assert again.headers["location"] == "/"
            client.cookies.clear()
        assert client.ask("/v1/runs/3")["state"] == "held"
        client.cookies.clear()
        client.cookies.update(cookies)
        older = {"Origin": str(client.base_url).rstrip("/"), "Accept": "text/html"}
        done = client.post(PAGE, data={**form, "reason": "<b>Seen</b>"}, headers=older)
        assert (done.status_code, done.headers["location"]) == (303, PAGE)
        told = person.open(PAGE).text
        assert "Run 3 is released" in told
        assert "&lt;b&gt;Seen&lt;/b&gt;" in told
        late = person.send(PAGE, {**form, "action": "reject", "reason": "No"})
        assert (late.status_code, "only the newest held run" in late.text) == (409, True)
    assert (
        'audit decision outcome=refused why=site by="decide-r (token)" client=127.0.0.1' in said[1]
    )
    assert any("why=form" in line for line in said)


def test_without_tls_nobody_signs_in_from_elsewhere(held: Held) -> None:
    with held.deciding('decide = true\ntrusted_proxies = ["127.0.0.1"]') as client:
        person = Person(client)
        elsewhere = {"Host": "sor.example.org"}
        refused = person.open("/sign-in", **elsewhere)
        assert (refused.status_code, 'name="token"' in refused.text) == (403, False)
        form = {"token": held.decide}
        assert person.send("/sign-in", form, **elsewhere).status_code == 403
        safe = person.open("/sign-in", **elsewhere, **TLS)
        assert safe.status_code == 200
        cookie = safe.headers["set-cookie"]
        assert cookie.startswith("__Host-sordiff-form=")
        assert "; Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("headers", "shown"),
    [
        ({"X-User": "mette@example.org", "X-Forwarded-Groups": "all, sor-decide"}, "You decide as"),
        ({"X-User": "mette@example.org", "X-Forwarded-Groups": "all"}, "may look but not decide"),
        ({"X-User": "mette@example.org", "X-Forwarded-Groups": "others"}, "must be signed in"),
        ({"X-Forwarded-Groups": "sor-decide"}, "must be signed in"),
    ],
)
def test_a_named_proxy_tells_who_somebody_is(
    held: Held, headers: dict[str, str], shown: str
) -> None:
    with held.deciding(PROXY) as client:
        assert shown in Person(client).open(PAGE, **headers).text


def test_who_a_proxy_knows_decides_and_nobody_else_says_so(held: Held) -> None:
    known = {"X-User": "mette@example.org", "X-Forwarded-Groups": "sor-decide"}
    with held.deciding(PROXY) as client:
        twice = [*known.items(), ("X-User", "somebody")]
        assert "must be signed in" in client.get(PAGE, headers=twice).text
        client.headers.update(known)
        person = Person(client)
        assert person.decide("reject", "A wrong file.").status_code == 303
        assert client.ask("/v1/runs/3")["decided_by"] == "mette@example.org (proxy)"
    for serve in (PROXY.replace("127.0.0.1", "10.0.0.1"), "decide = true"):
        with held.deciding(serve) as client:
            assert "mette" not in Person(client).open("/sign-in", **known).text


def test_headers_are_believed_of_named_proxies_only(tmp_path: Path) -> None:
    for wrong in (PROXY.replace("127.0.0.1", "*"), PROXY.replace('"127.0.0.1"', "")):
        config = tmp_path / "sordiff.toml"
        config.write_text(SETTINGS.format(folder=tmp_path, serve=wrong))
        with pytest.raises(SordiffError, match="proxy_sign_in"):
            load_settings(config)


def test_reading_can_ask_for_a_token(held: Held) -> None:
    """Programs by header, people by signing in; a stream ends with the token that opened it."""
    with held.deciding('read = "token"', keep_alive_seconds=0.02) as client:
        person = Person(client)
        assert client.ask("/health")["status"] == "ok"
        for path in ("/v1/status", "/v1/events", "/v1/stream", "/metrics", "/openapi.json", "/x"):
            assert client.problem(path, 401)["detail"] == "This needs a token."
        away = person.open("/nights/2?lang=en")
        assert (away.status_code, away.headers["location"]) == (
            303,
            "/sign-in?next=%2Fnights%2F2%3Flang%3Den",
        )
        assert client.get("/assets/pages.css").status_code == 200
        bearer = {"Authorization": f"Bearer {held.read}"}
        answer = client.get("/v1/status", headers=bearer)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-cache")
        assert client.get("/v1/status", headers={"Authorization": "Bearer x"}).status_code == 401
        told = client.get("/v1/events?limit=2", headers=bearer)  # is kept, for whoever may read
        assert client.get("/v1/events?limit=2", headers=bearer).content == told.content
        assert client.problem("/v1/events?limit=2", 401)["detail"] == "This needs a token."
        assert told.headers["cache-control"] == "private, no-cache"
        assert person.sign_in(held.read).status_code == 303
        assert person.open("/nights/2").status_code == 200
        assert client.ask("/v1/status")
        client.cookies.clear()
        with client.stream("GET", "/v1/stream?since=12", headers=bearer) as stream:
            seen = stream.iter_bytes()
            assert next(seen)
            good(held.folder, "serve", "token", "remove", "read-r")
            rest = list(itertools.islice(seen, 1000))
            assert len(rest) < 1000  # it has ended
            assert b"".join(rest).count(b"id: ") <= 1
