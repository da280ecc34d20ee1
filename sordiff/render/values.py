"""Single values as text: harmless, old → new, and a dash for what is absent."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sordiff.events import CodedText, EffectiveNumber, Place
from sordiff.model import Speciality
from sordiff.render.visible import visible

ARROW: Final = "→"
NOTHING: Final = "–"


def value(held: Any) -> str:
    """One value: text, yes or no, or a list."""
    if held is None or held in ("", (), []):
        return NOTHING
    if isinstance(held, bool):
        return "yes" if held else "no"
    if isinstance(held, list | tuple):
        return ", ".join(value(item) for item in held)
    if isinstance(held, Mapping):
        return "; ".join(f"{visible(str(key))}: {value(item)}" for key, item in held.items())
    return visible(str(held))


def change(before: Any, after: Any) -> str:
    """`old → new`."""
    return f"{value(before)} {ARROW} {value(after)}"


def named(name: str | None, sor_id: str) -> str:
    """A unit by its name, with its id behind."""
    return f"{value(name)} ({visible(sor_id)})"


def coded(code: CodedText | None) -> str:
    """A code by its text, with the code behind."""
    if code is None:
        return NOTHING
    return f"{visible(code.text)} ({visible(code.code)})" if code.text else visible(code.code)


def effective(number: EffectiveNumber | None, names: Callable[[str], str]) -> str:
    """An effective location number and where it comes from."""
    if number is None:
        return "no location number"
    return f"{visible(number.number)} (from {names(number.from_unit)})"


def place(where: Place) -> str:
    """The way from the owner to the parent by names, and the owner's type."""
    parts = [part for part in (where.owner, where.institution, where.parent) if part]
    way = dict.fromkeys(named(part.name, part.id) for part in parts)
    owner_type = f" [{coded(where.owner_type)}]" if where.owner_type else ""
    return (" › ".join(way) or "the top") + owner_type


def speciality(held: Speciality) -> str:
    """A speciality's code, with its type where it has one."""
    return visible(f"{held.code} [{held.type}]" if held.type else held.code)
