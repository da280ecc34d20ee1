"""JSON lines, or one JSON array: an object a line, or one value a line."""

from typing import Any, Final

import msgspec

from sordiff.list_files.refused import ListRefused
from sordiff.reconcile.table import Table, TableRow

_VALUE: Final = "value"


def read_json(name: str, content: bytes) -> Table:
    """The table; its columns are the keys in the order in which they first appear."""
    records = _records(name, content.removeprefix(b"\xef\xbb\xbf"))
    columns = tuple(dict.fromkeys(key for _, record in records for key in record))
    rows = tuple(
        TableRow(
            line,
            tuple(_text(record.get(column)) for column in columns),
            tuple(
                place
                for place, column in enumerate(columns)
                if type(record.get(column)) in {int, float}
            ),
        )
        for line, record in records
    )
    return Table(name=name, columns=columns, rows=rows, heading=columns)


def _records(name: str, content: bytes) -> list[tuple[int, dict[str, Any]]]:
    if content.lstrip().startswith(b"["):
        values = list(enumerate(_decoded(name, 1, content), start=1))
    else:
        values = [
            (line, _decoded(name, line, text))
            for line, text in enumerate(content.split(b"\n"), start=1)
            if text.strip()
        ]
    return [(line, value if isinstance(value, dict) else {_VALUE: value}) for line, value in values]


def _decoded(name: str, line: int, text: bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f"{name}:{line}: this is not JSON: {error}."
        raise ListRefused(message, advice="Give one JSON object a line.") from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return msgspec.json.encode(value).decode()
