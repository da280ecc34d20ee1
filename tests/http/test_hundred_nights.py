"""A client of the stream and a receiver of webhooks, while the server and both of them are killed and come back: a hundred nights, nothing missed."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import httpx
from httpx_sse import SSEError, connect_sse

from tests.cli.calling import events, good
from tests.http.asking import record
from tests.http.serve_process import ServeProcess
from tests.http.test_webhooks import await_until
from tests.http.webhook_receiver import SECRET, Receiver
from tests.making.nights import random_night, random_register
from tests.making.xml import write_snapshot

BATCHES = 4
NIGHTS = 25


class StreamClient(threading.Thread):
    """Comes back with the id of the last event that it has, for as long as it runs."""

    def __init__(self, server: ServeProcess) -> None:
        super().__init__(daemon=True)
        self.seen: list[str] = []
        self.ended = threading.Event()
        self._server = server

    def run(self) -> None:
        while not self.ended.wait(0.05):
            headers = {"Last-Event-ID": self.seen[-1]} if self.seen else {}
            try:
                with (
                    httpx.Client(timeout=120, trust_env=False) as client,
                    connect_sse(
                        client, "GET", f"{self._server.address}/v1/stream", headers=headers
                    ) as source,
                ):
                    for event in source.iter_sse():
                        self.seen.append(event.id)
                        if self.ended.is_set() or len(self.seen) % 90 == 0:
                            break  # its process is gone
            except (httpx.HTTPError, SSEError):
                continue


def test_after_a_hundred_nights_nothing_is_missed(tmp_path: Path) -> None:
    rng = random.Random(17)
    register = random_register(rng, units=12)
    names = [f"{number:03}.xml" for number in range(BATCHES * NIGHTS + 1)]
    for name in names:
        (tmp_path / name).write_bytes(write_snapshot(register))
        register = random_night(rng, register, days=1, intensity=4)
    good(tmp_path, "ingest", names[0])
    receiver = Receiver()
    with receiver:
        pass  # it has a port now
    (tmp_path / "sordiff.toml").write_text(
        f'[serve.webhooks.clinic]\nurl = "{receiver.url}"\nsecret_env = "SUBSCRIBER_SECRET"\n'
    )
    with ServeProcess(tmp_path, SUBSCRIBER_SECRET=SECRET) as server:
        client = StreamClient(server)
        client.start()
        try:
            for batch in range(BATCHES):
                had = len(receiver.taken)
                record(tmp_path, *names[1 + batch * NIGHTS : 1 + (batch + 1) * NIGHTS])
                with receiver:  # it was away while the nights came
                    await_until(receiver.has_more_than(had + 20))
                    server.kill()
                server.start()
            told = [event["id"] for event in events(tmp_path)]
            with receiver:
                await_until(lambda: len(receiver.ids()) == len(told))
                await_until(lambda: len(client.seen) >= len(told))
        finally:
            client.ended.set()
    client.join(120)
    assert receiver.ids() == told
    # At most one is sent again after a kill: that of which the answer was not noted.
    assert len(receiver.taken) <= len(told) + 2 * BATCHES
    assert client.seen == [event["sequence"] for event in events(tmp_path)]
    assert len(told) > 200
