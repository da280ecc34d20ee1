"""read_old(): a sor.csv as one plain nested dict. A word stands for its code; the night before says whether it is a new word."""

from typing import Any

from .table_reading import KINDS, Unit, clean

BLOCK = {
    "By": "district_name",
    "Postnummer": "post_code",
    "KK": "municipality_code",
    "VK": "street_code",
    "Region": "region_code",
}
STREETS = {"postal": "Postadresse", "visiting": "Besoegsadresse", "activity": "Aktivitetsadresse"}
LETTERS = {"postal": "P", "visiting": "B", "activity": "A"}
PARTS = [
    "street_name",
    "street_building",
    "floor",
    "suite",
    "stairway",
    "district_subdivision",
    "post_office_box",
    "post_code",
    "district_name",
    "country_code",
    "country_scheme",
    "municipality_code",
    "region_code",
    "street_code",
    "coordinate_east",
    "coordinate_north",
]
NUMBER = "internal_only inactive system_supplier system network administrator region note from to updated first_from"
WORDS = {"Enhedstype": "unit_type", "Hovedspeciale": "specialities"}


def read_old(content: bytes, day: str, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """`before`: the register of the night before, as it was given here."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("iso-8859-1")
    header, *lines = (line.split(";") for line in text.removesuffix("\r\n").split("\r\n"))
    table = [dict(zip(header, map(clean, cells), strict=True)) for cells in lines]
    rows = {row["SOR-kode"] or "": row for row in table}
    units = {sor_id: unit_of(sor_id, rows) for sor_id in rows}
    lists: dict[str, dict[str, Any]] = {}
    for column in WORDS:
        words: dict[Any, Any] = {row[column]: row[column] for row in table if row[column]}
        if words and before is not None and column in before["lists"]:
            words = codes_of(column, rows, words, before)
        for word, code in words.items():
            entry: dict[str, Any] = {"code": code, "text": word, "attributes": {}}
            lists.setdefault(column, {})[code] = entry
        for sor_id, unit in units.items():
            carry(unit, column, words, rows[sor_id])
    if before is not None:
        for sor_id, unit in units.items():
            if sor_id in before["units"]:
                keep_own(unit, before["units"][sor_id], rows[sor_id])
        lists = {name: before["lists"].get(name, {}) | entries for name, entries in lists.items()}
    return {
        "created_at": f"{day}T00:00:00",
        "date": day,
        "version": "sor-csv",
        "units": units,
        "lists": lists,
        "root_other": {},
    }


def codes_of(
    column: str, rows: dict[str, Any], words: dict[Any, Any], before: dict[str, Any]
) -> dict[Any, Any]:
    """Word -> code: that of the night before, also where all units of one word have another now."""
    entries = before["lists"][column]
    known = {entry["text"]: code for code, entry in sorted(entries.items(), reverse=True)}
    both = [sor_id for sor_id in rows if sor_id in before["units"]]
    found = {}
    for word in words:
        code = known.get(word)
        if code is None:
            came = {before_of(before["units"][i], column) for i in both if rows[i][column] == word}
            was = came.pop() if len(came) == 1 else None
            went = {rows[i][column] for i in both if before_of(before["units"][i], column) == was}
            if was is not None and entries[was]["text"] not in words and went == {word}:
                code = was
        if code is None:
            code, count = word, 2
            while code in entries:
                code, count = f"{word} ({count})", count + 1
        found[word] = code
    return found


def before_of(unit: Unit, column: str) -> str | None:
    if column == "Enhedstype":
        return str(unit["unit_type"]) if unit["unit_type"] else None
    return str(unit["specialities"][0]["code"]) if unit["specialities"] else None


def carry(unit: Unit, column: str, codes: dict[Any, Any], row: dict[str, Any]) -> None:
    code = codes.get(row[column])
    if column == "Enhedstype":
        unit["unit_type"] = code
    else:
        unit["specialities"] = [{"code": code, "type": None}] if code else []


def unit_of(sor_id: str, rows: dict[str, dict[str, Any]]) -> Unit:
    row = rows[sor_id]
    kind = KINDS[row["SOR-type"]]
    parent = rows.get(row["Parent-SOR-kode"] or "", {}) if kind != "owner" else {}
    postal, visiting, activity = (block_of(row, name) for name in STREETS)
    address = {
        "postal": None if parent and postal == block_of(parent, "postal") else postal,
        "visiting": None if visiting == postal else visiting,
        "activity": None if activity == (visiting or postal) else activity,
    }
    number = row["Lokationsnummer"]
    is_own = row["Nedarvningsstatus"] == "egen"
    block = {"number": number, **dict.fromkeys(NUMBER.split()), "other": {}}
    nothing = (
        "geographical_parent_relation geographical_parent_id first_from ambulant_activity patients_admitted"
        " reporting_level p_number local_attribute_1 local_attribute_2 local_attribute_3 local_attribute_4"
        " local_attribute_5"
    )
    return {
        "sor_id": sor_id,
        "kind": kind,
        "parent_id": row["Parent-SOR-kode"] if kind != "owner" else None,
        "name": row["Enhedsnavn"],
        "shak": row["SghAfd-kode"],
        "provider_number": row["Ydernummer"],
        "local_code": row["Lokalkode"],
        "pharmacy_number": row["Apoteksnummer"],
        "cvr": row["CVR"] if kind == "owner" else None,
        "location_number": block if number and is_own else None,
        "location_number_inherited": bool(number) and not is_own,
        "address": address if any(address.values()) else None,
        "contact": None if parent and contact_of(row) == contact_of(parent) else contact_of(row),
        "from": row["Gaeldende_fra_dato"],
        "to": row["Ophoert_dato"],
        "updated": row["Sidst_aendret_dato"],
        **dict.fromkeys(nothing.split()),
        "replaces": [],
        "replaced_by": [],
        "other": {},
    }


def block_of(row: dict[str, Any], name: str) -> dict[str, Any] | None:
    said = {field: row[f"{LETTERS[name]}_{column}"] for column, field in BLOCK.items()}
    said["street_name"] = row[STREETS[name]]
    return dict.fromkeys(PARTS) | said | {"other": {}} if any(said.values()) else None


def contact_of(row: dict[str, Any]) -> dict[str, Any] | None:
    contact = {
        "phone": row["Telefon"],
        "fax": row["Fax"],
        "email": row["Email"],
        "website": row["Hjemmeside"],
    }
    return contact | {"other": {}} if any(contact.values()) else None


def keep_own(unit: Unit, before: Unit, row: dict[str, Any]) -> None:
    """A block that was the unit's own, and is what its row says now, is still its own."""
    for name in STREETS:
        was = before["address"] and before["address"][name]
        if was and was == block_of(row, name):
            unit["address"] = unit["address"] or dict.fromkeys(STREETS)
            unit["address"][name] = was
    if before["contact"] and before["contact"] == contact_of(row):
        unit["contact"] = before["contact"]
