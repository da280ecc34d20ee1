"""docs/events.md from the code and the stories: `python -m tests.contract.events_document` rewrites it.

The sample of a type is the shortest event of that type in fixtures/scenarios/*/events.jsonl; where a story tells of
one that came because a day passed, the shortest of these.
"""

from __future__ import annotations

import json
from enum import StrEnum
from itertools import groupby
from textwrap import fill
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from msgspec import UnsetType
from msgspec.structs import fields

from sordiff.events import (
    CATALOGUE,
    EVENT_TYPES,
    TYPE_BY_NAME,
    Cause,
    EventData,
    EventType,
    Subject,
)
from sordiff.model import Address, Contact, Record, Unit
from sordiff.run_events import RUN_EVENT_TYPES, RunEventData
from sordiff.wire import find_short_name
from tests.contract.event_meanings import (
    AFTER_ENVELOPE,
    CLASSIFICATIONS,
    COMMON,
    ENVELOPE,
    LOCATION_NUMBERS,
    OPENING,
    ORDER,
    RUN_MEANINGS,
    RUNS,
    STATES,
)
from tests.contract.run_samples import run_samples
from tests.scenarios.telling import ROOT, SCENARIOS

DOCUMENT = ROOT / "docs" / "events.md"
WIDTH = 110
PROSE_WIDTH = 119
ENVELOPE_SAMPLE = "unit.closed"
# Kind to its heading and opening, in the order of the document.
KINDS = {
    "unit": ("Units", "The subject is the SOR id.\n"),
    "location_number": ("Location numbers", LOCATION_NUMBERS),
    "classification": ("Classifications", CLASSIFICATIONS),
}
_WORDS: dict[Any, str] = {
    "Day": "day",
    "Gln": "GLN",
    "SorId": "SOR id",
    str: "text",
    int: "number",
    bool: "true or false",
    NoneType: "null",
    Any: "any value",
    Unit: "whole unit",
    Address: "`{postal, visiting, activity}`",
    Contact: "contact block",
}
_FEW = 9


def samples() -> dict[str, bytes]:
    """One recorded event of each type, as its line."""
    found: dict[str, tuple[bool, int, bytes]] = {}
    for path in sorted(SCENARIOS.glob("*/events.jsonl")):
        for line in path.read_bytes().splitlines():
            event = json.loads(line)
            ranked = (event["data"]["cause"] != Cause.DATE_ELAPSED, len(line), line)
            name = find_short_name(event["type"])
            found[name] = min(found.get(name, ranked), ranked)
    return {name: line for name, (_, _, line) in found.items()}


def rendered() -> str:
    """The whole document."""
    recorded = samples()
    parts = [OPENING, STATES, *_common(), ENVELOPE, _block(json.loads(recorded[ENVELOPE_SAMPLE]))]
    parts += [f"{AFTER_ENVELOPE}\n{_order()}", *_overview()]
    for kind, (heading, opening) in KINDS.items():
        parts += [f"## {heading}\n", opening]
        for name in _names(kind):
            parts += _section(name, EVENT_TYPES[name], json.loads(recorded[name])["data"])
    parts += ["## Runs and alerts\n", RUNS]
    for name, data in run_samples().items():
        parts += _section(name, RUN_EVENT_TYPES[name], data)
    return "\n".join(parts)


