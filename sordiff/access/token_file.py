"""The tokens of a changelog, in a file of its own beside it that only its owner can read.

They do not lie in the changelog: a backup that is restored must not bring back a token that was
removed, and a copy for those who analyse must not carry any.
"""

import os
import threading
from pathlib import Path
from typing import Final

import msgspec

from sordiff.access.token import AccessToken, find_token
from sordiff.errors import UNREADABLE, SordiffError
from sordiff.sync import sync_path

_OWNER_ALONE: Final = 0o600
_FileMark = tuple[int, int, int, int] | None


class TokenFile:
    """What the file holds; it is read again as soon as it is another."""

    def __init__(self, database: Path) -> None:
        real = database.resolve()
        self.path = real.with_name(f"{real.name}.tokens.json")
        self._reading = threading.Lock()
        self._mark: _FileMark = None
        self._tokens: tuple[AccessToken, ...] = ()

    def read(self) -> tuple[AccessToken, ...]:
        """All tokens; none where there is no file. SordiffError where it can't be read."""
        with self._reading:
            mark = self._find_mark()
            if mark is None or mark != self._mark:
                self._tokens = () if mark is None else self._read()
                self._mark = mark
            return self._tokens

    def find(self, secret: str, now: str) -> AccessToken | None:
        """The token with this secret, where it is valid at this moment."""
        found = find_token(self.read(), secret)
        return found if found is not None and found.is_valid(now) else None

    def find_by_hash(self, wanted: str, now: str) -> AccessToken | None:
        """The token of which this is kept, where it is there still, and valid at this moment."""
        found = next((token for token in self.read() if token.hash == wanted), None)
        return found if found is not None and found.is_valid(now) else None

    def add(self, token: AccessToken) -> None:
        """Add one; SordiffError where its name is taken."""
        tokens = self.read()
        if any(each.name == token.name for each in tokens):
            message = f"There is a token {token.name} already."
            advice = (
                f"Choose another name, or call `sordiff serve token remove {token.name}` before."
            )
            raise SordiffError(message, advice=advice)
        self._write((*tokens, token))

    def remove(self, name: str) -> None:
        """Remove one; SordiffError where there is none of that name."""
        tokens = self.read()
        left = tuple(each for each in tokens if each.name != name)
        if len(left) == len(tokens):
            message = f"There is no token {name}."
            raise SordiffError(message, advice="`sordiff serve token list` lists them.")
        self._write(left)

    def _find_mark(self) -> _FileMark:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._fail(error.strerror) from error
        return found.st_ino, found.st_mtime_ns, found.st_size, found.st_mode

    def _read(self) -> tuple[AccessToken, ...]:
        try:
            if self.path.stat().st_mode & 0o077:
                advice = (
                    f"Call `chmod 600 {self.path}`; if others may have read it, make new tokens."
                )
                message = f"Others than its owner can read the tokens in {self.path}."
                raise SordiffError(message, advice=advice)
            return msgspec.json.decode(self.path.read_bytes(), type=tuple[AccessToken, ...])
        except OSError as error:
            raise self._fail(error.strerror) from error
        except UNREADABLE as error:
            # Of what stands in it nothing is said.
            raise self._fail("it is damaged") from error

    def _fail(self, reason: str | None) -> SordiffError:
        message = f"The tokens in {self.path} can't be read: {reason}."
        return SordiffError(message, advice="Put it right, or remove it and make new tokens.")

    def _write(self, tokens: tuple[AccessToken, ...]) -> None:
        """Replace it in one step; it is on the disk when this returns."""
        aside = self.path.with_name(f"{self.path.name}.new")
        try:
            aside.unlink(missing_ok=True)
            made = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ALONE)
            with os.fdopen(made, "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(tokens), indent=1) + b"\n")
            sync_path(aside)
            aside.replace(self.path)
            sync_path(self.path.parent)
        except OSError as error:
            message = f"The tokens can't be written to {self.path}: {error.strerror}."
            raise SordiffError(message, advice="The folder must be writable.") from error
