"""Waiting for what is written: one look at the changelog for all who wait."""

import asyncio
from collections.abc import Hashable
from typing import Final

from sordiff.changelog import ServedChangelog

_PAUSE_SECONDS: Final = 0.5


class ChangeWatch:
    """Counts the turns at which something was written; who waits is woken at the next one."""

    def __init__(self, changelog: ServedChangelog) -> None:
        self.turn = 0
        self.ended = False
        self._changelog = changelog
        self._mark: Hashable = None
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Look every half second, until it is cancelled."""
        while True:
            mark = self._changelog.read_mark()
            # A changelog that can't be looked at just now is looked at again.
            if mark is not None and mark != self._mark:
                self._mark = mark
                self._wake()
            await asyncio.sleep(_PAUSE_SECONDS)

    def end(self) -> None:
        """Let nobody wait any more: the server stops."""
        self.ended = True
        self._wake()

    async def wait_beyond(self, turn: int, seconds: float) -> bool:
        """Wait for a later turn than that one; whether there is one, or the server stops.

        Take the turn before you read: what is written meanwhile is then not missed.
        """
        if self.ended or self.turn > turn:
            return True
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def _wake(self) -> None:
        self.turn += 1
        self._woken.set()
        self._woken = asyncio.Event()
