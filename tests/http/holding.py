"""A changelog whose third night is held, with its archive and its tokens, and a server on which it can be decided."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sordiff.settings import load_settings
from tests.cli.calling import called, good
from tests.http.asking import Client, serving
from tests.made_once import copy_once_made
from tests.scenarios.telling import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

NIGHTS = sorted((ROOT / "fixtures" / "demo").glob("*.zip"))
SETTINGS = (
    '[alarms.counts]\n"unit.renamed" = 1\n[archive]\ndir = "{folder}/archive"\n[serve]\n{serve}\n'
)


@dataclass(frozen=True, kw_only=True)
class Held:
    """Where it is, and the secrets of two who may do something there."""

    folder: Path
    decide: str
    read: str

    @property
    def database(self) -> Path:
        return self.folder / "sordiff.db"

    @contextmanager
    def deciding(self, serve: str = "decide = true", **more: Any) -> Iterator[Client]:
        """A server with these settings of [serve]."""
        config = self.folder / "sordiff.toml"
        config.write_text(SETTINGS.format(folder=self.folder, serve=serve))
        with serving(self.database, given=load_settings(config), config=config, **more) as client:
            yield client


def make_held(folder: Path) -> None:
    (folder / "sordiff.toml").write_text(SETTINGS.format(folder=folder, serve=""))
    good(folder, "ingest", *NIGHTS[:2])
    assert called(folder, "ingest", NIGHTS[2]).exit == 3
    for role in ("decide", "read"):
        (folder / role).write_text(
            good(folder, "serve", "token", "add", f"{role}-r", "--role", role)
        )


def copy_held(factory: pytest.TempPathFactory, folder: Path) -> Held:
    """One of its own, to decide about."""
    copy_once_made(factory, "held", make_held, folder)
    secrets = {role: (folder / role).read_text().strip() for role in ("decide", "read")}
    return Held(folder=folder, **secrets)


@dataclass
class Person:
    """Somebody with a browser, without a browser: cookies, and the forms of pages."""

    client: Client

    def open(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers={"Accept": "text/html", **headers})

    def form_token(self, path: str) -> str:
        found = re.search(r'name="form_token" value="([0-9a-f]{64})"', self.open(path).text)
        assert found is not None
        return found[1]

    def send(self, path: str, form: dict[str, str], **headers: str) -> httpx.Response:
        """As a browser sends a form of a page of this site."""
        return self.client.post(
            path,
            data=form,
            headers={"Sec-Fetch-Site": "same-origin", "Accept": "text/html"} | headers,
        )

    def sign_in(self, secret: str, **more: str) -> httpx.Response:
        form = {"form_token": self.form_token("/sign-in"), "token": secret, **more}
        return self.send("/sign-in", form)

    def decide(self, action: str, reason: str, **more: str) -> httpx.Response:
        path = "/nights/3/decide"
        form = {"form_token": self.form_token(path), "action": action, "reason": reason, **more}
        return self.send(path, form)
