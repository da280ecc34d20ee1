"""Two subscribers' mirrors, one fed by Kafka and one over HTTP, after the same twenty random nights, of which some are corrected or retracted; killed and started again at random; and the state topics."""

from __future__ import annotations

import json
import random
import time
from contextlib import ExitStack
from pathlib import Path

from tests.http.serve_process import ServeProcess
from tests.kafka.place import Place
from tests.kafka.replicas import OVER_HTTP, Replica
from tests.kafka.session import Address
from tests.laws.pairs import Version, read
from tests.making.nights import random_night, random_register
from tests.making.plain import PlainRegister
from tests.state.recorded import Key, Recorded, Taking

NIGHTS = 20
# One of them is left to the next night, one is put right by a correction.
RETRACTED = {5, 11}
CORRECTIONS = {6, 17, 20}
SERVER_KILLED = {4, 13}


def test_after_twenty_nights_the_mirrors_are_the_register(
    broker: Address, prefix: str, tmp_path: Path
) -> None:
    place = Place(folder=tmp_path, bootstrap=broker.bootstrap, prefix=prefix)
    place.configure()
    place.sordiff("topics", "create")
    recorded = Recorded(tmp_path, place.source)
    rng = random.Random(5)
    version: Version = 2
    night = random_register(rng, units=60)
    nights: list[PlainRegister] = []
    assert recorded.take(night, version, "accepted")
    with ExitStack() as ending:
        server = ending.enter_context(ServeProcess(tmp_path))
        replicas = [
            Replica(broker.bootstrap, tmp_path / "of-kafka.db", prefix),
            Replica(server.address, tmp_path / "of-http.db", script=OVER_HTTP),
        ]
        for replica in replicas:
            ending.callback(replica.kill)
        kills = 0
        for number in range(NIGHTS + 1):
            taking, version = _how(number, version)
            if number == 17:  # the wrong night is put right by one that was recorded before it
                night = nights[-3]
            assert number == 0 or recorded.take(night, version, taking)
            place.publish()
            if number in RETRACTED:
                place.sordiff("retract", str(recorded.last_run()), "--reason", "it was wrong")
            nights.append(night)
            # The days after the night that came back were told before, of other nights.
            days = 3 if number == 17 else rng.choice((1, 1, 2))
            night = random_night(rng, night, days=days, intensity=25)
            if number in SERVER_KILLED:
                server.kill()
                server.start()
            for replica in replicas:
                if not replica.runs:
                    replica.start()
            if rng.random() < 0.6:
                time.sleep(2 * rng.random())
                for replica in replicas:
                    replica.kill()
                kills += 1
        register = read(nights[-1], version).units
        for replica in replicas:
            replica.await_units(register.__eq__)
            replica.kill()
        assert server.end() == 0
    assert kills > 6
    assert [replica.units() == register for replica in replicas] == [True, True]
    assert _compacted(place) == recorded.expected
    assert len(recorded.expected) > 60
    assert len(OVER_HTTP.read_text("utf-8").splitlines()) < 80


def _how(number: int, version: Version) -> tuple[Taking, Version]:
    """Some nights are held and released, some corrections, one is a conversion, and one brings another version."""
    if number == 8:
        return "rebaseline", version
    if number in CORRECTIONS:
        return "corrected", version
    return ("released" if number % 5 == 3 else "accepted"), 1 if number >= 13 else version


def _compacted(place: Place) -> dict[Key, tuple[int, object]]:
    """What compaction leaves of the state topics: the newest record of each key, without tombstones."""
    kept: dict[Key, tuple[int, object]] = {}
    for key in ("units", "location_numbers"):
        for seen in sorted(place.seen(key), key=lambda seen: (seen.partition, seen.offset)):
            name = key.replace("_", "-"), str(seen.key)
            if seen.value is None:
                kept.pop(name, None)
            else:
                kept[name] = int(seen.headers["ce_sequence"]), json.loads(seen.value)
    return kept
