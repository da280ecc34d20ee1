"""A CSV file that is fetched gets its day from what the server says, and is never taken by a guess."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest

from sordiff.fetch.receipt import Receipt, Version
from sordiff.fetch.receipt_day import ReceiptDay, read_receipt_day
from tests.cli.calling import called, good, rows
from tests.fetch.fetching import MONDAY
from tests.fetch.site import Site, serve
from tests.making.tables import write_sor2
from tests.tables.rows import hospital

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAYS = "SELECT snapshot_date FROM runs JOIN snapshots ON snapshots.id = snapshot_id"
TABLE = write_sor2(hospital())


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serve(Site(TABLE, date=datetime.now(timezone.utc))) as found:
        point_at(tmp_path, found.url)
        yield found


def point_at(folder: Path, url: str) -> None:
    (folder / "sordiff.toml").write_text(
        f'[alarms.quiet]\nwarn = false\n[fetch]\nattempts = 1\nsettle_seconds = 0\nclosed = ""\n'
        f'urls = ["{url}"]\n'
    )


def receipt(url: str, modified: str | None) -> Receipt:
    version = Version(last_modified=modified)
    return Receipt(
        file="x-2020-01-01.csv",
        url=url,
        address="",
        fetched_at="2026-03-06T05:00:00+00:00",
        size=1,
        sha256="",
        version=version,
    )


@pytest.mark.parametrize(
    ("name", "modified", "expected"),
    [
        # In Copenhagen it is an hour later, and so the next day.
        ("SorEntity_daily.csv", "Thu, 05 Mar 2026 23:30:00 GMT", ("2026-03-06", None)),
        ("SorEntity_daily.csv", "Sun, 29 Mar 2026 22:30:00 GMT", ("2026-03-30", None)),
        ("SorEntity_daily.csv", "yesterday", (None, None)),
        ("daily-20260306.csv", None, (None, "2026-03-06")),
        ("2026-03-06%20daily.csv", None, (None, "2026-03-06")),
        ("daily-2026-0306.csv", None, (None, None)),
        ("v1202603061.csv", None, (None, None)),
        ("2026-03-06_2026-03-07.csv", None, (None, None)),
        ("2026-02-30.csv", None, (None, None)),
        ("2026-03-06.csv", "Fri, 06 Mar 2026 01:00:00 GMT", ("2026-03-06", "2026-03-06")),
        ("2026-03-05.csv", "Fri, 06 Mar 2026 01:00:00 GMT", ("2026-03-06", "2026-03-05")),
    ],
)
def test_what_a_receipt_says_of_the_day(
    name: str, modified: str | None, expected: tuple[str | None, str | None]
) -> None:
    found = read_receipt_day(receipt(f"https://sor.example.org/a/{name}", modified))
    assert found == ReceiptDay(modified=expected[0], named=expected[1])
    assert found.day == (None if len({*expected} - {None}) != 1 else max(filter(None, expected)))


def test_a_fetched_table_is_of_the_day_of_its_last_modified(tmp_path: Path, site: Site) -> None:
    done = called(tmp_path, "run")
    assert done.exit == 0
    assert "is taken for 2024-03-05, the day of its Last-Modified" in done.stderr
    assert rows(tmp_path, DAYS) == [("2024-03-05",)]
    assert "already recorded" in good(tmp_path, "run")
    # The same bytes, written again: another night.
    site.last_modified, site.etag = "Wed, 06 Mar 2024 00:04:12 GMT", '"two"'
    good(tmp_path, "run")
    assert rows(tmp_path, DAYS) == [("2024-03-05",), ("2024-03-06",)]


def test_a_table_of_no_day_or_of_two_is_refused(tmp_path: Path, site: Site) -> None:
    point_at(tmp_path, f"{site.url}/daily-2024-03-04.csv")
    done = called(tmp_path, "run", "--lang", "da")
    assert done.exit == 5
    assert "adressen har dagen 2024-03-04, og Last-Modified har 2024-03-05" in done.stderr
    site.last_modified = None
    point_at(tmp_path, f"{site.url}/daily.csv")
    done = called(tmp_path, "run")
    assert (done.exit, "--snapshot-date" in done.stderr) == (5, True)
    # Whoever knows the day says it.
    good(tmp_path, "run", "--snapshot-date", "2024-03-05")
    assert rows(tmp_path, DAYS) == [("2024-03-05",)]


def test_a_day_in_the_address_is_enough_and_an_extract_has_its_own(
    tmp_path: Path, site: Site
) -> None:
    site.last_modified = None
    point_at(tmp_path, f"{site.url}/daily-2024-03-04.csv")
    assert "the day in its address" in called(tmp_path, "run").stderr
    other = tmp_path / "other"
    other.mkdir()
    point_at(other, f"{site.url}/Sor-2020-01-01.zip")
    site.content = MONDAY
    good(other, "run")
    assert rows(other, DAYS) == rows(tmp_path, DAYS) == [("2024-03-04",)]
