"""A fetch with a clock, a sleep and a chance of the test's own: it waits for nobody, and notes how long it would have."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from sordiff.fetch.fetch import Fetched, Watch
from sordiff.fetch.settings import FetchSettings
from sordiff.fetch.timing import Timing
from sordiff.service.fetch.fetch import fetch
from tests.making.demo import DEMO

if TYPE_CHECKING:
    from collections.abc import Callable

MONDAY, TUESDAY = ((DEMO / f"2024-03-0{day}.zip").read_bytes() for day in (4, 5))
# Wednesday morning, at six in Copenhagen.
MORNING = datetime(2024, 3, 6, 5, tzinfo=timezone.utc)
# A busy machine may take its time; what shall fall silent says how soon that is noticed.
PATIENCE = FetchSettings(
    attempts=4, connect_seconds=10, silence_seconds=10, whole_seconds=30, settle_seconds=5
)


@dataclass
class Fetching:
    """`sleeps`: the pauses that it made; `said`: what it told meanwhile; `when`: happens in a pause."""

    folder: Path
    now: datetime = MORNING
    settings: FetchSettings = PATIENCE
    sleeps: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    seen: list[tuple[int, int | None]] = field(default_factory=list)
    when: Callable[[float], None] = lambda _: None

    def fetch(self, *urls: str, **settings: Any) -> Fetched:
        wanted = replace(self.settings, urls=urls, **settings)
        timing = Timing(
            now=lambda: self.now, elapsed=time.monotonic, sleep=self._sleep, chance=lambda: 0.0
        )
        watch = Watch(progress=lambda *came: self.seen.append(came), tell=self.said.append)
        return fetch(self.folder, wanted, timing, watch)

    @property
    def pauses(self) -> list[float]:
        """Those between two attempts."""
        return [seconds for seconds in self.sleeps if seconds != self.settings.settle_seconds]

    def _sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += timedelta(seconds=seconds)
        self.when(seconds)


def fetched_files(folder: Path) -> list[str]:
    """The names of the files that were taken in."""
    if not folder.is_dir():
        return []
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.is_file() and not path.name.startswith(".") and path.suffix != ".json"
    )


def kept_aside(folder: Path) -> list[bytes]:
    """What was put aside."""
    aside = folder / "aside"
    return [p.read_bytes() for p in sorted(aside.glob("*")) if p.suffix != ".json"]
