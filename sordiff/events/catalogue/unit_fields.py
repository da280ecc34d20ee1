"""The rows of the events of one field of a unit, in the order of a run."""

from typing import Final

from sordiff.events.event_type import (
    CountName,
    EventType,
    Family,
    Folding,
    Grouping,
    SectionName,
)
from sordiff.events.units import (
    UnitAddressChanged,
    UnitContactChanged,
    UnitCvrChanged,
    UnitMoved,
    UnitPharmacyNumberChanged,
    UnitPNumberChanged,
    UnitProviderNumberChanged,
    UnitRenamed,
    UnitShakChanged,
    UnitSpecialitiesChanged,
    UnitTypeChanged,
)

UNIT_FIELDS: Final = (
    EventType(
        name="unit.moved",
        data=UnitMoved,
        field="parent_id",
        section=SectionName.MOVED,
        count=CountName.MOVED,
        family=Family.MOVED,
        grouping=Grouping.MOVE,
        sides_name_units=True,
        plural="moves",
        meaning=(
            "The unit has another parent. The units below moved with it and have no event; "
            "`descendants` counts them. `before` and `after` have parent, institution and owner "
            "by id and name, and whether the owner is private, a municipality or a region: "
            "enough to see a takeover."
        ),
    ),
    EventType(
        name="unit.renamed",
        data=UnitRenamed,
        field="name",
        section=SectionName.RENAMED,
        count=CountName.RENAMED,
        family=Family.RENAMED,
        grouping=Grouping.NAME,
        compares_words=True,
        plural="new names",
        meaning=(
            "The unit has another name. Together with `unit.moved` this is usually a takeover."
        ),
    ),
    EventType(
        name="unit.type_changed",
        data=UnitTypeChanged,
        field="unit_type",
        section=SectionName.TYPES,
        count=CountName.TYPES,
        family=Family.RENAMED,
        grouping=Grouping.UNIT_TYPE,
        plural="changes of type",
        meaning=(
            "The unit has another code as its unit type (enhedstype). If only the text of the "
            "code changes, there is one `classification.text_changed` for all units."
        ),
    ),
    EventType(
        name="unit.provider_number_changed",
        data=UnitProviderNumberChanged,
        field="provider_number",
        meaning=(
            "The ydernummer was set, changed or removed. It is a text with leading zeros, and "
            "not unique."
        ),
    ),
    EventType(
        name="unit.shak_changed",
        data=UnitShakChanged,
        field="shak",
        meaning=(
            "The SHAK code was set, changed or removed. It is a text of 4, 6 or 7 characters, "
            "may have letters, and is not unique."
        ),
    ),
    EventType(
        name="unit.cvr_changed",
        data=UnitCvrChanged,
        field="cvr",
        meaning=(
            "The CVR number of an owner was set, changed or removed: there may be another legal "
            "person with the same name."
        ),
    ),
    EventType(
        name="unit.p_number_changed",
        data=UnitPNumberChanged,
        field="p_number",
        meaning="The P number (production unit) was set, changed or removed.",
    ),
    EventType(
        name="unit.pharmacy_number_changed",
        data=UnitPharmacyNumberChanged,
        field="pharmacy_number",
        meaning=(
            "The pharmacy number was set, changed or removed. `362,1` is branch 1 of pharmacy 362."
        ),
    ),
    EventType(
        name="unit.specialities_changed",
        data=UnitSpecialitiesChanged,
        field="specialities",
        folding=Folding.PARTS,
        grouping=Grouping.OWNER,
        meaning=(
            "The set of clinical specialities changed, or the main one did. `before` and `after` "
            "are the whole sets. Where no type tells the main one, it is the first; else order "
            "has no meaning."
        ),
    ),
    EventType(
        name="unit.address_changed",
        data=UnitAddressChanged,
        field="address",
        folding=Folding.PARTS,
        grouping=Grouping.OWNER,
        plural="changes of address",
        meaning=(
            "One of the unit's own addresses was set, changed or removed. `before` and `after` "
            "have all three as a whole. Inheritance is not applied: a unit without a postal "
            "address uses its parent's, and has no event when that changes."
        ),
    ),
    EventType(
        name="unit.contact_changed",
        data=UnitContactChanged,
        field="contact",
        folding=Folding.PARTS,
        grouping=Grouping.OWNER,
        plural="changes of contact",
        meaning=(
            "The unit's own block of e-mail, website, phone and fax was set, changed or "
            "removed. `before` and `after` are whole blocks. A unit without a block uses its "
            "parent's."
        ),
    ),
)
