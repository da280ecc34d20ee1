"""The table [fields] that alerts propose, as it can be copied into sordiff.toml."""

from collections.abc import Iterable

from msgspec import UnsetType

from sordiff.alerts import Alert
from sordiff.coverage import mapping_line


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

    fields: dict[str, list[str]] = {}
    for line in proposed:
        for field, names in tomllib.loads(line).items():
            known = fields.setdefault(field, [])
            known += [name for name in names if name not in known]
    return ["[fields]", *(mapping_line(field, names) for field, names in fields.items())]
