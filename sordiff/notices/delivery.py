"""What became of notices: which of them were heard, and what failed."""

from collections.abc import Iterable

from msgspec import Struct


class Told(Struct, frozen=True, kw_only=True):
    """`heard` has one entry for each notice, in their order: it reached at least one receiver."""

    heard: tuple[bool, ...]
    failures: tuple[str, ...]


def unheard(count: int, failure: str) -> Told:
    """None of them was heard, for one reason."""
    return Told(heard=(False,) * count, failures=(failure,))


def together(ways: Iterable[Told]) -> Told:
    """The outcome of all ways: what was heard by one of them was heard."""
    all_ways = tuple(ways)
    return Told(
        heard=tuple(any(heard) for heard in zip(*(way.heard for way in all_ways), strict=True)),
        failures=tuple(failure for way in all_ways for failure in way.failures),
    )
