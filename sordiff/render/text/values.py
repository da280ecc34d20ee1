"""Single values as text: harmless, old → new, and a dash for what is absent."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from sordiff.diff import plain_differences
from sordiff.events import CodedText, EffectiveNumber, Named, Place
from sordiff.fields import flatten, plain
from sordiff.model import Address, Contact, PostalAddress, SorId, Speciality
from sordiff.visible import visible

ARROW: Final = "→"
NOTHING: Final = "–"
# The parts of an address that a letter carries, in its order; the rest is told path by path.
_ON_A_LETTER: Final = (
    "street_name",
    "street_building",
    "floor",
    "suite",
    "district_subdivision",
    "post_office_box",
    "post_code",
    "district_name",
)


class Words(Struct, frozen=True, kw_only=True):
    """How ids and codes are known to people; any may be asked, known or not.

    `name`: a unit's name by its id; `speciality`: the text of a speciality's code.
    """

    name: Callable[[str], str | None]
    speciality: Callable[[str], str | None]

    def unit(self, sor_id: str) -> str:
        """A unit by its name, with its id behind."""
        return named(self.name(sor_id), sor_id)

    def specialities(self, held: tuple[Speciality, ...] | None) -> str:
        """A set of specialities by their texts."""
        return "; ".join(map(self._speciality, held or ())) or NOTHING

    def _speciality(self, held: Speciality) -> str:
        text = self.speciality(held.code)
        known = f"{visible(text)} ({visible(held.code)})" if text else visible(held.code)
        return f"{known} [{visible(held.type)}]" if held.type else known


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
    """A name, with the id behind."""
    return f"{value(name)} ({visible(sor_id)})"


def coded(code: CodedText | None) -> str:
    """A code by its text, with the code behind."""
    if code is None:
        return NOTHING
    return f"{visible(code.text)} ({visible(code.code)})" if code.text else visible(code.code)


def effective(number: EffectiveNumber | None, unit_id: SorId, words: Words) -> str:
    """An effective location number and where it comes from."""
    if number is None:
        return "no location number"
    origin = "its own" if number.from_unit == unit_id else f"from {words.unit(number.from_unit)}"
    return f"{visible(number.number)} ({origin})"


def place(where: Place, unit_id: SorId) -> str:
    """The way from the owner, with its type, down to the parent; the unit itself left out."""
    steps: dict[SorId, str] = {}
    for step in (where.owner, where.institution, where.parent):
        if step is not None and step.id != unit_id:
            steps[step.id] = _step(step, where)
    return " › ".join(steps.values()) or "the top of the register"


def _step(step: Named, where: Place) -> str:
    said = named(step.name, step.id)
    if where.owner is None or step.id != where.owner.id or where.owner_type is None:
        return said
    return f"{said} [{visible(where.owner_type.text or where.owner_type.code)}]"


def address_changes(before: Address | None, after: Address | None) -> Iterator[str]:
    """Each block that differs as one line of a letter; of one that stays also the other parts."""
    for name in ("postal", "visiting", "activity"):
        old: PostalAddress | None = getattr(before, name, None)
        new: PostalAddress | None = getattr(after, name, None)
        if _letter(old) != _letter(new):
            yield f"{name}: {_letter(old)} {ARROW} {_letter(new)}"
        if old is not None and new is not None:
            yield from block_changes(old, new, f"{name} ", without=_ON_A_LETTER)


def block_changes(
    before: PostalAddress | Contact | None,
    after: PostalAddress | Contact | None,
    prefix: str = "",
    *,
    without: tuple[str, ...] = (),
) -> Iterator[str]:
    """The paths at which two blocks differ."""
    old = flatten(plain(before)) if before else {}
    new = flatten(plain(after)) if after else {}
    for path, differing in plain_differences(old, new).items():
        if path not in without:
            yield f"{prefix}{visible(path)}: {change(differing.before, differing.after)}"


def _letter(address: PostalAddress | None) -> str:
    if address is None:
        return NOTHING
    street = [address.street_name, address.street_building]
    town = [address.post_code, address.district_name]
    parts = [
        " ".join(part for part in street if part),
        address.floor,
        address.suite,
        address.district_subdivision,
        f"box {address.post_office_box}" if address.post_office_box else None,
        " ".join(part for part in town if part),
    ]
    return visible(", ".join(part for part in parts if part)) or NOTHING
