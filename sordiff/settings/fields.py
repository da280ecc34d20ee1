"""The table [fields]: further names of the elements by which fields are read."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from sordiff.coverage import MAPPABLE

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
