"""The table [fields] that alerts propose, as it can be copied into sordiff.toml."""

import tomllib
from collections.abc import Iterable

from msgspec import UnsetType

from sordiff.alerts import Alert
from sordiff.coverage import mapping_line


def mapping_lines(alerts: Iterable[Alert]) -> list[str]:
    """The lines, none where nothing is proposed; what several alerts say of a field is one line."""
    fields: dict[str, list[str]] = {}
    for alert in alerts:
        for line in () if isinstance(alert.mapping, UnsetType) else alert.mapping:
            for field, names in tomllib.loads(line).items():
                known = fields.setdefault(field, [])
                known += [name for name in names if name not in known]
    lines = [mapping_line(field, names) for field, names in fields.items()]
    return ["[fields]", *lines] if lines else []
