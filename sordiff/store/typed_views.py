"""The views as every reader of SQL understands them.

They are a step of the schema, and never edited once released. DuckDB attaches the file and runs the
SQL of a view itself. There `json_extract` gives JSON, with its quotes, where SQLite gives a text.
The operator `->>` gives the same text in both. Only a boolean differs: 1 or 0 in SQLite, true or
false in DuckDB.
"""

import re
from typing import Final

from sordiff.store.change_view import CHANGES
from sordiff.store.views import NUMBERS, RUNS_WITH_WAY_BACK, UNITS

_EXTRACT: Final = re.compile(r"json_extract\(([^()]+), ('\$[^']+')\)")
# In parentheses: in DuckDB the operator binds less than `=` and `||`.
_AS_TEXT: Final = r"(\1 ->> \2)"


def _extract_texts(view: str) -> str:
    return _EXTRACT.sub(_AS_TEXT, view)


def _replace_once(view: str, old: str, new: str) -> str:
    if view.count(old) != 1:
        raise AssertionError(old)
    return view.replace(old, new)


def _flag(column: str) -> str:
    """A boolean of a record as SQL has it, whatever the reader makes of it."""
    return f"(coalesce(CAST({column} AS TEXT), '0') IN ('1', 'true'))"


def _side(side: str) -> str:
    """A value of a details_changed: a boolean as SQLite always wrote it."""
    return (
        f"CASE (value -> '$.{side}') WHEN 'true' THEN '1' WHEN 'false' THEN '0' "
        f"ELSE (value ->> '$.{side}') END"
    )


def _type_units() -> str:
    view = _extract_texts(UNITS)
    inherited = "(unit.record ->> '$.location_number_inherited')"
    return view.replace(inherited, _flag(inherited))


def _type_numbers() -> str:
    view = _extract_texts(NUMBERS)
    inactive = "(unit.record ->> '$.location_number.inactive')"
    inherited = "(below.record ->> '$.location_number_inherited')"
    view = _replace_once(view, f"coalesce({inactive}, 0)", _flag(inactive))
    view = _replace_once(view, "VALUES (unit.sor_id, 1)", "VALUES (unit.sor_id, 1 = 1)")
    return _replace_once(view, inherited, _flag(inherited))


def _type_changes() -> str:
    view = _extract_texts(CHANGES)
    for side in ("before", "after"):
        view = _replace_once(
            view, f"coalesce((value ->> '$.{side}'), '–')", f"coalesce({_side(side)}, '–')"
        )
    return view


def _type_runs() -> str:
    return _replace_once(
        RUNS_WITH_WAY_BACK,
        "group_concat(value, ' · ') FROM json_each(runs.warnings)",
        "group_concat(runs.warnings ->> fullkey, ' · ') FROM json_each(runs.warnings)",
    )


TYPED_VIEWS: Final = "".join(
    (
        *(
            f"DROP VIEW {name};\n"
            for name in ("v_runs", "v_units", "v_location_numbers", "v_changes")
        ),
        _type_runs(),
        _type_units(),
        _type_numbers(),
        _type_changes(),
    )
)
