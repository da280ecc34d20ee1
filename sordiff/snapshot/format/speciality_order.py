"""The order in which a unit has its specialities: it says something only where no type does."""

from collections.abc import Iterable

from sordiff.model import Speciality


def order_specialities(pairs: Iterable[tuple[str, str]]) -> tuple[Speciality, ...]:
    """The set of codes with their types (blank: none), given in the order of the file.

    Where no type tells the main one, it is the first of the file; the others are in order of their
    codes.
    """
    once = dict.fromkeys(pairs)
    ordered = sorted(once)
    if ordered and not any(kind for _, kind in ordered):
        main = next(iter(once))
        ordered.remove(main)
        ordered.insert(0, main)
    return tuple(Speciality(code=code, type=kind or None) for code, kind in ordered)
