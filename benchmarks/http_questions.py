"""What a server is asked for, by how often: all its addresses, and some that are none."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

# As of before the first night, and among the nights that come meanwhile.
_DAYS = ("2024-03-05", "2024-03-06", "2024-03-08")
_UNITS = 20_000
_MOST_TAGS = 3_000
_ENCODINGS = ("identity", "gzip", "zstd", "gzip, deflate, br, zstd")


class Questions:
    """Chooses an address, and remembers what the answers were called (ETag)."""

    def __init__(self, database: Path) -> None:
        self.rng = rng = random.Random(17)
        self._database = f"{database.absolute().as_uri()}?mode=ro"
        units = self._read("SELECT sor_id, name, location_number FROM units")
        some = rng.sample(units, min(_UNITS, len(units)))
        self._ids: list[str] = [sor_id for sor_id, _, _ in some]
        self._numbers: list[str] = [number for _, _, number in some if number]
        self._words = [
            word for _, name, _ in some for word in (name or "").split() if len(word) > 2
        ]
        self._owners: list[str] = [
            each for (each,) in self._read("SELECT sor_id FROM units WHERE parent_id IS NULL")
        ]
        self._tags: dict[str, str] = {}
        self._last, self._runs, self._chosen = 0, 1, 0
        self._kinds = list(_SHARES)
        self._shares = list(_SHARES.values())

    def choose(self) -> tuple[str, str, dict[str, str]]:
        """The kind of the question, its path, and its headers."""
        if self._chosen % 1_000 == 0:
            self._look_again()
        self._chosen += 1
        rng = self.rng
        kind = rng.choices(self._kinds, self._shares)[0]
        path = _PATHS[kind](self)
        headers = {"Accept-Encoding": rng.choice(_ENCODINGS)}
        if path in self._tags and rng.random() < 0.5:
            headers["If-None-Match"] = self._tags[path]
        if rng.random() < 0.05:
            headers["Connection"] = "close"
        if rng.random() < 0.5:
            headers["Accept-Language"] = "da"
        return kind, path, headers

    def note(self, path: str, tag: str | None) -> None:
        """Remember the tag of an answer for the next time."""
        if tag is not None:
            if len(self._tags) >= _MOST_TAGS:
                del self._tags[next(iter(self._tags))]
            self._tags[path] = tag

    def choose_place(self) -> int:
        """A sequence near the last one, or the last one."""
        return max(0, self._last - self.rng.choice((0, 0, 0, 30)))

    def choose_unit(self) -> str:
        """Half of the time one of a few that all ask for."""
        return str(self.rng.choice(self._ids[:200] if self.rng.random() < 0.5 else self._ids))

    def choose_number(self) -> str:
        return str(self.rng.choice(self._numbers))

    def choose_owner(self) -> str:
        return str(self.rng.choice(self._owners))

    def choose_run(self) -> int:
        return self.rng.randint(1, self._runs)

    def choose_word(self) -> str:
        word = self.rng.choice(self._words)
        return quote(word[: self.rng.randint(3, 9)])

    def choose_event(self) -> int:
        return self.rng.randint(0, max(0, self._last - 1))

    def _look_again(self) -> None:
        [(last, runs)] = self._read(
            "SELECT (SELECT max(sequence) FROM events), (SELECT max(id) FROM runs)"
        )
        self._last, self._runs = last or 0, runs

    def _read(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self._database, uri=True)) as changelog:
            return changelog.execute(query).fetchall()


_PATHS: Mapping[str, Callable[[Questions], str]] = {
    "unit": lambda q: f"/v1/units/{q.choose_unit()}",
    "unit on a day": lambda q: f"/v1/units/{q.choose_unit()}?as_of={q.rng.choice(_DAYS)}",
    "unit with successor": lambda q: f"/v1/units/{q.choose_unit()}?successor=true",
    "history": lambda q: f"/v1/units/{q.choose_unit()}/history",
    "location number": lambda q: f"/v1/location-numbers/{q.choose_number()}",
    "events": lambda q: f"/v1/events?since={q.choose_event()}&limit=100",
    "events of a type": lambda q: f"/v1/events?since={q.choose_event()}&type=unit.closed",
    "events below a unit": lambda q: f"/v1/events?since=0&under={q.choose_owner()}",
    "units": lambda q: f"/v1/units?limit=100&after={q.choose_unit()}",
    "search": lambda q: f"/v1/search?q={q.choose_word()}",
    "runs": lambda _: "/v1/runs?limit=20",
    "run": lambda q: f"/v1/runs/{q.choose_run()}",
    "report of a run": lambda q: f"/v1/runs/{q.choose_run()}/report?limit=50",
    "feed": lambda _: "/v1/nights.atom",
    "status": lambda _: "/v1/status",
    "health": lambda _: "/health",
    "metrics": lambda _: "/metrics",
    "OpenAPI": lambda _: "/openapi.json",
    "page: front": lambda _: "/",
    "page: night": lambda q: f"/nights/{q.choose_run()}",
    "page: night as CSV": lambda q: f"/nights/{q.choose_run()}/report.csv",
    "page: unit": lambda q: f"/units/{q.choose_unit()}",
    "page: location number": lambda q: f"/location-numbers/{q.choose_number()}",
    "page: search": lambda q: f"/search?q={q.choose_word()}",
    "page: search as you type": lambda q: f"/search/candidates?q={q.choose_word()}",
    "page: tree": lambda _: "/tree",
    "page: tree of a unit": lambda q: f"/tree/{q.choose_owner()}",
    "page: compare": lambda q: f"/compare?from=2024-03-05&to=2024-03-06&under={q.choose_owner()}",
    "asset": lambda q: f"/assets/{q.rng.choice(('pages.css', 'pages.js', 'icon.svg'))}",
    "nothing there": lambda q: (
        f"{q.rng.choice(('/v1/units/', '/units/', '/v1/', '/'))}{q.rng.randrange(10**15)}"
    ),
    "wrong parameter": lambda q: f"/v1/events?sinse={q.rng.randrange(10**9)}",
}
_SHARES: Mapping[str, float] = {
    **dict.fromkeys(_PATHS, 2.0),
    "unit": 22,
    "events": 10,
    "page: unit": 6,
    "page: search as you type": 4,
    "search": 5,
    "unit with successor": 0.3,
    "report of a run": 0.5,
    "page: night": 1,
    "page: night as CSV": 0.2,
    "page: compare": 0.2,
}
