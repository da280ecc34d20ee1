"""Nights on which very much happens, one after another, and the folder they are recorded and published from."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from tests.cli.product import environment
from tests.cli.workplace import Workplace
from tests.making import moving
from tests.making.growing import random_register
from tests.making.nights import change_something, next_night
from tests.making.plain import PlainRegister, walk

# What grows is not to be eaten up by what is taken away, so most touch what stays.
_GROUPS = ("fields", "fields", "fields", "numbers", "dates", "codes", "unknown", "tree")
TOPICS = (
    "unit_events",
    "location_number_events",
    "classification_events",
    "run_events",
    "units",
    "location_numbers",
)
EVENTS = TOPICS[:3]


def topic_names(prefix: str = "") -> dict[str, str]:
    """What the topics are called, by their settings."""
    return {name: f"{prefix}sor.{name.replace('_', '-')}" for name in TOPICS}


def busy_nights(
    rng: random.Random, *, units: int = 320, changes: int = 900
) -> Iterator[PlainRegister]:
    """A baseline, and then night after night so many changes: more than 500 events each."""
    register = random_register(rng, units=units)
    while True:
        yield register
        register = next_night(rng, register, days=1)
        for _ in range(changes):
            change_something(rng, register, _GROUPS)
        while sum(1 for _ in walk(register)) < units:  # a hundred nights would eat it up
            moving.create(rng, register)


def kafka_place(folder: Path, bootstrap: str, prefix: str = "", *, more: str = "") -> Workplace:
    """A folder whose sordiff.toml names the brokers and topics of its own. more: lines of [kafka]."""
    folder.mkdir(parents=True, exist_ok=True)
    names = "".join(f'{name} = "{topic}"\n' for name, topic in topic_names(prefix).items())
    servers = f"[kafka]\nbootstrap_servers = {bootstrap.split(',')}\n"
    # Whoever shares a broker with others must not publish under their source: they would fence each other.
    source = f'source = "urn:{prefix}"\n' if prefix else ""
    (folder / "sordiff.toml").write_text(f"{source}{servers}{more}\n[kafka.topics]\n{names}")
    return Workplace(folder)


def bare() -> dict[str, str]:
    """The environment of a process that may be killed."""
    return environment(bare=True)
