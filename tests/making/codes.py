"""Changes to the code lists. Each answers whether it could do anything. A list keeps two entries at least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .dice import chance, other
from .plain import PlainEntry, PlainList

if TYPE_CHECKING:
    import random

    from .plain import PlainRegister

_FEWEST = 2
_TEXTS = ("klinik", "klinik & co", "Klinik", " klinik ", "afsnit Ø")
_LATER = ("CommunicationSupplier", "EdiAdministrator", "Level")


def _entry(rng: random.Random, register: PlainRegister) -> PlainEntry | None:
    return rng.choice(rng.choice(register.lists).entries) if register.lists else None


def change_text(rng: random.Random, register: PlainRegister) -> bool:
    """A code gets another text."""
    if (entry := _entry(rng, register)) is None:
        return False
    entry.text = other(rng, _TEXTS, entry.text)
    return True


def change_field(rng: random.Random, register: PlainRegister) -> bool:
    """Another field of an entry comes, changes or goes."""
    if (entry := _entry(rng, register)) is None:
        return False
    name = rng.choice(("Version", "Remark"))
    value = other(rng, ("1", "2", " ", None), entry.fields.get(name))
    if value is None:
        del entry.fields[name]
    else:
        entry.fields[name] = value
    return True


def add_code(rng: random.Random, register: PlainRegister) -> bool:
    """A code is added."""
    if not register.lists:
        return False
    codes = rng.choice(register.lists)
    known = {entry.code for entry in codes.entries}
    code = next(code for number in range(999) if (code := f"99{number:03d}") not in known)
    codes.entries.insert(
        rng.randint(0, len(codes.entries)), PlainEntry(code=code, text=rng.choice(_TEXTS))
    )
    return True


def drop_code(rng: random.Random, register: PlainRegister) -> bool:
    """A code goes, in use or not."""
    rich = [codes for codes in register.lists or () if len(codes.entries) > _FEWEST]
    if not rich:
        return False
    entries = rng.choice(rich).entries
    del entries[rng.randint(0, len(entries) - 1)]
    return True


def add_list(rng: random.Random, register: PlainRegister) -> bool:
    """A list is there for the first time; the file of lists as well, when there was none."""
    known = {codes.name for codes in (*(register.lists or ()), *register.absent_lists)}
    if not (names := [name for name in _LATER if name not in known]):
        return False
    entries = [PlainEntry(code=code, text=f"kode {code}") for code in ("116", "639")]
    register.lists = [*(register.lists or ()), PlainList(name=rng.choice(names), entries=entries)]
    return True


def miss_list(rng: random.Random, register: PlainRegister) -> bool:
    """A list is missing tonight."""
    if not register.lists:
        return False
    codes = rng.choice(register.lists)
    register.absent_lists.append(codes)
    register.lists = [kept for kept in register.lists if kept is not codes] or None
    return True


def miss_file(_rng: random.Random, register: PlainRegister) -> bool:
    """All lists are missing tonight."""
    if not register.lists:
        return False
    register.absent_lists.extend(register.lists)
    register.lists = None
    return True


def return_lists(rng: random.Random, register: PlainRegister) -> bool:
    """What was missing comes back, mostly as it was."""
    if not register.absent_lists:
        return False
    register.lists = [*(register.lists or ()), *register.absent_lists]
    register.absent_lists = []
    if chance(rng, 0.3):
        change_text(rng, register)
    return True
