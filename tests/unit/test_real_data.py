"""Genuine fragments and the real tree, where they lie beside the project: nothing of them is lost."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from sordiff.fields import to_plain
from sordiff.snapshot import read_snapshot
from tests.laws.pairs import between, read_bytes

DATA = Path(__file__).parents[2].parent / "shared" / "data"
REAL_TREE = DATA / "Sor-real-tree-2024-09-02.xml"
FILES = [*sorted(DATA.glob("fragments/*.xml")), *sorted(DATA.glob("Sor-real-tree*.xml"))]

beside = pytest.mark.skipif(not FILES, reason="the genuine data do not lie beside the project")


def texts_of_file(path: Path) -> Counter[str]:
    """Every text node, folded, but for the head; booleans as the model writes them."""
    root = ElementTree.parse(path).getroot()
    texts: Counter[str] = Counter()
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        text = " ".join((element.text or "").split())
        if text and name not in {"CreatedAtTime", "SnapshotDate"}:
            texts[text] += 1
        texts.update(element.attrib.values())
    return texts


def texts_of_model(value: Any) -> Counter[str]:
    if isinstance(value, dict):
        return sum((texts_of_model(item) for item in value.values()), Counter())
    if isinstance(value, list | tuple):
        return sum((texts_of_model(item) for item in value), Counter())
    if isinstance(value, bool):
        return Counter([str(value).lower()])
    return Counter() if value is None else Counter([value])


@beside
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_text_of_the_file_is_in_the_model(path: Path) -> None:
    snapshot = read_snapshot(path)
    modelled: Counter[str] = Counter()
    for unit in snapshot.units.values():
        fields = to_plain(unit)
        # Told by nesting and by the element's name, not by a text node.
        fields["kind"] = fields["parent_id"] = None
        modelled += texts_of_model(fields)
    missing = texts_of_file(path) - modelled
    assert set(missing) <= {"false", "true"}  # an inherited mark that is absent or not its own
    assert sum(missing.values()) <= len(snapshot.units)
    assert all(unit.other == {} for unit in snapshot.units.values())


@beside
def test_ten_changes_in_the_real_tree_give_their_events_and_those_derived() -> None:
    before = REAL_TREE.read_text(encoding="utf-8-sig")
    old = read_bytes(before.encode())
    units = list(old.units.values())
    leaves = {unit.sor_id for unit in units} - {unit.parent_id for unit in units}
    blank = [unit for unit in units if unit.sor_id in leaves and unit.number is None]
    owned = next(unit for unit in units if unit.number is not None)
    assert owned.location_number is not None
    renamed, closed, planned, typed, shak, note = blank[:6]
    cut = next(unit for unit in blank[6:] if unit.location_number_inherited)
    text = before.replace("2024-09-02", "2024-09-03")

    def inside(sor_id: str, pattern: str, replacement: str) -> None:
        """Change the first match of the pattern behind the unit's id."""
        nonlocal text
        start = text.index(f">{sor_id}<")
        rest, count = re.subn(pattern, replacement, text[start:], count=1, flags=re.DOTALL)
        assert count == 1
        text = text[:start] + rest

    new_date = r"<sor1:ToDate>{}</sor1:ToDate>\g<0>"
    inside(renamed.sor_id, r"(?<=EntityName>)[^<]*", "Nyt navn")
    inside(closed.sor_id, r"<sor1:UpdatedAt>", new_date.format("2024-09-02"))
    inside(planned.sor_id, r"<sor1:UpdatedAt>", new_date.format("2024-12-31"))
    inside(typed.sor_id, r"(?<=EntityTypeIdentifier>)[^<]*", "264372000")
    inside(
        shak.sor_id, r"</EntityTypeIdentifier>", r"\g<0><ShakIdentifier>3800D0E</ShakIdentifier>"
    )
    inside(note.sor_id, r"</EntityTypeIdentifier>", r'\g<0><x:New xmlns:x="urn:x">ny</x:New>')
    inside(cut.sor_id, r"(?<=EntityInheritanceIndicator>)true", "false")
    inside(owned.sor_id, r"(?<=EanLocationCode>)[^<]*", "5790000000005")
    with_phone = next(unit for unit in units if unit.contact and unit.contact.phone)
    inside(with_phone.sor_id, r"(?<=TelephoneNumberIdentifier>)[^<]*", "12345678")
    with_cvr = next(unit for unit in units if unit.cvr)
    inside(with_cvr.sor_id, r"(?<=CVRnumberIdentifier>)[^<]*", "12345674")

    told = Counter(
        (event.name, event.subject) for event in between(old, read_bytes(text.encode())).events
    )
    heirs = _heirs(old.units, owned.sor_id)
    derived = Counter(("unit.effective_location_number_changed", sor_id) for sor_id in heirs)
    del derived["unit.effective_location_number_changed", closed.sor_id]  # it is not open any more
    if _inherits(old.units, cut.sor_id):
        derived["unit.effective_location_number_changed", cut.sor_id] = 1
    assert told == derived + Counter(
        [
            ("unit.renamed", renamed.sor_id),
            ("unit.closed", closed.sor_id),
            ("unit.closure_scheduled", planned.sor_id),
            ("unit.type_changed", typed.sor_id),
            ("unit.shak_changed", shak.sor_id),
            ("unit.details_changed", note.sor_id),
            ("unit.details_changed", cut.sor_id),
            ("location_number.released", owned.number),
            ("location_number.assigned", "5790000000005"),
            ("unit.contact_changed", with_phone.sor_id),
            ("unit.cvr_changed", with_cvr.sor_id),
        ]
    )


def _way_up(units: Mapping[Any, Any], sor_id: str) -> list[str]:
    way = [sor_id]
    while (parent := units[way[-1]].parent_id) is not None:
        way.append(parent)
    return way


def _inherits(units: Mapping[Any, Any], sor_id: str) -> bool:
    way = _way_up(units, sor_id)
    return units[sor_id].location_number_inherited and any(units[i].number for i in way[1:])


def _heirs(units: Mapping[Any, Any], owner: str) -> list[str]:
    """The owner and the units below it that have its number, found from below."""
    found = [owner]
    for sor_id, unit in units.items():
        way = _way_up(units, sor_id)
        above = next((i for i in way[1:] if units[i].number), None)
        if unit.number is None and unit.location_number_inherited and above == owner:
            found.append(sor_id)
    return found
