"""Nights of plain bytes for the archive, which knows nothing of snapshots."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sordiff.archive import Archive, KeptNight, NewFile, NewNight

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AT = "2024-03-08T06:00:00+00:00"
FIRST = date(2024, 1, 1)


def contents(nights: int, *, lines: int = 400, changes: int = 3, seed: int = 1) -> Iterator[bytes]:
    """Night after night with a few lines changed, as a register has them."""
    rng = random.Random(seed)
    register = [f"<unit>{rng.getrandbits(256):064x}</unit>" for _ in range(lines)]
    for _ in range(nights):
        for _ in range(changes):
            register[rng.randrange(lines)] = f"<unit>{rng.getrandbits(256):064x}</unit>"
        yield "\n".join(register).encode()


def day_of(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def new_night(number: int, lists: bytes | None = None) -> NewNight:
    day = day_of(number)
    return NewNight(
        day=day,
        created_at=f"{day}T01:00:00+01:00",
        name="Sor.zip",
        at=AT,
        lists=() if lists is None else (NewFile(name="SorDataTypes.xml", content=lists),),
    )


def keep(folder: Path, number: int, content: bytes, lists: bytes | None = None) -> KeptNight:
    """Add a night to the archive in that folder."""
    file = folder.parent / "Sor.xml"
    file.write_bytes(content)
    return Archive.open(folder).add(new_night(number, lists), file)


def keep_all(folder: Path, nights: int) -> list[bytes]:
    """Add so many nights; their contents."""
    kept = list(contents(nights))
    for number, content in enumerate(kept):
        keep(folder, number, content)
    return kept
