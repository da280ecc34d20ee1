"""The tables that alerts propose for fields, as they can be copied into sordiff.toml."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import UnsetType

from sordiff.alerts import Alert
from sordiff.coverage.proposals import mapping_line


def mapping_lines(alerts: Iterable[Alert]) -> list[str]:
    """The lines, none where nothing is proposed; what several alerts say of a field is one line."""
    proposed = [
        line
        for alert in alerts
        if not isinstance(alert.mapping, UnsetType)
        for line in alert.mapping
    ]
    if not proposed:
        return []
    import tomllib  # imported late: hardly any night needs it

    tables: dict[str, dict[str, list[str]]] = {}
    for line in proposed:
        told = tomllib.loads(line)
        columns = told.pop("columns", {})
        found = {f"columns.{kind}": fields for kind, fields in columns.items()}
        for table, fields in {"fields": told, **found}.items():
            for field, names in fields.items():
                known = tables.setdefault(table, {}).setdefault(field, [])
                known += [name for name in names if name not in known]
    return [line for table, fields in tables.items() for line in _write_table(table, fields)]


def _write_table(name: str, fields: Mapping[str, Iterable[str]]) -> Iterator[str]:
    yield f"[{name}]"
    yield from (mapping_line(field, names) for field, names in fields.items())
