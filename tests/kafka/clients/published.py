"""What is published for the clients to read, and the processes that read it."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TypeVar

from tests.kafka import jars
from tests.kafka.place import Place
from tests.kafka.reading import Seen

# Of what was aborted the key, and of a unit that has a tombstone.
ABORTED, GONE = "999999999999999", "888888888888888"
JARS = jars.ROOT / ".cache" / "clients"
CLASSES = JARS / "classes"
_PATIENCE = 240
_EPOCH = datetime.fromtimestamp(0, timezone.utc)

Answer = TypeVar("Answer")


class Published:
    """The topics of one place, as they stand for whoever reads committed."""

    def __init__(self, place: Place) -> None:
        self.bootstrap, self.prefix = place.bootstrap, place.prefix
        self.events = place.seen("unit_events")
        self.history = place.seen("units")
        self.units = newest(self.history)
        self.numbers = newest(place.seen("location_numbers"))

    @property
    def told(self) -> list[str]:
        """What a client says of each message of sor.units: key, id, time in milliseconds and sequence."""
        return [f"{one.key} {_tell(one)}" for one in self.history]


def _tell(seen: Seen) -> str:
    if seen.value is None:
        return "null"
    event = {name.removeprefix("ce_"): value for name, value in seen.headers.items()}
    event = event if "sequence" in event else json.loads(seen.value)
    if "time" not in event:
        return "no event"
    time = (datetime.fromisoformat(event["time"]) - _EPOCH) // timedelta(milliseconds=1)
    return f"{event['id']} {time} {event['sequence']}"


def newest(seen: list[Seen]) -> dict[str, Seen]:
    """What compaction leaves of these, without tombstones."""
    found = {str(one.key): one for one in sorted(seen, key=lambda one: (one.partition, one.offset))}
    return {key: one for key, one in found.items() if one.value is not None}


def java(*words: str | Path, beside: str | Path = CLASSES) -> list[str]:
    """A call of a class of the jars, of the examples, or `beside` them."""
    program = jars.java()
    assert program is not None, "Java 17 or newer is needed"
    assert (JARS / "installed").exists(), "`make test-clients` fetches the jars"
    path = f"{JARS}/*:{CLASSES}:{beside}"
    quiet = f"-Dlog4j2.configurationFile={jars.LOGGING}"
    return [program, "-cp", path, "-XX:TieredStopAtLevel=1", quiet, *map(str, words)]


def said(command: list[str], folder: Path) -> list[str]:
    """The lines of a program that ends by itself."""
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=_PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if not line.startswith("[")]  # of the log


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[Callable[[Callable[[], bool]], None]]:
    """A program that goes on until the block ends; gives what waits until something is so."""
    log = folder / "client.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )

    def wait(is_so: Callable[[], bool]) -> None:
        end = time.monotonic() + _PATIENCE
        while not is_so():
            left = process.poll() is None and time.monotonic() < end
            assert left, log.read_text("utf-8", "replace")[-4000:]
            time.sleep(0.2)

    try:
        yield wait
    finally:
        process.kill()
        process.wait()
