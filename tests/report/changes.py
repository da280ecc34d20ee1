"""Changes and units made by hand, in short words."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from sordiff.model import Day, Kind, SorId
from sordiff.report import Change, Report, UnitEntry
from sordiff.report.word_diff import compare_words
from tests.browser.making import make_report


def change(name: str, subject: str = "1", *, run: int = 2, **said: Any) -> Change:
    """A change of a night; of a unit unless said otherwise."""
    unit = SorId(subject) if name.startswith("unit.") else None
    return Change(
        **{
            "type": name,
            "subject": subject,
            "unit": unit,
            "run": run,
            "day": Day(f"2024-03-{run:02}"),
            **said,
        }
    )


def renamed(before: str, after: str, subject: str = "1", **said: Any) -> Change:
    return change(
        "unit.renamed",
        subject,
        before=before,
        after=after,
        stretches=compare_words(before, after),
        **said,
    )


def owner(unit_type: str = "privat", name: str = "Ejer") -> UnitEntry:
    return UnitEntry(name=name, kind=Kind.OWNER, unit_type=unit_type)


def table(**owners: list[str]) -> dict[SorId, UnitEntry]:
    """Owners by their ids, each `a_privat` an id and a type, with the units below them."""
    found: dict[SorId, UnitEntry] = {}
    for words, below in owners.items():
        name, _, unit_type = words.partition("_")
        found[SorId(name)] = UnitEntry(
            name=name, kind=Kind.OWNER, unit_type=unit_type, owner=SorId(name)
        )
        for sor_id in below:
            found[SorId(sor_id)] = UnitEntry(
                name=sor_id,
                kind=Kind.INSTITUTION,
                unit_type="klinik",
                parent=SorId(name),
                owner=SorId(name),
            )
    return found


def empty_report(changes: Sequence[Change] = (), **instead: Any) -> Report:
    """A report of one night in which nothing else happened; what is given stands in its place."""
    nobody = {SorId("0"): UnitEntry(name="Ejer", kind=Kind.OWNER)}
    units = {**nobody, **instead.pop("units", {})}
    return replace(make_report(list(changes), units), **instead)
