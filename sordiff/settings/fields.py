"""The tables [fields] and [columns.KIND]: further names by which fields are read."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from sordiff.coverage.carried import MAPPABLE
from sordiff.table_kinds import COLUMN_PLACES, TableKind

_LOCAL: Final = r"[^\W\d][\w.-]*"
_ELEMENT: Final = re.compile(rf"(?:{_LOCAL}/)?{_LOCAL}")


def refuse_unknown_fields(fields: Mapping[str, Iterable[str]]) -> None:
    """ValueError where a field is none, or a name can't be that of an element."""
    unknown = sorted(fields.keys() - set(MAPPABLE))
    if unknown:
        known = ", ".join(MAPPABLE)
        raise ValueError(f"[fields]: there is no field {', '.join(unknown)}; there are {known}")
    for field, names in fields.items():
        for name in names:
            if not _ELEMENT.fullmatch(name):
                raise ValueError(
                    f"[fields] {field}: {name!r} is neither the local name of an element nor "
                    "Parent/Local"
                )


def refuse_unknown_columns(columns: Mapping[TableKind, Mapping[str, Iterable[str]]]) -> None:
    """ValueError where a table of [columns] names what no column can say."""
    for kind, places in columns.items():
        unknown = sorted(places.keys() - COLUMN_PLACES)
        if unknown:
            known = ", ".join(sorted(COLUMN_PLACES))
            raise ValueError(
                f"[columns.{kind}]: no column says {', '.join(unknown)}; there are {known}"
            )
