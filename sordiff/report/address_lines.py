"""Addresses as a report tells them: each block as one line of a letter, the rest path by path."""

from typing import Final

from sordiff.fields import flatten_unequal
from sordiff.model import Address, PostalAddress
from sordiff.report.change import Difference

# The parts that a letter carries, in its order.
_ON_A_LETTER: Final = frozenset(
    {
        "street_name",
        "street_building",
        "floor",
        "suite",
        "district_subdivision",
        "post_office_box",
        "post_code",
        "district_name",
    }
)
_BLOCKS: Final = ("postal", "visiting", "activity")


def find_address_differences(
    before: Address | None, after: Address | None
) -> tuple[Difference, ...]:
    """Each block whose letter differs under its name; of one that stays also its other parts."""
    found: list[Difference] = []
    for name in _BLOCKS:
        old: PostalAddress | None = getattr(before, name, None)
        new: PostalAddress | None = getattr(after, name, None)
        if old == new:
            continue
        letter_before, letter_after = format_letter(old), format_letter(new)
        if letter_before != letter_after:
            found.append(Difference(path=name, before=letter_before, after=letter_after))
        if old is not None and new is not None:
            found += _beside_the_letter(name, old, new)
    return tuple(found)


def _beside_the_letter(name: str, old: PostalAddress, new: PostalAddress) -> list[Difference]:
    before, after = flatten_unequal(old, new)
    return [
        Difference(path=f"{name}/{path}", before=before.get(path), after=after.get(path))
        for path in sorted((before.keys() | after.keys()) - _ON_A_LETTER)
        if before.get(path) != after.get(path)
    ]


def format_letter(address: PostalAddress | None) -> str | None:
    """An address on one line."""
    if address is None:
        return None
    street = [address.street_name, address.street_building]
    town = [address.post_code, address.district_name]
    parts = [
        " ".join(part for part in street if part),
        address.floor,
        address.suite,
        address.district_subdivision,
        address.post_office_box,
        " ".join(part for part in town if part),
    ]
    return ", ".join(part for part in parts if part) or None
