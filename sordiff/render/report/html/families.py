"""The families of events, each of one colour on the page."""

from typing import Final

FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "created": ("unit.created", "unit.restored", "unit.opened", "unit.reopened"),
    "closed": ("unit.closed", "unit.removed"),
    "moved": ("unit.moved",),
    "renamed": ("unit.renamed", "unit.type_changed"),
    "number": ("location_number.", "unit.effective_location_number_changed"),
    "text": ("classification.", "unit.closure_scheduled", "unit.closure_cancelled"),
    "other": ("",),
}


def family_of(name: str) -> str:
    """The family, and so the colour, of an event name."""
    return next(
        family
        for family, names in FAMILIES.items()
        for said in names
        if name == said or ((not said or said.endswith(".")) and name.startswith(said))
    )