def folded(value: Any, indent: int = 0, taken: int = 0) -> str:
    """JSON in which a list or an object stands on one line where it fits; taken: columns before it."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + taken <= WIDTH or not isinstance(value, dict | list) or not value:
        return line
    inner = " " * (indent + 2)
    items = list(value.items()) if isinstance(value, dict) else [(None, item) for item in value]
    lines = []
    for key, item in items:
        head = inner if key is None else f"{inner}{json.dumps(key, ensure_ascii=False)}: "
        lines.append(head + folded(item, indent + 2, len(head) + 1))
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return opening + "\n" + ",\n".join(lines) + "\n" + " " * indent + closing


def _names(kind: str) -> list[str]:
    return [name for name in EVENT_TYPES if name.startswith(f"{kind}.")]


def _order() -> str:
    """The order of the groups in a run, as the catalogue has it."""
    by_subject = groupby(CATALOGUE, key=lambda row: row.subject)
    groups = " · ".join(_groups_of(subject, list(rows)) for subject, rows in by_subject)
    return fill(ORDER.format(groups=groups), PROSE_WIDTH, break_on_hyphens=False) + "\n"


def _groups_of(subject: Subject, rows: list[EventType]) -> str:
    names = [row.name.partition(".")[2] for row in rows]
    match subject:
        case Subject.CLASSIFICATION:
            return "classifications"
        case Subject.LOCATION_NUMBER:
            return f"location numbers ({', '.join(names)})"
        case Subject.UNIT:
            marks = ("" if row is rows[0] else " and " if row.variant_of else " · " for row in rows)
            return "".join(mark + name for mark, name in zip(marks, names, strict=True))


def _common() -> list[str]:
    rows = [
        f"| `{field.encode_name}` | {_said(hint)} | {COMMON[field.encode_name]} |"
        for field, hint in _fields(EventData)
    ]
    opening = "Every event has these fields in its `data`, in addition to its own fields:\n"
    table = ["| field | holds | meaning |", "|---|---|---|", *rows, ""]
    return ["## The common part\n", opening, *table]


def _overview() -> list[str]:
    rows = [
        f"| [`{name}`](#{_anchor(name)}) | {_summary(EVENT_TYPES[name])} |"
        for kind in KINDS
        for name in _names(kind)
    ]
    return ["## All types\n", "| name | in short |", "|---|---|", *rows, ""]


def _section(name: str, event_type: type[Record], sample: dict[str, Any]) -> list[str]:
    common = EventData if issubclass(event_type, EventData) else RunEventData
    known = {field.name for field, _ in _fields(common)}
    own = [(f.encode_name, hint) for f, hint in _fields(event_type) if f.name not in known]
    rows = [f"| `{field}` | {_said(hint)} |" for field, hint in own]
    table = ["| field | holds |", "|---|---|", *rows, ""] if rows else ["No fields of its own.\n"]
    return [
        f"### {name}\n",
        f"*{_summary(event_type)}*\n",
        _meaning(name) + "\n",
        *table,
        _block(sample),
    ]


def _meaning(name: str) -> str:
    if name in RUN_MEANINGS:
        return RUN_MEANINGS[name].strip()
    return fill(
        TYPE_BY_NAME[name].meaning, PROSE_WIDTH, break_on_hyphens=False, break_long_words=False
    )


def _block(value: Any) -> str:
    return f"```json\n{folded(value)}\n```\n"


def _anchor(name: str) -> str:
    return name.replace(".", "")


def _summary(event_type: type[Record]) -> str:
    return " ".join((event_type.__doc__ or "").split("\n\n")[0].split())


def _fields(record: type[Record]) -> list[tuple[Any, Any]]:
    hints = get_type_hints(record)
    return [(field, hints[field.name]) for field in fields(record)]


def _said(hint: Any) -> str:
    """A type in words."""
    name = hint.__name__ if isinstance(hint, NewType) else hint
    if name in _WORDS:
        return _WORDS[name]
    origin = get_origin(hint)
    if origin in {Union, UnionType}:
        parts = [part for part in get_args(hint) if part is not UnsetType]
        return " or ".join(_said(part) for part in parts)
    if origin is tuple:
        return f"list of {_said(get_args(hint)[0])}"
    if origin is dict:
        return "object"
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return ", ".join(f"`{member}`" for member in hint)
    names = [field.encode_name for field, _ in _fields(hint)]
    if len(names) <= _FEW:
        return f"`{{{', '.join(names)}}}`"
    own = [name for name in get_type_hints(hint) if name in {"unit_id", "unit_name"}]
    return f"`{{{', '.join([*own, '…'])}}}`, the whole block" if own else "object"


def main() -> None:
    """Rewrite the document."""
    DOCUMENT.write_text(rendered(), encoding="utf-8")
    print(DOCUMENT.name)


if __name__ == "__main__":
    main()
