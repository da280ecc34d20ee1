"""A client of the stream and a receiver of webhooks, while they and the server are killed and come back: a hundred nights, nothing missed, nothing seen twice.

`python -m tests.http.test_hundred_nights` kills all three in each of the nights.
"""

from __future__ import annotations

import random
import socket
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from tests.cli.calling import events, good
from tests.http.asking import record
from tests.http.serve_process import ServeProcess
from tests.http.subscriber_processes import SubscriberProcess
from tests.http.test_webhooks import await_until
from tests.http.webhook_receiver import SECRET
from tests.making.nights import random_night, random_register
from tests.making.xml import write_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

NIGHTS = 100


def live_through(folder: Path, batch: int) -> tuple[int, int]:
    """The hundred nights, so many at a time; each time all three are killed in the middle.

    How many events there were, and how often something was killed.
    """
    names = write_nights(folder)
    good(folder, "ingest", names[0])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "sordiff.toml").write_text(
        f'[serve.webhooks.clinic]\nurl = "http://127.0.0.1:{port}"\nsecret_env = "CLINIC_SECRET"\n'
    )
    rng = random.Random(23)
    with (
        ServeProcess(folder, CLINIC_SECRET=SECRET) as server,
        SubscriberProcess("stream", server.address, folder / "streamed") as client,
        SubscriberProcess("webhook", str(port), folder / "taken") as receiver,
        ThreadPoolExecutor(1) as beside,
    ):
        for first in range(1, NIGHTS + 1, batch):
            had = len(receiver.seen())
            recording = beside.submit(record, folder, *names[first : first + batch])
            come = _has(client, len(client.seen()) + rng.randint(1, 2 * batch))
            await_until(_either(come, recording.done))
            client.kill()
            client.start()
            recording.result()
            coming = len(events(folder)) - had
            await_until(_has(receiver, had + rng.randint(0, coming)))
            server.kill()
            receiver.kill()
            receiver.start()
            server.start()
        told = events(folder)
        await_until(_has(receiver, len(told)))
        await_until(_has(client, len(told)))
    assert receiver.seen() == [event["id"] for event in told]
    assert client.seen() == [event["sequence"] for event in told]
    return len(told), 3 * NIGHTS // batch


def _either(one: Callable[[], bool], other: Callable[[], bool]) -> Callable[[], bool]:
    return lambda: one() or other()


def write_nights(folder: Path) -> list[str]:
    rng = random.Random(17)
    register = random_register(rng, units=12)
    names = [f"{number:03}.xml" for number in range(NIGHTS + 1)]
    for name in names:
        (folder / name).write_bytes(write_snapshot(register))
        register = random_night(rng, register, days=1, intensity=4)
    return names


def _has(subscriber: SubscriberProcess, count: int) -> Callable[[], bool]:
    return lambda: len(subscriber.seen()) >= count


def test_after_a_hundred_nights_nothing_is_missed_or_seen_twice(tmp_path: Path) -> None:
    told, kills = live_through(tmp_path, batch=25)
    assert (told > 200, kills) == (True, 12)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        print("{} events, {} kills: each once, none missed".format(*live_through(Path(place), 1)))
