"""Small nights of any day, recorded as at any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.settings import Settings
from sordiff.store.changelog import SqliteChangelog
from tests.making.plain import PlainNumber, PlainRegister, PlainUnit, valid_gln, valid_sor_id
from tests.making.xml import write_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from sordiff.report import IngestReport

AT = "2024-03-08T06:00:00+00:00"


def unit_id(number: int) -> str:
    return valid_sor_id(1000 + number)


def register(
    day: str, *, ends: dict[int, str] | None = None, units: int = 8, **names: str
) -> PlainRegister:
    """An owner, an institution and units below it; `ends` are their last days, by number."""
    below = [
        PlainUnit(
            sor_id=unit_id(number),
            kind="organizational_unit",
            name=names.get(f"unit{number}", f"Klinik {number}"),
            from_="2015-01-01",
            updated="2015-01-01",
            first_from=f"2024-03-{10 + number}" if number in {6, 7} else "2015-01-01",
            to=(ends or {}).get(number),
            location_number_inherited=number % 2 == 0,
        )
        for number in range(2, units)
    ]
    institution = _above(1, "institution", below)
    institution.location_number = PlainNumber(number=valid_gln(1), from_="2015-01-01")
    return PlainRegister(
        created_at=f"{day}T01:00:00+01:00",
        snapshot_date=day,
        units=[_above(0, "owner", [institution])],
        lists=None,
    )


def _above(number: int, kind: str, below: list[PlainUnit]) -> PlainUnit:
    return PlainUnit(
        sor_id=unit_id(number),
        kind=kind,  # type: ignore[arg-type]  # a literal
        name=f"{kind} {number}",
        from_="2015-01-01",
        updated="2015-01-01",
        first_from="2015-01-01",
        children=below,
    )


def written(folder: Path, night: PlainRegister, name: str | None = None) -> Path:
    path = folder / f"{name or night.snapshot_date}.xml"
    path.write_bytes(write_snapshot(night, version=2))
    return path


def ingest(
    folder: Path, *nights: PlainRegister, settings: Settings | None = None, **how: Any
) -> list[IngestReport]:
    """Record these nights by the service; `how` are its options."""
    options = IngestOptions(**{"recorded_at": AT, "user": "tester", "reason": "for the test"} | how)
    paths = [written(folder, night) for night in nights]
    changelog = SqliteChangelog(folder / "sordiff.db")
    return list(ingest_snapshots(paths, changelog, settings or Settings(), options))
