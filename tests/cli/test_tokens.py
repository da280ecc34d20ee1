"""`sordiff serve token`: shown once, kept as hashes that the owner alone can read, refused when it is over."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from sordiff.access import TokenFile
from sordiff.errors import SordiffError
from tests.cli.calling import called, good

if TYPE_CHECKING:
    from pathlib import Path

ADD = ("serve", "token", "add")


def test_a_token_is_shown_once(tmp_path: Path) -> None:
    added = called(tmp_path, *ADD, "mette", "--role", "decide")
    secret = added.stdout.strip()
    assert re.fullmatch(r"sordiff_[A-Za-z0-9_-]{43}", secret)
    assert "it is not shown again" in added.stderr
    assert secret not in added.stderr
    file = tmp_path / "sordiff.db.tokens.json"
    assert file.stat().st_mode & 0o777 == 0o600
    [kept] = json.loads(file.read_text())
    assert secret.removeprefix("sordiff_") not in file.read_text()
    assert (kept["name"], kept["role"]) == ("mette", "decide")
    found = TokenFile(tmp_path / "sordiff.db").find(secret, kept["added_at"])
    assert found is not None
    assert TokenFile(tmp_path / "sordiff.db").find(secret, kept["expires_at"]) is None
    assert good(tmp_path, *ADD, "lars", "--role", "read").strip() != secret
    assert file.stat().st_mode & 0o777 == 0o600


def test_tokens_are_listed_and_removed(tmp_path: Path) -> None:
    assert "There are no tokens" in good(tmp_path, "serve", "token", "list")
    good(tmp_path, *ADD, "mette", "--role", "decide", "--expires", "2999-12-31")
    good(tmp_path, *ADD, "pump", "--role", "read", "--expires", "never")
    assert good(tmp_path, "serve", "token", "list").splitlines() == [
        "mette  decide  valid until 31 December 2999",
        "pump  read  valid without end",
    ]
    again = called(tmp_path, *ADD, "mette", "--role", "read")
    assert (again.exit, "There is a token mette already" in again.stderr) == (2, True)
    good(tmp_path, "serve", "token", "remove", "mette")
    assert "mette" not in good(tmp_path, "serve", "token", "list", "--lang", "da")
    gone = called(tmp_path, "serve", "token", "remove", "mette")
    assert (gone.exit, gone.stdout) == (2, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("Mette", "--role", "read"), "no name for a token"),
        (("a\nb", "--role", "read"), "no name for a token"),
        (("mette", "--role", "all"), "--role"),
        (("mette", "--role", "read", "--expires", "2020-01-01"), "is over"),
        (("mette", "--role", "read", "--expires", "soon"), "is no day"),
    ],
)
def test_what_is_wrong_is_refused(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = called(tmp_path, *ADD, *words)
    assert (done.exit, said in done.stderr) == (2, True)
    assert not (tmp_path / "sordiff.db.tokens.json").exists()


def test_options_stand_behind_the_command_they_are_for(tmp_path: Path) -> None:
    done = called(tmp_path, "serve", "--db", "other.db", "token", "list")
    assert (done.exit, "put it behind" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("content", "mode"),
    [
        (b"[]", 0o640),
        (b"[]", 0o604),
        (b"[{}]", 0o600),
        (b"\xff", 0o600),
        (b'[{"name":"\xff"}]', 0o600),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused(
    tmp_path: Path, content: bytes, mode: int
) -> None:
    file = tmp_path / "sordiff.db.tokens.json"
    file.write_bytes(content)
    file.chmod(mode)
    with pytest.raises(SordiffError):
        TokenFile(tmp_path / "sordiff.db").find("x", "2026-11-28T00:00:00+00:00")
    assert called(tmp_path, *ADD, "mette", "--role", "read").exit == 2
