"""A subscriber's mirror after twenty random nights, of which some are corrected or retracted, killed and started again at random, and the state topics."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

from tests.kafka.place import Place
from tests.kafka.replicas import Replica
from tests.kafka.session import Address
from tests.laws.pairs import Version, read
from tests.making.nights import random_night, random_register
from tests.making.plain import PlainRegister
from tests.state.recorded import Key, Recorded, Taking

NIGHTS = 20
# One of them is left to the next night, one is put right by a correction.
RETRACTED = {5, 11}
CORRECTIONS = {6, 17, 20}


def test_after_twenty_nights_the_mirror_is_the_register(
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
    replica = Replica(broker.bootstrap, tmp_path / "mirror.db", prefix)
    kills = 0
    try:
        for number in range(NIGHTS + 1):
            taking, version = _how(number, version)
            if number == 17:  # the wrong night is put right by one that was recorded before it
                night = nights[-3]
            assert recorded.take(night, version, taking)
            place.publish()
            if number in RETRACTED:
                place.sordiff("retract", str(recorded.last_run()), "--reason", "it was wrong")
            nights.append(night)
            # The days after the night that came back were told before, of other nights.
            days = 3 if number == 17 else rng.choice((1, 1, 2))
            night = random_night(rng, night, days=days, intensity=25)
            if not replica.runs:
                replica.start()
            if rng.random() < 0.6:
                time.sleep(2 * rng.random())
                replica.kill()
                kills += 1
        register = read(nights[-1], version).units
        replica.await_units(lambda units: units == register)
    finally:
        replica.kill()
    assert kills > 6
    assert replica.units() == register
    assert _compacted(place) == recorded.expected
    assert len(recorded.expected) > 60


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
