"""Many values as one parameter of a statement, which then reads them with json_each."""

from collections.abc import Iterable

import msgspec


def write_values(values: Iterable[str]) -> str:
    """The values as a JSON array."""
    return msgspec.json.encode([*values]).decode()
