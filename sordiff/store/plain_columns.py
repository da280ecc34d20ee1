"""What the views show out of JSON, kept as columns, for databases without the functions for it.

DuckDB runs the SQL of the views itself. The statements that fill the columns are part of a step of
the schema and never edited once released; the writer fills them with the same expressions, and
`sordiff verify` compares them with the JSON that they were taken from.
"""

from typing import Final

from sordiff.events import LocationNumberAssigned, LocationNumberReassigned, LocationNumberReleased
from sordiff.store.change_view import UNIT_OF, list_types, write_side

# Column of `units` -> its type, and its path in the record.
UNIT_COLUMNS: Final = {
    "provider_number": ("TEXT", "provider_number"),
    "shak": ("TEXT", "shak"),
    "cvr": ("TEXT", "cvr"),
    "p_number": ("TEXT", "p_number"),
    "pharmacy_number": ("TEXT", "pharmacy_number"),
    "post_code": ("TEXT", "address.postal.post_code"),
    "district": ("TEXT", "address.postal.district_name"),
    "email": ("TEXT", "contact.email"),
    "phone": ("TEXT", "contact.phone"),
    "location_number_inherited": ("INTEGER", "location_number_inherited"),
    "location_number_inactive": ("INTEGER", "location_number.inactive"),
    "system_supplier": ("TEXT", "location_number.system_supplier"),
    "system": ("TEXT", "location_number.system"),
    "network": ("TEXT", "location_number.network"),
    "administrator": ("TEXT", "location_number.administrator"),
}

_OF_NUMBERS: Final = list_types(
    LocationNumberAssigned, LocationNumberReleased, LocationNumberReassigned
)


def _value(path: str) -> str:
    return f"json_extract(event.data, '$.{path}')"


def _unit_on(side: str) -> str:
    return f"CASE WHEN event.type IN ({_OF_NUMBERS}) THEN {_value(f'{side}.unit_id')} END"


def _text_on(side: str) -> str:
    """The value as text; of a unit that a number has or had, its name where the event says it."""
    return (
        f"CASE WHEN event.type IN ({_OF_NUMBERS}) THEN {_value(f'{side}.unit_name')} "
        f"ELSE {write_side(side)} END"
    )


_EVENT_TEXTS: Final = {
    "unit_id": UNIT_OF,
    "unit": _value("unit.name"),
    "unit_type": _value("unit.unit_type.text"),
    "owner_id": _value("unit.owner_id"),
    '"before"': _text_on("before"),
    "before_unit_id": _unit_on("before"),
    '"after"': _text_on("after"),
    "after_unit_id": _unit_on("after"),
    "cause": _value("cause"),
    "effective": _value("effective"),
}
_NAMES: Final = ", ".join(_EVENT_TEXTS)
_WARNINGS: Final = "(SELECT group_concat(value, ' · ') FROM json_each(runs.warnings))"
_ALERTS: Final = "(SELECT group_concat(message, ' · ') FROM alerts WHERE alerts.run_id = runs.id)"

SELECT_EVENT_TEXTS: Final = (
    f'SELECT event.run_id, event."order", {", ".join(_EVENT_TEXTS.values())} FROM events AS event'  # noqa: S608  # ours
)
TEXT_COLUMNS: Final = f'run_id, "order", {_NAMES}'
INSERT_EVENT_TEXTS: Final = f"INSERT INTO event_texts ({TEXT_COLUMNS}) {SELECT_EVENT_TEXTS}"
UPDATE_RUN_TEXTS: Final = f"UPDATE runs SET warning_texts = {_WARNINGS}, alert_texts = {_ALERTS}"  # noqa: S608  # ours

_ADD_COLUMNS: Final = "".join(
    f"ALTER TABLE units ADD COLUMN {name} {kind};\n" for name, (kind, _) in UNIT_COLUMNS.items()
)
_FROM_RECORD: Final = {
    name: f"json_extract(record, '$.{path}')" for name, (_, path) in UNIT_COLUMNS.items()
}
_FILL_COLUMNS: Final = "UPDATE units SET " + ", ".join(  # noqa: S608  # ours
    f"{name} = {value}" for name, value in _FROM_RECORD.items()
)

# Rows of a table of their own: those of events are thirty times as large, and stay as they are.
ADD_PLAIN_COLUMNS: Final = f"""
{_ADD_COLUMNS}
{_FILL_COLUMNS};
ALTER TABLE runs ADD COLUMN warning_texts TEXT;
ALTER TABLE runs ADD COLUMN alert_texts TEXT;
{UPDATE_RUN_TEXTS};
CREATE TABLE event_texts (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    "order" INTEGER NOT NULL,
    {" TEXT, ".join(_EVENT_TEXTS)} TEXT,
    PRIMARY KEY (run_id, "order")
) WITHOUT ROWID;
{INSERT_EVENT_TEXTS};
"""

# What differs from the JSON.
_STORED_TEXTS: Final = f'SELECT run_id, "order", {_NAMES} FROM event_texts'  # noqa: S608  # ours
FIND_WRONG_UNITS: Final = "SELECT sor_id FROM units WHERE " + " OR ".join(  # noqa: S608  # ours
    f"{name} IS NOT {value}" for name, value in _FROM_RECORD.items()
)
FIND_WRONG_RUNS: Final = (
    f"SELECT id FROM runs WHERE warning_texts IS NOT {_WARNINGS} OR alert_texts IS NOT {_ALERTS}"  # noqa: S608  # ours
)
FIND_WRONG_EVENTS: Final = (
    'SELECT DISTINCT run_id, "order" FROM ('  # noqa: S608  # ours
    f"SELECT * FROM ({SELECT_EVENT_TEXTS} EXCEPT {_STORED_TEXTS})"
    f" UNION ALL SELECT * FROM ({_STORED_TEXTS} EXCEPT {SELECT_EVENT_TEXTS})"
    ') ORDER BY run_id, "order"'
)
