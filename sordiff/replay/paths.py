"""Setting paths of a flat unit: one leaf, several, the status, or a whole block."""

from collections.abc import Iterable
from typing import Any

import msgspec

from sordiff.events import PathChange
from sordiff.fields import Flat, flatten, to_plain
from sordiff.model import Status


def set_leaf(unit: Flat, path: str, value: Any) -> None:
    """Put a value at one path alone; None takes the path away."""
    if value is None:
        unit.pop(path, None)
    else:
        unit[path] = value


def set_changes(unit: Flat, prefix: str, changes: Iterable[PathChange], *, backwards: bool) -> None:
    """Put each change's value at its path, below the prefix."""
    for change in changes:
        set_leaf(unit, prefix + change.path, change.before if backwards else change.after)


def set_status(unit: Flat, prefix: str, status: Status | None) -> None:
    """Put the four days, those of the unit or, below the prefix, of its number."""
    for name, value in to_plain(status or Status()).items():
        set_leaf(unit, prefix + name, value)


def set_block(unit: Flat, path: str, value: Any) -> None:
    """Put a whole field in place of what stands at and below its path."""
    if value is None:
        set_nested(unit, path, None)
    else:
        set_nested(unit, path, msgspec.to_builtins(value, builtin_types=()))


def set_nested(unit: Flat, path: str, value: Any) -> None:
    """The same for a value that is nested objects already."""
    for old_path in [p for p in unit if p == path or p.startswith(f"{path}/")]:
        del unit[old_path]
    unit.update(flatten({path: value}))
