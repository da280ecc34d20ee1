"""Some weeks of the decade that `make decade` lives through."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import TYPE_CHECKING

from tests.fetch.site import Site, serve
from tests.kafka.decade import FAULTS, Decade
from tests.kafka.place import Place

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kafka.session import Address

LAST_DAY = date(2024, 5, 31)
# The first one, each fault once, and two changes of the version.
NIGHTS = 1 + len(FAULTS) + 2


def test_some_weeks_with_all_faults(tmp_path: Path, broker: Address, prefix: str) -> None:
    place = Place(folder=tmp_path, bootstrap=broker.bootstrap, prefix=prefix)
    with serve(Site(b"", date=datetime.now(timezone.utc))) as site:
        weeks = Decade(place, site, NIGHTS, LAST_DAY, script=[*FAULTS])
        weeks.live()
        weeks.prove()
    assert weeks.done.keys() >= FAULTS.keys() | {"version", "exit 3", "exit 5", "exit 8"}
