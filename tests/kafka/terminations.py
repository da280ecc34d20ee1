"""SIGTERM to a follower, at moments by lot, whatever it is waiting for: the situations of the soak."""

from __future__ import annotations

import sqlite3
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sordiff.errors import Locked
from sordiff.event_sink import KAFKA
from tests.kafka.follower import Follower
from tests.kafka.moments import Moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kafka.soak import Soak

MOST_SECONDS: Final = 5.0
_TERMINATED, _INTERRUPTED = -15, 130
_CALLS: Final = (
    ("init_transactions", "before", 1),
    ("init_transactions", "after", 1),
    ("begin_transaction", "after", 1),
    ("try_append", "before", 2),
    ("try_append", "after", 1),
    ("commit_transaction", "before", 1),
    ("commit_transaction", "after", 1),
    ("poll", "before", 1),
    ("close", "before", 1),
)


@dataclass(frozen=True, kw_only=True)
class Termination:
    """How a follower ended that was asked to."""

    night: int
    situation: str
    code: int
    seconds: float

    @property
    def held(self) -> bool:
        """Whether it ended soon, and as somebody who was asked to. Before it has begun, the signal itself ends it."""
        return self.seconds <= MOST_SECONDS and self.code in {_TERMINATED, _INTERRUPTED}


def _end_at_work(soak: Soak, situation: str) -> None:
    soak.next_night()
    time.sleep(soak.rng.uniform(0, 0.8))
    soak.note_end(situation, soak.follower.terminate())


def _end_as_it_begins(soak: Soak, situation: str) -> None:
    soak.follower.kill()
    soak.next_night()
    soak.begin()
    time.sleep(soak.rng.uniform(0, 1.5))
    soak.note_end(situation, soak.follower.terminate())


def _end_at_a_call(soak: Soak, situation: str) -> None:
    """At the very moment of a call of the client, most of them in mid-transaction."""
    soak.follower.kill()
    soak.next_night()
    method, when, nth = soak.rng.choice(_CALLS)
    soak.follower = Follower(soak.folder, at=Moment(method=method, when=when, nth=nth))
    soak.done["followers"] += 1
    asked = soak.follower.await_signal()
    soak.note_end(f"{situation}: {when} {method}", soak.follower.await_end(asked))


def _end_without_broker(soak: Soak, situation: str) -> None:
    soak.broker.stop()
    soak.next_night()
    time.sleep(soak.rng.uniform(0, 4))
    soak.note_end(situation, soak.follower.terminate())
    soak.broker.start()


def _end_as_the_broker_dies(soak: Soak, situation: str) -> None:
    soak.next_night()
    time.sleep(soak.rng.uniform(0, 0.6))
    soak.broker.kill()
    time.sleep(soak.rng.uniform(0, 2))
    soak.note_end(situation, soak.follower.terminate())
    soak.broker.start()


def _end_with_a_silent_broker(soak: Soak, situation: str) -> None:
    soak.next_night()
    time.sleep(soak.rng.uniform(0, 0.6))
    soak.broker.pause()
    time.sleep(soak.rng.uniform(0, 3))
    soak.note_end(situation, soak.follower.terminate())
    soak.broker.resume()


def _end_while_another_publishes(soak: Soak, situation: str) -> None:
    with ExitStack() as held:
        while True:  # the follower may have it just now
            with suppress(Locked):
                held.enter_context(soak.changelog.lock_publisher(KAFKA))
                break
            time.sleep(0.01)
        soak.next_night()
        time.sleep(soak.rng.uniform(0, 2))
        soak.note_end(situation, soak.follower.terminate())


def _end_while_another_writes(soak: Soak, situation: str) -> None:
    """Somebody records for a long time; what has arrived can't be marked meanwhile."""
    soak.next_night()
    time.sleep(soak.rng.uniform(0, 0.3))
    with closing(sqlite3.connect(soak.place.database, isolation_level=None, timeout=60)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(soak.rng.uniform(0, 2))
        soak.note_end(situation, soak.follower.terminate())
        other.execute("ROLLBACK")


SITUATIONS: Final[dict[str, Callable[[Soak, str], None]]] = {
    "while it publishes or rests": _end_at_work,
    "as it begins": _end_as_it_begins,
    "at a call": _end_at_a_call,
    "the broker is away": _end_without_broker,
    "the broker has just been killed": _end_as_the_broker_dies,
    "the broker is silent": _end_with_a_silent_broker,
    "another publishes": _end_while_another_publishes,
    "another writes": _end_while_another_writes,
}
